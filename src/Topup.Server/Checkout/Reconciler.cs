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
                await Run(stoppingToken);
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
        foreach (var refund in await store.RequestedRefunds(now.Plus(-RefundPatience), AtOnce, stop))
            if (await store.Find(new PurchaseId(refund.Tenant, refund.Order), stop) is { } refunded)
                await refunds.Continue(refunded, refund, replayed: false, stop);

        var due = await store.DueForCheck(now, AtOnce, stop);
        metrics.Behind = due.Count == 0 ? TimeSpan.Zero : now.ToDateTimeOffset() - due[0].CheckAt.ToDateTimeOffset();
        foreach (var row in due)
        {
            try
            {
                await settle.Run(row.Id, row.Purchase.Payments.Split(' ')[0], "reconciler", stop);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogError(failed, "Purchase {Purchase} could not be checked", row.Id);
                await store.Postpone(row, now, stop);
            }
        }
        return due.Count;
    }
}
