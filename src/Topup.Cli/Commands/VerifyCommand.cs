using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands;

internal sealed class VerifyCommand : Verb
{
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only this tenant's.");

    public VerifyCommand()
        : base("verify", "Recompute every balance from its history; ends with 1 when a sum does not come out.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.VerifyLedger(call.Get(tenant), stop);
        call.Output.Show(reply, TopupJson.Default.VerifyReply,
            ("ok", reply.Ok), ("tenants", reply.Tenants), ("pools", reply.Pools), ("lots", reply.Lots),
            ("holds", reply.Holds), ("entries", reply.Entries),
            ("differences", reply.Differences.Count == 0 ? null : string.Join("; ", reply.Differences)));
        return reply.Ok ? 0 : 1;
    }
}
