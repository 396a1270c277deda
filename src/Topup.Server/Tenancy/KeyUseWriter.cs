namespace Topup.Server.Tenancy;

/// <summary>Once a minute, saves when keys were last used.</summary>
internal sealed class KeyUseWriter(ApiKeys keys, TimeProvider clock, ILogger<KeyUseWriter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await keys.SaveUse(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                log.LogWarning(broken, "The last use of API keys could not be saved; it is tried again in a minute");
            }
        }
    }
}
