namespace Topup.Server.Storage;

/// <summary>Gives events their positions as soon as they are committed here, and within a second when elsewhere.</summary>
internal sealed class OutboxSequencer(Outbox outbox, ILogger<OutboxSequencer> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await outbox.Sequence(stoppingToken) > 0) { }
                await outbox.WaitForNudge(Patience, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "Events could not be put in order; trying again");
                await Task.Delay(Patience, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
