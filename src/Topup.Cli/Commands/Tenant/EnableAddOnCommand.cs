using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class EnableAddOnCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> addOn = new("addon") { Description = "Code of the add-on." };
    private readonly Option<string?> onShortage = Symbols.Text("--on-shortage",
        "refuse (default), or purchase: order just what is missing, and enable it when that is paid.");
    private readonly Option<string?> method = Symbols.Text("--method", "With purchase: how it is paid; left out: the operator's default.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public EnableAddOnCommand()
        : base("enable-addon", "Switch an add-on on, charged for the days that are left.")
    {
        onShortage.AcceptOnlyFromAmong("refuse", "purchase");
        Takes(tenant, addOn, onShortage, method, key);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new EnableAddOnRequest { OnShortage = call.Get(onShortage), Method = call.Get(method) };
        var reply = await client.EnableAddOn(call.Get(tenant), call.Get(addOn), request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.EnableAddOnReply,
            ("tenant", reply.Tenant), ("add-on", reply.Addon), ("status", reply.Status), ("charge", reply.Charge), ("days left", reply.DaysLeft),
            ("paid until", reply.PaidUntil?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("left", reply.Remaining.Total),
            ("missing", reply.Missing), ("purchase", reply.Purchase?.Id), ("pay at", reply.Purchase?.CheckoutUrl), ("entry", reply.Entry),
            ("replayed", reply.Replayed));
        return 0;
    }
}
