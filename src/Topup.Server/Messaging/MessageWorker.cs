using System.Collections.Concurrent;
using Topup.Domain;
using Topup.Domain.Messaging;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Messaging;

/// <summary>
/// Hands messages to their drivers and settles what came of it. Of several servers one gets each message: it is claimed in
/// the ledger's lane before it is sent. What was claimed and never came back is an unknown outcome, and is not sent again.
/// </summary>
internal sealed class MessageWorker(
    MessageStore store, MessageDrivers drivers, HandOver handOver, MessageChanges changes, LedgerLanes lanes, MessageOptions options, MessageMetrics metrics,
    TimeProvider clock, ILogger<MessageWorker> log) : BackgroundService
{
    public const string NoDriver = "no_driver";
    public const string ContentGone = "content_gone";

    private const int ForgottenAtOnce = 1_000;

    private readonly SemaphoreSlim news = new(0, 1);
    private readonly ConcurrentDictionary<string, bool> busy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> underway = new(StringComparer.Ordinal);

    /// <summary>Says that there is a message, so that it need not wait for the clock.</summary>
    public void Nudge()
    {
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has said so already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Start(stoppingToken);
                await store.Forget(Instant.From(clock.GetUtcNow()), ForgottenAtOnce, stoppingToken);
                await news.WaitAsync(options.Every, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failed)
            {
                log.LogWarning(failed, "Messages could not be looked for; it is tried again in {Seconds} s", options.Every.TotalSeconds);
                await Task.Delay(options.Every, CancellationToken.None);
            }
        }
        // What a driver has is waited for, so that its outcome is not lost.
        await Task.WhenAll(underway.Values);
    }

    /// <summary>Sends all there is to send now, and says how many messages changed.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var channels = await store.DueChannels(Instant.From(clock.GetUtcNow()), stop);
        return (await Task.WhenAll(channels.Select(channel => RunChannel(channel, stop)))).Sum();
    }

    /// <summary>Forgets to whom and what, where the time is over. Says how many were forgotten.</summary>
    public Task<int> Forget(CancellationToken stop) => store.Forget(Instant.From(clock.GetUtcNow()), ForgottenAtOnce, stop);

    /// <summary>A channel whose provider is slow keeps no other waiting.</summary>
    private async Task Start(CancellationToken stop)
    {
        foreach (var channel in await store.DueChannels(Instant.From(clock.GetUtcNow()), stop))
        {
            if (!busy.TryAdd(channel, true)) continue;
            underway[channel] = Task.Run(() => RunAlone(channel, stop), CancellationToken.None);
        }
    }

    private async Task RunAlone(string channel, CancellationToken stop)
    {
        var changed = 0;
        try
        {
            changed = await RunChannel(channel, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning(failed, "Messages on {Channel} could not be sent; they are tried again", channel);
        }
        finally
        {
            busy.TryRemove(channel, out _);
            // What came after the last look, while the channel was still busy, was not started for it.
            if (changed > 0) Nudge();
        }
    }

    /// <summary>As many are claimed at once as the driver may have, so that none waits claimed.</summary>
    private async Task<int> RunChannel(string channel, CancellationToken stop)
    {
        var changed = 0;
        while (!stop.IsCancellationRequested)
        {
            var driver = await drivers.Of(channel, stop);
            var due = await store.Due(channel, Instant.From(clock.GetUtcNow()), driver?.Concurrency ?? MessageDriver.ConcurrencyDefault, stop);
            var claims = due.Select(row => new MessageChange(row, (message, isHeld, now) => Claim(message, driver, isHeld, now))).ToList();
            await Task.WhenAll(claims.Select(lanes.Submit).OfType<Task<LedgerOutcome>>());
            var claimed = claims.Select(claim => claim.Result).OfType<MessageRow>().ToList();
            foreach (var row in claimed) metrics.Changed(MessageStatus.Queued, row.Message);
            changed += claimed.Count;
            await Task.WhenAll(claimed.Where(row => row.Message.Status == MessageStatus.Sending).Select(row => Send(row, driver!)));
            if (claimed.Count == 0) break;
        }
        return changed;
    }

    private static MessageStep? Claim(Message message, MessageDriver? driver, bool isHeld, Instant now) =>
        driver is null && message is { Status: MessageStatus.Queued } && isHeld && message.DueAt <= now
            ? MessageStates.Wait(message, NoDriver, now)
            : MessageStates.Due(message, driver?.Slug ?? "", isHeld, now);

    private async Task Send(MessageRow row, MessageDriver driver)
    {
        var result = await Hand(row, driver);
        var saved = await changes.Make(row, (message, now) => MessageStates.Take(message, result, now), CancellationToken.None);
        if (saved.Problem is { } problem)
            log.LogWarning("What became of message {Id} could not be saved ({Code}); its outcome will be unknown", row.Key, problem.Code);
    }

    private async Task<SendResult> Hand(MessageRow row, MessageDriver driver)
    {
        try
        {
            if (await store.FindContent(row.Key, CancellationToken.None) is not { } content) return SendResult.Refused(ContentGone);
            return await handOver.Run(new OutgoingMessage(row.Key, row.Message.Channel, MessageForm.PurposeOf(row.Message), row.Reference, content), driver);
        }
        catch (Exception failed)
        {
            log.LogWarning("Message {Id} could not be read ({Failure}); it is tried again", row.Key, failed.GetType().Name);
            return SendResult.Later("storage_failed");
        }
    }
}
