using System.Collections.Concurrent;
using Topup.Contracts;
using Topup.Domain;

namespace Topup.Server.Checkout;

/// <summary>
/// Asks the providers about purchases that nobody has brought news of, and finishes refunds whose answer was lost. With
/// it, a lost notification delays credits and never loses them.
/// </summary>
internal sealed class Reconciler(
    CheckoutStore store, SettlePurchase settle, RefundPurchase refunds, CheckoutMetrics metrics, TimeProvider clock, ILogger<Reconciler> log) : BackgroundService
{
    private const int AtOnce = 50;
    private const int SideBySide = 8;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>A refund that was written down so long ago and has no answer was cut off.</summary>
    private static readonly TimeSpan RefundPatience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                while (await Run(stoppingToken) == AtOnce) { }
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Purchases could not be checked with their providers; they are tried again");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Checks what is due now, and says how many purchases that were.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        // A provider that does not answer is asked no more in this run, so that it does not keep the payments of others waiting.
        var silent = new ConcurrentDictionary<string, bool>();
        var sideBySide = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stop };
        await Parallel.ForEachAsync(await store.RequestedRefunds(now.Plus(-RefundPatience), AtOnce, stop), sideBySide,
            async (refund, within) => await Continue(refund, silent, within));
        var due = await store.DueForCheck(now, AtOnce, stop);
        metrics.Behind = due.Count == 0 ? TimeSpan.Zero : now.ToDateTimeOffset() - due[0].CheckAt.ToDateTimeOffset();
        await Parallel.ForEachAsync(due, sideBySide, async (row, within) => await Check(row, now, silent, within));
        return due.Count;
    }

    private async Task Continue(RefundRow refund, ConcurrentDictionary<string, bool> silent, CancellationToken stop)
    {
        try
        {
            if (await store.Find(new PurchaseId(refund.Tenant, refund.Order), stop) is not { } row || silent.ContainsKey(row.Purchase.Method)) return;
            var continued = await refunds.Continue(row, refund, replayed: false, stop);
            if (continued.Problem is { Code: ProblemCodes.ProviderUnavailable }) silent.TryAdd(row.Purchase.Method, true);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "Refund {Refund} could not be continued", refund.Id);
        }
    }

    private async Task Check(PurchaseRow row, Instant now, ConcurrentDictionary<string, bool> silent, CancellationToken stop)
    {
        try
        {
            if (silent.ContainsKey(row.Purchase.Method))
            {
                await store.Postpone(row, answered: false, now, stop);
                return;
            }
            var settled = await settle.Run(row.Id, row.Purchase.Payments.Split(' ')[0], "reconciler", stop);
            if (settled.Problem is { Code: ProblemCodes.ProviderUnavailable }) silent.TryAdd(row.Purchase.Method, true);
            // Whatever it was, others are not to wait for it.
            if (settled.Problem is not null) await store.Postpone(row, answered: false, now, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "Purchase {Purchase} could not be checked", row.Id);
            await store.Postpone(row, answered: false, now, stop);
        }
    }
}
