using Topup.Contracts;

namespace Topup.Server.Ledger;

/// <summary>
/// Verifies the whole ledger once a day, or as often as the operator says, and soon after a start where that is due: a server that is
/// started every day is verified too. It reads one tenant at a time and holds up no writer.
/// </summary>
internal sealed class VerifyWorker(VerifyLedger verify, LedgerOptions options, TimeProvider clock, ILogger<VerifyWorker> log) : BackgroundService
{
    /// <summary>The start itself comes first.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.VerifyEvery == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(options.VerifyEvery);
        await Task.Delay(AfterStart, stoppingToken);
        await Run(onlyIfDue: true, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Run(onlyIfDue: false, stoppingToken);
    }

    /// <summary>Whether the ledger was verified so long ago, or never, that a server which starts now shall not wait.</summary>
    public static bool IsDue(VerifyReply? last, TimeSpan every, DateTimeOffset now) => last is null || now - last.FinishedAt >= every;

    private async Task Run(bool onlyIfDue, CancellationToken stop)
    {
        try
        {
            if (!onlyIfDue || IsDue(await verify.Last(stop), options.VerifyEvery, clock.GetUtcNow())) await verify.Run(tenant: null, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "The ledger could not be verified");
        }
    }
}
