using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Prove.Payments;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P13: money that was paid always ends as credits, as balance, or before a person. Every state meets every event; and
/// while buyers pay, types are disabled, packs deleted, tenants suspended or moved to plans that sell nothing.
/// </summary>
internal sealed class P13PaidMoneyEnds : Proof
{
    private const int Payments = 2_000;
    private const int AtOnce = 24;

    /// <summary>In which no credit type holds money.</summary>
    private const string NoMoneyOfStripe = "SEK";
    private const string NoMoneyOfMercadoPago = "UYU";

    private static readonly string[] Changes = ["none", "disabled", "suspended", "lapsed", "not sold", "no balance"];

    public override string Name => "P13";

    public override string Promise => "Paid money ends in credits, in the balance or before a person, whatever was changed meanwhile; nothing is stuck unflagged.";

    public override async Task Run(Trial trial)
    {
        Totality(trial);
        using (var folder = new TemporaryFolder())
        await using (var market = await Market.OnSqlite(folder.Path))
            await Run(trial, market, "SQLite");
        await using var postgres = await PrivatePostgres.Start();
        await using (var market = await Market.OnPostgres(await postgres.NewDatabase()))
            await Run(trial, market, "PostgreSQL");
    }

    private static void Totality(Trial trial)
    {
        foreach (var status in Enum.GetValues<PurchaseStatus>())
        {
            foreach (var news in Enum.GetValues<PurchaseEvent>())
            {
                var next = PurchaseStates.Next(status, news);
                BrokenPromiseException.Unless(!PurchaseStates.IsPaid(status) || PurchaseStates.IsPaid(next), $"{status} and {news} forget that money was taken: {next}.");
                BrokenPromiseException.Unless(
                    news != PurchaseEvent.PaymentTaken || PurchaseStates.IsPaid(next), $"{status} does not see that money was taken: {next}.");
                trial.Ran("states meeting events");
            }
        }
    }

    private static async Task Run(Trial trial, Market market, string database)
    {
        await market.Client.SavePlan("sells", new PlanRequest { Name = "sells", Allowances = new Dictionary<string, decimal> { [Market.Type] = 0 } });
        await market.Client.SavePlan("sells-nothing", new PlanRequest { Name = "sells nothing", Allowances = new Dictionary<string, decimal> { [Market.Type] = 0 }, TopUp = [] });
        foreach (var type in (string[])["withdrawn", "frozen"]) await SaveType(market, type, isEnabled: true);
        var payments = trial.Of(Payments / 2, min: AtOnce);
        for (var done = 0; done < payments; done += AtOnce)
        {
            var sold = new List<(Sale Sale, string Change, string Pack)>();
            foreach (var i in Enumerable.Range(0, AtOnce)) sold.Add(await Sell(market, market.Tills[i % 2], Changes[i / 2 % Changes.Length]));
            var news = sold.SelectMany(one => one.Sale.Till.NewsOf(() => one.Sale.Till.Pay(one.Sale.Number)).Select(told => (one.Sale.Till, told))).ToArray();

            await SaveType(market, "withdrawn", isEnabled: false);
            foreach (var (sale, change, _) in sold)
            {
                await Make(market, sale, change);
                if (change != "none") trial.Fault("meanwhile " + change);
            }
            foreach (var (_, _, pack) in sold)
            {
                await market.Client.DeletePack(pack);
                trial.Fault("packs deleted meanwhile");
            }

            trial.Random.Shuffle(news);
            await Task.WhenAll(news.Where(_ => trial.Random.Next(3) > 0).Select(told => Market.Deliver(told.Till, told.told)));
            await Task.WhenAll(sold.Select(one => Ends(market, one.Sale, one.Change)));
            await SaveType(market, "withdrawn", isEnabled: true);
            trial.Ran("payments on " + database, sold.Count);
        }
        await market.Verify();
    }

    private static async Task<(Sale Sale, string Change, string Pack)> Sell(Market market, Till till, string change)
    {
        var type = change switch { "disabled" => "withdrawn", "no balance" => "withdrawn", "lapsed" => "frozen", _ => Market.Type };
        var currency = change != "no balance" ? till.Currency : till is StripeTill ? NoMoneyOfStripe : NoMoneyOfMercadoPago;
        var pack = market.NewName("once");
        await market.Client.SavePack(pack, new PackRequest { Type = type, Name = "500", Credits = Market.Credits, Price = Market.Price, Currency = currency });
        return (await market.Sell(till, pack, change is "not sold" ? "sells" : null), change, pack);
    }

    private static async Task Make(Market market, Sale sale, string change)
    {
        var (plan, status) = change switch
        {
            "suspended" => (null, "suspended"),
            "lapsed" => (null, "lapsed"),
            "not sold" => ("sells-nothing", "active"),
            _ => ((string?)null, ""),
        };
        if (status.Length > 0) await market.Client.SaveTenant(sale.Tenant, new TenantRequest { Name = sale.Tenant, Plan = plan, Status = status });
    }

    private static async Task Ends(Market market, Sale sale, string change)
    {
        await market.Return(sale);
        var seen = await market.Check(sale);
        var (credits, money) = (0m, 0m);
        foreach (var pool in await market.Client.ListPools(sale.Tenant))
        {
            if (pool.Type == Market.MoneyOf(sale.Till)) money += pool.Remaining.Total;
            else if (pool.Lots.Count > 0) credits += pool.Lots.Sum(lot => lot.Remaining);
        }
        var isRight = change switch
        {
            "none" => (credits, money, seen.Status) == (Market.Credits, 0, "credited"),
            "no balance" => (credits, money, seen.Status, seen.Review) == (0, 0, "paid", "no_balance"),
            _ => (credits, money, seen.Status) == (0, Market.Price, "credited"),
        };
        BrokenPromiseException.Unless(isRight, $"{change}: {credits} credits and {money} on the balance; {seen}\n{market.Server.Log}");
    }

    private static Task<CreditTypeView> SaveType(Market market, string type, bool isEnabled) => market.Client.SaveCreditType(type,
        new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Enabled = isEnabled, NeedsActivePlan = type == "frozen" });
}
