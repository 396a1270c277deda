using Topup.Domain;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary>
/// Compares once a day. When is written in the database: of several servers one does it, and one that was off makes up
/// for it. If a provider cannot be reached, or the server is cut off, it is tried again after an hour.
/// </summary>
internal sealed class DailyReconciliation(
    ReconciliationStore store, RunReconciliation reconciliation, CheckoutMetrics metrics, TimeProvider clock, ILogger<DailyReconciliation> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

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
                log.LogWarning(failed, "The providers could not be compared with the purchases; it is tried again within an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Compares if it is time to, and says whether it did.</summary>
    public async Task<bool> Run(CancellationToken stop)
    {
        metrics.Orphans = await store.LastOrphans(stop);
        var (now, due) = (Instant.From(clock.GetUtcNow()), await store.DueAt(stop));
        // A time further off than a day was written by a clock that was wrong.
        if (due > now.UnixMs && due <= now.Plus(Day).UnixMs) return false;
        if ((await reconciliation.Ready(stop)).Count == 0) return false;
        if (due == 0)
        {
            await store.MoveDue(due, now.Plus(Day), stop);
            return false;
        }
        if (!await store.MoveDue(due, now.Plus(Again), stop)) return false;
        var report = await reconciliation.RunDaily(stop);
        metrics.Orphans = report.Methods.Sum(method => (long)method.Orphans);
        if (report.Methods.All(method => method.Failure is null)) await store.MoveDue(now.Plus(Again).UnixMs, now.Plus(Day), stop);
        return true;
    }
}
