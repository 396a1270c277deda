using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Tenant;

internal sealed class AddOnsCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public AddOnsCommand()
        : base("addons", "A tenant's add-ons, and what each costs.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.GetTenantAddOns(call.Get(tenant), stop);
        call.Output.Say($"renews on {reply.RenewsOn:yyyy-MM-dd}, {reply.DaysLeft} of {reply.CycleDays} days left");
        foreach (var pool in reply.Pools)
        {
            var missing = pool.NextCovered ? "" : $", {pool.NextMissing} missing";
            call.Output.Say($"{pool.Type}: {pool.Remaining.Total} left, {pool.UsedThisCycle} used, {pool.NextTotal} at the renewal{missing}");
        }
        await call.Output.List(Output.Rows(reply.Addons), TopupJson.Default.TenantAddOnView,
            new("CODE", 20, row => row.Code),
            new("STATUS", 10, row => row.Status),
            new("PRICE", 10, row => row.Price),
            new("CHARGE NOW", 10, row => row.ChargeNow),
            new("MISSING", 10, row => row.Missing),
            new("GIVES BACK", 10, row => row.GivesBack),
            new("USED", 10, row => row.UsedThisCycle),
            new("PAID UNTIL", 10, row => row.PaidUntil?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
            new("REASON", 0, row => row.Reason));
        return 0;
    }
}
