using Topup.Client;
using Topup.Contracts;
using Topup.Prove.Payments;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P12: a refund or dispute takes back once, and spent credits never make a balance negative. Purchases live through
/// partial refunds from both sides, refunds that fail, disputes won and lost, and spending in between, with notifications
/// lost, doubled and in any order; at the end every sum is what the provider's figures say.
/// </summary>
internal sealed class P12MoneyBack : Proof
{
    private const int Lives = 2_000;
    private const int AtOnce = 20;
    private const int StepsMax = 8;

    public override string Name => "P12";

    public override string Promise => "Refunds and disputes take back exactly their share, once; what was spent is owed, and nothing is below zero.";

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
        // What is under way may fail yet.
        foreach (var till in market.Tills) till.RefundsTakeTime = true;
        var lives = trial.Of(Lives / 2, min: AtOnce);
        for (var done = 0; done < lives; done += AtOnce)
        {
            var seeds = Enumerable.Range(0, AtOnce).Select(_ => trial.Random.Next()).ToList();
            foreach (var life in await Task.WhenAll(seeds.Select((seed, i) => Task.Run(() => Live(market, market.Tills[i % 2], new Random(seed))))))
                foreach (var (what, count) in life) trial.Fault(what, count);
            trial.Ran("lives on " + database, AtOnce);
        }
        await market.Verify();
    }

    private static async Task<Dictionary<string, int>> Live(Market market, Till till, Random random)
    {
        var met = new Dictionary<string, int>();
        var sale = await market.Sell(till);
        var payment = "";
        var waiting = till.NewsOf(() => payment = till.Pay(sale.Number));
        await market.Check(sale);
        var (spent, dispute, under) = (0m, "", false);
        for (var step = random.Next(2, StepsMax); step > 0; step--)
        {
            var left = Market.Price - till.GoneBack(sale.Number);
            var part = Math.Round(left * random.Next(1, 101) / 100, 2);
            var kind = random.Next(6);
            if (kind == 0)
            {
                var use = await market.Client.ConsumeCredits(new ConsumeRequest { Tenant = sale.Tenant, Type = Market.Type, Amount = random.Next(1, 250), OnShortage = "cap" });
                spent += use.Drawn.Purchased;
                Met("uses in between");
            }
            if (kind == 1 && part > 0 && dispute.Length == 0 && !under)
            {
                waiting.AddRange(till.NewsOf(() => till.Refund(payment, part)));
                Met("refunds at the provider");
            }
            if (kind is 2 or 3 && part > 0 && dispute.Length == 0 && await RefundHere(market, sale, part))
            {
                under = true;
                Met("refunds by the API");
            }
            if (under && random.Next(2) == 0)
            {
                waiting.AddRange(till.NewsOf(() => till.FailRefund(payment)));
                under = false;
                Met("refunds that failed");
            }
            if (kind == 4 && dispute.Length == 0 && till.GoneBack(sale.Number) == 0)
            {
                waiting.AddRange(till.NewsOf(() => till.Dispute(payment)));
                dispute = "open";
                Met("disputes");
            }
            else if (kind == 5 && dispute == "open")
            {
                dispute = random.Next(2) == 0 ? "won" : "lost";
                waiting.AddRange(till.NewsOf(() => till.EndDispute(payment, dispute == "won")));
                Met("disputes " + dispute);
            }
            await Tell(till, waiting, random);
        }
        await EndsWell(market, sale, spent, dispute);
        return met;

        void Met(string what) => met[what] = met.GetValueOrDefault(what) + 1;
    }

    /// <summary>Some of what waits, in any order; some of it twice, some never.</summary>
    private static async Task Tell(Till till, List<FakeNotification> waiting, Random random)
    {
        while (waiting.Count > 0 && random.Next(3) > 0)
        {
            var at = random.Next(waiting.Count);
            var notification = waiting[at];
            if (random.Next(4) > 0) waiting.RemoveAt(at);
            if (random.Next(4) > 0) await Market.Deliver(till, random.Next(3) == 0 ? till.Twin(notification) : notification);
        }
    }

    /// <summary>False: it was refused, as where an earlier one failed and nobody has told us yet.</summary>
    private static async Task<bool> RefundHere(Market market, Sale sale, decimal amount)
    {
        try
        {
            await market.Client.RefundPurchase(sale.Id, new RefundRequest { Amount = amount, Reason = "proof" });
            return true;
        }
        catch (TopupException refused) when (refused.Status == 409)
        {
            return false;
        }
    }

    private static async Task EndsWell(Market market, Sale sale, decimal spent, string dispute)
    {
        var seen = await market.Check(sale);
        var books = await market.Look(sale);
        var back = dispute == "lost" ? Market.Price : sale.Till.GoneBack(sale.Number);
        var claimed = Math.Floor(Market.Credits * back / Market.Price);
        var pool = books.Pool;
        var isRight = pool.Total + pool.Held - pool.Debt == Market.Credits - claimed - spent && pool is { Total: >= 0, Debt: >= 0, Held: >= 0 }
            && (pool.Debt == 0 || pool.Total == 0) && (dispute != "open" || pool.Total == 0) && (dispute == "open" || pool.Held == 0)
            && books.Of("purchase").Count() == 1 && seen.Refunded == Math.Min(Market.Price, sale.Till.GoneBack(sale.Number)) && seen.Review is null;
        BrokenPromiseException.Unless(isRight,
            $"{sale.Till.Method} {sale.Number}: back {back} ({dispute}), spent {spent}, claimed {claimed}, and the pool has {pool}; {seen}\n"
            + string.Join('\n', books.Entries.Select(entry => $"{entry.Kind} {entry.Amount} {entry.Reason}")));
    }
}
