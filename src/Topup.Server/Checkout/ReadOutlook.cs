using Topup.Domain;

namespace Topup.Server.Checkout;

/// <summary>What of the purchases somebody should look at.</summary>
internal sealed class ReadOutlook(CheckoutStore store, Notifications.InboxStore inbox, TimeProvider clock)
{
    public async Task<CheckoutOutlook> Run(Instant since, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var waiting = await inbox.Waiting(stop);
        return new CheckoutOutlook
        {
            Failed = await store.CountFailed(since, stop),
            InReview = await store.CountInReview(stop),
            Behind = await store.DueForCheck(now, 1, stop) is [var first] ? now.ToDateTimeOffset() - first.CheckAt.ToDateTimeOffset() : TimeSpan.Zero,
            UnheardCount = waiting.Count,
            UnheardSince = waiting.Count == 0 ? null : new Instant(waiting.OldestAt),
        };
    }
}

internal sealed record CheckoutOutlook
{
    /// <summary>Purchases of the time that was asked for which failed.</summary>
    public required long Failed { get; init; }
    public required long InReview { get; init; }

    /// <summary>How long the purchase that waits longest should have been checked with its provider.</summary>
    public required TimeSpan Behind { get; init; }

    /// <summary>Notifications that were not worked off yet.</summary>
    public required long UnheardCount { get; init; }
    public Instant? UnheardSince { get; init; }
}
