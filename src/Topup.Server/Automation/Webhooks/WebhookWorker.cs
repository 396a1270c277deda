using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary>
/// Turns events into deliveries and sends them. Of several servers one at a time has an endpoint, and sends what is due for it
/// one after the other, in the order of the events. A server that ends before it has written what came of a request leaves it to be
/// sent again, when its lease is over.
/// </summary>
internal sealed class WebhookWorker(
    WebhookStore store, WebhookSender sender, Database database, Outbox outbox, WebhookMetrics metrics, WebhookOptions options, TimeProvider clock,
    ILogger<WebhookWorker> log) : BackgroundService
{
    private const int EndpointsAtOnce = 16;
    private const int PageSize = 100;
    private static readonly TimeSpan LeaseBeyondPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private Instant purgedAt = Instant.Always;

    /// <summary>Longer than one request can take, so that whoever lives keeps what it has.</summary>
    private TimeSpan Lease => options.Patience + LeaseBeyondPatience;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every);
        var sending = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                // An endpoint that is slow must not keep the others waiting, so nobody waits for it here.
                sending.RemoveAll(task => task.IsCompleted);
                sending.AddRange(await Begin(EndpointsAtOnce - sending.Count, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // What is under way ends too, and is sent again by whoever comes next.
            }
            catch (Exception failed)
            {
                log.LogWarning(failed, "Webhooks could not be looked at; they are in {Seconds} s", options.Every.TotalSeconds);
            }
        }
        await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Sends all that is due now.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (await Begin(EndpointsAtOnce, stop) is { Count: > 0 } sending) await Task.WhenAll(sending);
    }

    private async Task<List<Task>> Begin(int endpoints, CancellationToken stop)
    {
        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        while (await store.FanOut(Now, stop) > 0) { }
        await Purge(stop);
        return [.. (await store.Claim(Now, Lease, endpoints, stop)).Select(endpoint => WorkOff(endpoint, stop))];
    }

    private async Task WorkOff(EndpointRow claimed, CancellationToken stop)
    {
        try
        {
            EndpointRow? held = claimed;
            while (held is not null && await store.Due(held.Id, Now, PageSize, stop) is { Count: > 0 } due)
            {
                foreach (var delivery in due)
                {
                    if (held is null) break;
                    held = await Deliver(held, delivery, stop);
                }
            }
            if (held is not null) await store.Release(held, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogError(failed, "Webhook endpoint {Id} could not be worked off; it is tried again", claimed.Id);
        }
    }

    /// <summary>Sends one event and writes what came of it. Null: nothing more is sent to the endpoint by us now.</summary>
    private async Task<EndpointRow?> Deliver(EndpointRow held, DeliveryRow delivery, CancellationToken stop)
    {
        var sent = await sender.Send(held, EventOf(delivery), stop);
        var now = Now;
        // Once it is sent, what came of it is written, whoever wants us to end.
        var next = await database.Transact(async (connection, transaction) =>
        {
            if (await store.Lock(connection, transaction, held.Id) is not { } current) return null;
            var verdict = Delivery.After(sent.Attempt, delivery.Tries + 1, current.FailingSince, now, Random.Shared.Next(RetrySchedule.JitterMax + 1));
            await WebhookStore.SaveAttempt(connection, transaction, delivery, verdict, sent, now);
            if (current.Lease != held.Lease) return null;

            var after = After(current, verdict, now);
            await WebhookStore.SaveLease(connection, transaction, after);
            if (after.Enabled != current.Enabled)
            {
                await Outbox.Add(connection, transaction, WebhookNews.OfDisabled(after, sent, now));
                await Audit.Add(connection, transaction, Author.Server("the receiver takes no more events"), now, "webhook_endpoint.disabled", after.Id, "",
                    WebhookForm.Words(current), WebhookForm.Words(after));
            }
            return after;
        }, CancellationToken.None);

        if (next is { DisabledReason: not DisableReason.None, Enabled: false })
        {
            metrics.Disabled();
            outbox.Nudge();
            log.LogWarning("Webhook endpoint {Id} is disabled: {Reason}", next.Id, next.DisabledReason);
        }
        return next is { Lease.Length: > 0 } ? next : null;
    }

    /// <summary>The lease goes on after a success, and ends with a failure.</summary>
    private EndpointRow After(EndpointRow row, DeliveryVerdict verdict, Instant now)
    {
        var isDisabled = row.Enabled && verdict.Disable != DisableReason.None;
        var goesOn = row.Enabled && !isDisabled && verdict.Status == DeliveryStatus.Delivered;
        return row with
        {
            Enabled = row.Enabled && !isDisabled,
            DisabledReason = isDisabled ? verdict.Disable : row.DisabledReason,
            FailingSince = verdict.FailingSince,
            Lease = goesOn ? row.Lease : "",
            FreeAt = goesOn ? now.Plus(Lease) : verdict.RestUntil,
        };
    }

    private static WebhookEvent EventOf(DeliveryRow delivery)
    {
        using var data = JsonDocument.Parse(delivery.Payload);
        return new WebhookEvent
        {
            Type = delivery.Type, Timestamp = delivery.At.ToDateTimeOffset(), Id = delivery.Event, Position = delivery.Position,
            Tenant = delivery.Tenant.Length == 0 ? null : delivery.Tenant, Data = data.RootElement.Clone(),
        };
    }

    private async Task Purge(CancellationToken stop)
    {
        if (Now < purgedAt.Plus(PurgeEvery)) return;
        await store.Purge(Now.Plus(-KeepFor), stop);
        purgedAt = Now;
    }

    private Instant Now => Instant.From(clock.GetUtcNow());
}

/// <param name="Every">How often it is looked whether anything is due.</param>
/// <param name="Patience">How long a receiver may take to answer.</param>
internal sealed record WebhookOptions(TimeSpan Every, TimeSpan Patience)
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static WebhookOptions From(IConfiguration settings) => new(
        Seconds("Topup__WebhookEverySeconds", settings["Topup:WebhookEverySeconds"], 1, 86_400),
        Seconds("Topup__WebhookTimeoutSeconds", settings["Topup:WebhookTimeoutSeconds"], 15, 60));

    private static TimeSpan Seconds(string name, string? text, int otherwise, int max)
    {
        if (string.IsNullOrEmpty(text)) return TimeSpan.FromSeconds(otherwise);
        if (int.TryParse(text, out var seconds) && seconds >= 1 && seconds <= max) return TimeSpan.FromSeconds(seconds);
        throw new InvalidOperationException($"{name} must be a whole number from 1 to {max}, not '{text}'.");
    }
}
