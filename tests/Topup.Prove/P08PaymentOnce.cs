using System.Collections.Concurrent;
using Topup.Client;
using Topup.Contracts;
using Topup.Prove.Payments;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P8: a payment is credited exactly once. Buyers pay while notifications come late, twice, in any order or never, buyers
/// return, operators ask and refund; and the server is killed again and again while a provider has done what it was
/// asked and the server does not know it yet. Each sale must end with one credit, and with what went back taken back.
/// </summary>
internal sealed class P08PaymentOnce : Proof
{
    private const int Schedules = 10_000;
    private const int AtOnce = 40;
    private const int KillsOfWave = 2;
    private static readonly TimeSpan AnswerDelayMax = TimeSpan.FromMilliseconds(60);

    public override string Name => "P8";

    public override string Promise => "A payment is credited exactly once, in every order of news, across kills between the provider's answer and our commit.";

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
        foreach (var till in market.Tills) till.Provider.AnswerDelayMax = AnswerDelayMax;
        var schedules = trial.Of(Schedules / 2, min: AtOnce);
        var met = new ConcurrentDictionary<string, int>();
        for (var done = 0; done < schedules; done += AtOnce)
        {
            using var over = new CancellationTokenSource();
            var killing = Kill(trial, market, new Random(trial.Random.Next()), over.Token);
            var seeds = Enumerable.Range(0, AtOnce).Select(_ => trial.Random.Next()).ToList();
            var sales = await Task.WhenAll(seeds.Select(seed => Task.Run(() => Live(market, new Random(seed), met))));
            await over.CancelAsync();
            await killing;
            await Task.WhenAll(sales.Select(sale => EndsWell(market, sale)));
            trial.Ran("schedules on " + database, AtOnce);
        }
        await market.Verify();
        foreach (var (what, count) in met.OrderBy(pair => pair.Key)) trial.Ran(what, count);
    }

    /// <summary>Kills the server when a provider has done something and the answer is under way, and starts it again.</summary>
    private static async Task Kill(Trial trial, Market market, Random random, CancellationToken over)
    {
        for (var kills = 0; kills < KillsOfWave; kills++)
        {
            await Task.Delay(random.Next(20, 600), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (market.AnswersUnderWay == 0 && !over.IsCancellationRequested) await Task.Delay(1, CancellationToken.None);
            var underWay = market.AnswersUnderWay;
            if (underWay == 0) return;
            await market.Server.Kill();
            trial.Fault("kills");
            trial.Fault("answers of providers that a kill cut off", underWay);
            await market.Server.Restart();
        }
    }

    private static async Task<Sale> Live(Market market, Random random, ConcurrentDictionary<string, int> met)
    {
        var till = market.Tills[random.Next(market.Tills.Count)];
        var sale = await market.Sell(till);
        var news = random.Next(4) == 0 ? till.NewsOf(() => till.Decline(sale.Number)) : [];
        var payment = "";
        news.AddRange(till.NewsOf(() => payment = till.Pay(sale.Number)));
        if (till is MercadoPagoTill && random.Next(10) == 0) news.AddRange(till.NewsOf(() => till.Pay(sale.Number)));

        var acts = new List<Func<Task>>();
        foreach (var notification in news)
        {
            if (random.Next(10) < 6) Add("notifications sent", () => Market.Deliver(till, notification));
            else Met("notifications lost");
            if (random.Next(10) < 3) Add("notifications sent twice", () => Market.Deliver(till, till.Twin(notification)));
        }
        if (random.Next(2) == 0) Add("buyers who came back", () => market.Return(sale));
        if (random.Next(3) == 0) Add("checks", () => market.Check(sale));
        decimal[] amounts = [Market.Price, 4.00m, 0.01m, 9.99m, 3.33m];
        var amount = amounts[random.Next(amounts.Length)];
        var refund = random.Next(6);
        if (refund == 0) Add("refunds at the provider", () => RefundThere(till, payment, amount, random.Next(2) == 0));
        if (refund == 1) Add("refunds by the API", () => RefundHere(market, sale, amount));
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(acts));
        if (random.Next(2) == 0) await Task.WhenAll(acts.Select(act => act()));
        else
            foreach (var act in acts) await act();
        return sale;

        void Add(string what, Func<Task> act)
        {
            Met(what);
            acts.Add(act);
        }

        void Met(string what) => met.AddOrUpdate(what, 1, (_, count) => count + 1);
    }

    private static async Task RefundThere(Till till, string payment, decimal amount, bool isTold)
    {
        var news = till.NewsOf(() => till.Refund(payment, amount));
        if (!isTold) return;
        foreach (var notification in news) await Market.Deliver(till, notification);
    }

    private static async Task RefundHere(Market market, Sale sale, decimal amount)
    {
        try
        {
            await market.Client.RefundPurchase(sale.Id, new RefundRequest { Amount = amount, Reason = "proof" }, "refund-" + sale.Number);
        }
        catch (TopupException refused) when (refused.Code == ProblemCodes.PurchaseNotRefundable)
        {
            // Nobody has seen the payment yet.
        }
    }

    /// <summary>After one more look, the credits are those of what was paid and not given back; money beyond the price is on the balance.</summary>
    private static async Task EndsWell(Market market, Sale sale)
    {
        var seen = await market.Check(sale);
        var books = await market.Look(sale);
        var (paid, back) = (sale.Till.PaymentsTaken(sale.Number) * Market.Price, sale.Till.GoneBack(sale.Number));
        // Of what went back, the part that was of a second payment is not on the balance.
        var backOfPrice = back - (paid - Market.Price - books.Money);
        var expected = Market.Credits - Math.Floor(Market.Credits * backOfPrice / Market.Price);
        var credited = books.Of("purchase").Sum(entry => entry.Amount);
        var (one, none) = (books.Of("purchase").Count() == 1 && credited == Market.Credits, books.Entries.Count == 0 && backOfPrice == Market.Price);
        BrokenPromiseException.Unless((one || none) && books.Pool.Total == expected && books.Pool.Debt == 0 && seen.Review is null,
            $"{sale.Till.Method} {sale.Number}: paid {paid}, back {back}, money {books.Money}, credited {credited} in {books.Of("purchase").Count()} entries, "
            + $"left {books.Pool.Total} instead of {expected}; {seen}\n{market.Server.Log}");
    }
}
