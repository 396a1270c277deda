namespace Topup.Domain.Messaging;

/// <summary>
/// How a message moves on. It is handed over once: what may have left is never sent again by itself, and its credits are
/// spent or given back exactly once. Null: there is nothing to change.
/// </summary>
public static class MessageStates
{
    public const string Interrupted = "interrupted";
    public const string GaveUp = "gave_up";
    public const string NeverKnown = "outcome_never_known";
    public const string HoldClosed = "hold_closed";

    /// <summary>What a moment makes of a message that is due: it is handed over, or nobody came back for it.</summary>
    /// <param name="isHeld">Its credits are still held. Whoever let them go has called it off.</param>
    public static MessageStep? Due(Message message, string driver, bool isHeld, Instant now)
    {
        if (message.DueAt > now) return null;
        return message.Status switch
        {
            MessageStatus.Queued when !isHeld => Failed(message, HoldClosed, now),
            MessageStatus.Queued when SendSchedule.IsOver(message.CreatedAt, now) => Failed(message, message.Reason.Length > 0 ? message.Reason : GaveUp, now),
            MessageStatus.Queued => new MessageStep(message with
            {
                Status = MessageStatus.Sending, Driver = driver, Reason = "", Attempts = message.Attempts + 1, ChangedAt = now,
                DueAt = now.Plus(SendSchedule.Lease),
            }),
            MessageStatus.Sending => Unknown(message, Interrupted, now),
            MessageStatus.Unknown => Failed(message, NeverKnown, now),
            MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Undelivered or MessageStatus.Failed or MessageStatus.Refused => null,
        };
    }

    /// <summary>There is nobody to hand it to now.</summary>
    public static MessageStep? Wait(Message message, string reason, Instant now) => message.Status != MessageStatus.Queued ? null
        : SendSchedule.IsOver(message.CreatedAt, now) ? Failed(message, reason, now)
        : new MessageStep(message with { Reason = reason, DueAt = now.Plus(SendSchedule.After(1)) });

    /// <summary>What the driver said, also when it says so after nobody expected it any more.</summary>
    public static MessageStep? Take(Message message, SendResult result, Instant now)
    {
        if (message.Status is not (MessageStatus.Sending or MessageStatus.Unknown)) return null;
        return result.Outcome switch
        {
            SendOutcome.Accepted => Sent(message with { ProviderId = result.ProviderId }, result.Segments, now),
            SendOutcome.Refused => Failed(message, result.Reason, now),
            SendOutcome.Later when message.Status == MessageStatus.Unknown => Failed(message, result.Reason, now),
            SendOutcome.Later => Again(message, result, now),
            SendOutcome.Unknown => message.Status == MessageStatus.Unknown ? null : Unknown(message, result.Reason, now),
        };
    }

    /// <summary>What is heard later. A status moves forward only: what has arrived was sent, and what is over stays over.</summary>
    /// <param name="providerId">What the provider calls it; empty: it did not say.</param>
    public static MessageStep? Hear(Message heard, LaterNews news, string reason, long? segments, Instant now, string providerId = "")
    {
        var message = heard.ProviderId.Length == 0 ? heard with { ProviderId = providerId } : heard;
        return message.Status switch
        {
            // Its driver is about to hear the same, and more.
            MessageStatus.Sending when news == LaterNews.Accepted => null,
            MessageStatus.Sending or MessageStatus.Unknown => news switch
            {
                LaterNews.Accepted or LaterNews.Sent => Sent(message, segments, now),
                LaterNews.Delivered => Sent(message, segments, now) with { Message = Moved(message, MessageStatus.Delivered, "", now) },
                LaterNews.Undelivered => Sent(message, segments, now) with { Message = Moved(message, MessageStatus.Undelivered, reason, now) },
                LaterNews.NotSent => Failed(message, reason, now),
            },
            MessageStatus.Sent => news switch
            {
                LaterNews.Accepted or LaterNews.Sent => null,
                LaterNews.Delivered => new MessageStep(Moved(message, MessageStatus.Delivered, "", now)),
                LaterNews.Undelivered or LaterNews.NotSent => new MessageStep(Moved(message, MessageStatus.Undelivered, reason, now)),
            },
            MessageStatus.Queued or MessageStatus.Delivered or MessageStatus.Undelivered or MessageStatus.Failed or MessageStatus.Refused => null,
        };
    }

    private static MessageStep Again(Message message, SendResult result, Instant now)
    {
        var next = now.Plus(result.After is { } wanted && wanted > SendSchedule.After(message.Attempts) ? wanted : SendSchedule.After(message.Attempts));
        return SendSchedule.IsOver(message.CreatedAt, next)
            ? Failed(message, result.Reason, now)
            : new MessageStep(message with { Status = MessageStatus.Queued, Reason = result.Reason, ChangedAt = now, DueAt = next });
    }

    private static MessageStep Sent(Message message, long? segments, Instant now) =>
        new(Moved(message, MessageStatus.Sent, "", now), CreditsEnd.Capture, segments);

    private static MessageStep Failed(Message message, string reason, Instant now) =>
        new(Moved(message, MessageStatus.Failed, reason, now), CreditsEnd.Release);

    private static MessageStep Unknown(Message message, string reason, Instant now) => new(message with
    {
        Status = MessageStatus.Unknown, Reason = reason, ChangedAt = now, DueAt = message.CreatedAt.Plus(SendSchedule.UnknownMax),
    });

    private static Message Moved(Message message, MessageStatus status, string reason, Instant now) =>
        message with { Status = status, Reason = reason, ChangedAt = now, DueAt = Instant.Never };
}
