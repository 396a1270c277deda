using Topup.Prove.Payments;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P10: only the agreed price buys the credits. Providers report payments of another amount, currency, account, mode or
/// order; each is put before a person, with an event, and nothing is credited.
/// </summary>
internal sealed class P10AgreedPrice : Proof
{
    private const int Payments = 2_000;
    private const int AtOnce = 20;

    public override string Name => "P10";

    public override string Promise => "A payment of another amount, currency, account, mode or order credits nothing, and a person is asked.";

    public override async Task Run(Trial trial)
    {
        using (var folder = new TemporaryFolder())
        await using (var market = await Market.OnSqlite(folder.Path))
            await Run(trial, market, "SQLite");
        await using var postgres = await PrivatePostgres.Start();
        await using (var market = await Market.OnPostgres(await postgres.NewDatabase()))
            await Run(trial, market, "PostgreSQL");
    }

    private static async Task Run(Trial trial, Market market, string database)
    {
        var payments = trial.Of(Payments / 2, min: AtOnce);
        for (var done = 0; done < payments; done += AtOnce)
        {
            // One batch in four is of real money where we test.
            var isOtherMode = done / AtOnce % 4 == 1;
            var sales = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => market.Sell(isOtherMode ? market.Stripe : market.Tills[i % 2])));
            market.Stripe.Stripe.IsLive = isOtherMode;
            var expected = new List<(Sale Sale, string Reason)>();
            var news = new List<(Till Till, FakeNotification Notification)>();
            foreach (var sale in sales)
            {
                var reason = "";
                news.AddRange(sale.Till.NewsOf(() => reason = isOtherMode ? OtherMode(sale) : Pay(trial.Random, sale, sales)).Select(told => (sale.Till, told)));
                expected.Add((sale, reason));
                trial.Fault("payments with " + reason.Replace('_', ' '));
            }
            await Task.WhenAll(news.Select(told => Market.Deliver(told.Till, told.Notification)));
            await Task.WhenAll(sales.Select(market.Return));
            await Task.WhenAll(expected.Select(sale => IsForAPerson(market, sale.Sale, sale.Reason)));
            market.Stripe.Stripe.IsLive = false;
            trial.Ran("payments on " + database, sales.Length);
        }
        await market.Verify();
    }

    /// <summary>Pays in a way that was not agreed, and says in which.</summary>
    private static string Pay(Random random, Sale sale, Sale[] others)
    {
        var kind = random.Next(3);
        if (kind == 0)
        {
            sale.Till.Pay(sale.Number, amount: Market.Price + (random.Next(2) == 0 ? -1 : 1) * random.Next(1, 900) / 100m);
            return "wrong_amount";
        }
        if (kind == 1)
        {
            sale.Till.Pay(sale.Number, currency: sale.Till is StripeTill ? "EUR" : "ARS");
            return "wrong_currency";
        }
        if (sale.Till is MercadoPagoTill mercadoPago)
        {
            mercadoPago.MercadoPago.Pay(sale.Number, account: random.Next(1, 1_000_000));
            return "wrong_account";
        }
        var stripe = ((StripeTill)sale.Till).Stripe;
        var other = others[random.Next(others.Length)];
        stripe.Sessions.Last(session => session.Order == sale.Number).IntentMetadata["order_id"] = other == sale ? Guid.NewGuid().ToString() : other.Number;
        sale.Till.Pay(sale.Number);
        return "wrong_order";
    }

    private static string OtherMode(Sale sale)
    {
        sale.Till.Pay(sale.Number);
        return "wrong_mode";
    }

    private static async Task IsForAPerson(Market market, Sale sale, string reason)
    {
        var seen = await market.Check(sale);
        var books = await market.Look(sale);
        var asked = 0;
        await foreach (var _ in market.Client.ListEvents(tenant: sale.Tenant, type: "purchase.needs_review")) asked++;
        BrokenPromiseException.Unless(
            seen.Status == "needs_review" && seen.Review == reason && seen.Paid == 0 && books.Entries.Count == 0 && books.Money == 0 && asked == 1,
            $"{reason}: {seen}, {books.Entries.Count} entries, {asked} events");
    }
}
