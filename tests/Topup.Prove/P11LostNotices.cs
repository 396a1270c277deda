using System.Collections.Concurrent;
using Topup.Prove.Payments;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P11: a lost notification delays credits, and never loses them. Every notification is dropped, no buyer comes back, the
/// server is killed in between; by the server's own clock and schedule, each payment must be credited within two minutes.
/// </summary>
internal sealed class P11LostNotices : Proof
{
    private const int Payments = 1_000;
    private const int AtOnce = 16;
    private static readonly TimeSpan CreditedWithin = TimeSpan.FromMinutes(2);

    public override string Name => "P11";

    public override string Promise => "With every notification lost and the server killed meanwhile, a payment is credited within 2 minutes.";

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
        var paidAt = new ConcurrentDictionary<string, DateTimeOffset>();
        var sales = new ConcurrentBag<Sale>();
        long lost = 0;
        await Parallel.ForAsync(0, trial.Of(Payments / 2, min: 10), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var sale = await market.Sell(market.Tills[i % 2]);
            Interlocked.Add(ref lost, sale.Till.NewsOf(() => sale.Till.Pay(sale.Number)).Count);
            paidAt[sale.Tenant] = DateTimeOffset.UtcNow;
            sales.Add(sale);
        });
        trial.Fault("notifications dropped", lost);

        await Task.Delay(TimeSpan.FromSeconds(trial.Random.Next(5, 50)));
        await market.Server.Kill();
        trial.Fault("kills");
        await market.Server.Restart();

        var slowest = TimeSpan.Zero;
        var (credited, after) = (new HashSet<string>(), 0L);
        while (credited.Count < sales.Count)
        {
            await foreach (var told in market.Client.ListEvents(after, type: "purchase.paid"))
            {
                after = told.Position;
                BrokenPromiseException.Unless(credited.Add(told.Tenant), $"{told.Tenant} was told twice.");
                if (told.At - paidAt[told.Tenant] > slowest) slowest = told.At - paidAt[told.Tenant];
            }
            BrokenPromiseException.Unless(DateTimeOffset.UtcNow - paidAt.Values.Min() < CreditedWithin + TimeSpan.FromMinutes(1), $"{sales.Count - credited.Count} of {sales.Count} payments are not credited.");
            await Task.Delay(200);
        }
        BrokenPromiseException.Unless(slowest <= CreditedWithin, $"The slowest was credited after {slowest}.");
        await Task.WhenAll(sales.Select(async sale =>
        {
            var books = await market.Look(sale);
            BrokenPromiseException.Unless(books.Entries.Count == 1 && books.Pool.Total == Market.Credits, $"{sale.Id} has {books.Entries.Count} entries and {books.Pool.Total} credits.");
        }));
        await market.Verify();
        trial.Ran("payments on " + database, sales.Count);
        trial.Saw($"{database}: the slowest was credited {slowest.TotalSeconds:0} s after it was paid");
    }
}
