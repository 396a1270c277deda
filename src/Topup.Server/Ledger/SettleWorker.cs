using Topup.Domain;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger;

/// <summary>
/// Works off expiries and starts that nobody has touched, so that their news is timely. Balances do not wait for it:
/// every decision settles its pool first.
/// </summary>
internal sealed class SettleWorker(LedgerHistory history, LedgerLanes lanes, TimeProvider clock, LedgerOptions options, ILogger<SettleWorker> log)
    : BackgroundService
{
    private const int AtOnce = 250;
    private const int RoundsMax = 40;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SettleEvery);
        do
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Expiries could not be worked off; they are tried again in {Seconds} s", options.SettleEvery.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Settles what is due now, and says how many pools that were. It gives up after a bounded number of rounds.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var settled = 0;
        for (var round = 0; round < RoundsMax; round++)
        {
            var due = await history.DuePools(Instant.From(clock.GetUtcNow()), AtOnce, stop);
            var answers = due.Select(pool => lanes.Submit(new Request(pool))).OfType<Task<LedgerOutcome>>().ToArray();
            await Task.WhenAll(answers);
            settled += answers.Length;
            if (due.Count < AtOnce || answers.Length == 0) break;
        }
        return settled;
    }

    private sealed class Request(PoolKey pool) : LedgerRequest(pool.Tenant, pool.Type, Note.None)
    {
        public override LedgerDecision Decide(LedgerCase now) => Settlement.Decide(now.Pool, now.Terms, now.Now);
    }
}
