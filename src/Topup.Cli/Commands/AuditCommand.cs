using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands;

internal sealed class AuditCommand : Verb
{
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only those of this tenant.");

    public AuditCommand()
        : base("audit", "Changes, the newest first: who did what to what, when and why.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListAudit(call.Get(tenant), stop), TopupJson.Default.AuditView,
            new("AT", 20, row => row.At),
            new("ACTION", 20, row => row.Action),
            new("TARGET", 24, row => row.Target),
            new("ACTOR", 40, row => row.Actor),
            new("REASON", 0, row => row.Reason));
        return 0;
    }
}
