using Topup.Domain;

namespace Topup.Server.Usage;

/// <summary>
/// Sums soon after midnight of the operator what all tenants used on the day that is over, one day in a transaction, on any number
/// of servers. Answers need not wait for it: days that are not summed yet are read row by row. Should a clock go back, the batch
/// that counts on an older day takes the totals from that day on back, and they are summed again.
/// </summary>
internal sealed class TotalsWorker(TotalsStore store, TimeProvider clock, TimeZoneInfo zone, ILogger<TotalsWorker> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>Until then a transaction that has begun before midnight has ended, on a server whose clock is a little behind too.</summary>
    private static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        do
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "What all tenants used could not be summed; it is tried again within a minute");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Sums all days that are over and were not summed yet, and says up to which day that is done now.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var last = LocalTime.DayOf(Instant.From(clock.GetUtcNow() - AfterMidnight), zone) - 1;
        var upTo = await store.UpTo(stop);
        // The day before is summed once more, as it was left by whoever was very late.
        for (var first = upTo; upTo < last; first = upTo + 1)
        {
            var next = await store.NextDay(upTo, stop) is { } day ? Math.Min(day, last) : last;
            if (!await store.Sum(upTo, first, next, stop)) return await store.UpTo(stop);
            upTo = next;
        }
        return upTo;
    }
}
