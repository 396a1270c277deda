using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class DisableAddOnCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> addOn = new("addon") { Description = "Code of the add-on." };
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public DisableAddOnCommand()
        : base("disable-addon", "Switch an add-on off; the unused days are given back.") =>
        Takes(tenant, addOn, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.DisableAddOn(call.Get(tenant), call.Get(addOn), call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.DisableAddOnReply,
            ("tenant", reply.Tenant), ("add-on", reply.Addon), ("status", reply.Status), ("given back", reply.GivenBack), ("returned", reply.Returned),
            ("lapsed", reply.Lapsed), ("left", reply.Remaining.Total), ("entry", reply.Entry), ("replayed", reply.Replayed));
        return 0;
    }
}
