namespace Topup.Server.Ledger;

/// <summary>Verifies the whole ledger once a day, or as often as the operator says.</summary>
internal sealed class VerifyWorker(VerifyLedger verify, LedgerOptions options, ILogger<VerifyWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.VerifyEvery == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(options.VerifyEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await verify.Run(tenant: null, stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogError(failed, "The ledger could not be verified");
            }
        }
    }
}
