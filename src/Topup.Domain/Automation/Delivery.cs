namespace Topup.Domain.Automation;

/// <summary>How one event stands with one endpoint. The numbers are stored and never change their meaning.</summary>
public enum DeliveryStatus
{
    Waiting = 0,
    Delivered = 1,

    /// <summary>Tried as often as it is.</summary>
    Failed = 2,
}

/// <summary>Why nothing more is sent to an endpoint.</summary>
public enum DisableReason
{
    None,

    /// <summary>The receiver says that it is gone for ever.</summary>
    Gone,

    /// <summary>Nothing but failures for <see cref="Delivery.FailingMax"/>.</summary>
    Failing,
}

/// <summary>What came of one attempt.</summary>
/// <param name="Status">Of HTTP; 0: there was no answer.</param>
/// <param name="RetryAfter">What the answer asked for; null: nothing.</param>
public sealed record DeliveryAttempt(int Status, TimeSpan? RetryAfter = null)
{
    /// <summary>A redirect is none: it is not followed.</summary>
    public bool IsDelivered => Status is >= 200 and <= 299;
}

/// <summary>What becomes of a delivery and its endpoint after an attempt.</summary>
/// <param name="DueAt">When it is tried again; <see cref="Instant.Never"/>: it is not.</param>
/// <param name="FailingSince">Since when the endpoint has only failed; <see cref="Instant.Never"/>: it has not.</param>
/// <param name="RestUntil">Until when nothing is sent to the endpoint.</param>
public sealed record DeliveryVerdict(DeliveryStatus Status, Instant DueAt, Instant FailingSince, Instant RestUntil, DisableReason Disable);

/// <summary>Judges attempts to deliver an event to an endpoint.</summary>
public static class Delivery
{
    /// <summary>For how long an endpoint may do nothing but fail.</summary>
    public static readonly TimeSpan FailingMax = TimeSpan.FromDays(5);

    /// <summary>After a failure the other events of the endpoint wait too, so that a receiver that is down is asked once, not once for each.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromSeconds(5);

    private const int Gone = 410;

    /// <param name="tries">Attempts since the delivery was written or sent for again, this one included.</param>
    /// <param name="failingSince">Of the endpoint, before this attempt.</param>
    /// <param name="jitter">See <see cref="RetrySchedule"/>.</param>
    public static DeliveryVerdict After(DeliveryAttempt attempt, int tries, Instant failingSince, Instant now, int jitter)
    {
        if (attempt.IsDelivered) return new DeliveryVerdict(DeliveryStatus.Delivered, Instant.Never, Instant.Never, now, DisableReason.None);

        var since = failingSince == Instant.Never ? now : failingSince;
        var rest = now.Plus(RetrySchedule.Longer(RestMin, RetrySchedule.Bounded(attempt.RetryAfter)));
        if (attempt.Status == Gone) return new DeliveryVerdict(DeliveryStatus.Failed, Instant.Never, since, rest, DisableReason.Gone);
        var disable = now >= since.Plus(FailingMax) ? DisableReason.Failing : DisableReason.None;
        return RetrySchedule.Next(tries, now, attempt.RetryAfter, jitter) is { } due
            ? new DeliveryVerdict(DeliveryStatus.Waiting, due, since, rest, disable)
            : new DeliveryVerdict(DeliveryStatus.Failed, Instant.Never, since, rest, disable);
    }
}
