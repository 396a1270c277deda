namespace Topup.Domain.Messaging;

/// <summary>How far a message is on its way to one recipient. What it says and to whom is no part of it.</summary>
public sealed record Message
{
    /// <summary>What it is sent over, such as <c>sms</c>.</summary>
    public required string Channel { get; init; }

    public bool IsCampaign { get; init; }
    public MessageStatus Status { get; init; }

    /// <summary>Why it was refused, failed or waits; empty: nothing stands in its way.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The operator's name of the driver that has it; empty: none yet.</summary>
    public string Driver { get; init; } = "";

    /// <summary>What the provider calls it; empty: it never said.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>How often it was handed to a driver.</summary>
    public int Attempts { get; init; }
    public required Instant CreatedAt { get; init; }

    /// <summary>When its status changed last.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>When time alone changes it; <see cref="Instant.Never"/>: it waits for nothing.</summary>
    public Instant DueAt { get; init; } = Instant.Never;
}

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum MessageStatus
{
    /// <summary>Its credits are held, and it waits for its turn.</summary>
    Queued = 0,

    /// <summary>A driver has it.</summary>
    Sending = 1,

    /// <summary>It may or may not have left. Its credits stay held, and it is not sent again.</summary>
    Unknown = 2,

    /// <summary>The provider took it over; its credits are spent.</summary>
    Sent = 3,

    /// <summary>The provider says that it arrived.</summary>
    Delivered = 4,

    /// <summary>The provider took it over and says that it did not arrive. It is billed all the same, so its credits stay spent.</summary>
    Undelivered = 5,

    /// <summary>It was not sent; its credits are back.</summary>
    Failed = 6,

    /// <summary>It was not let through: no credits were held.</summary>
    Refused = 7,
}

/// <summary>What becomes of the credits of a message.</summary>
public enum CreditsEnd
{
    /// <summary>They stay as they are.</summary>
    None,
    Capture,
    Release,
}

/// <summary>A message after a change, and what becomes of its credits.</summary>
/// <param name="Segments">What it really took, where the provider said so; null: what was held.</param>
public sealed record MessageStep(Message Message, CreditsEnd Credits = CreditsEnd.None, long? Segments = null);

/// <summary>What a driver says of a message that it was given.</summary>
public enum SendOutcome
{
    /// <summary>The provider has taken it over.</summary>
    Accepted,

    /// <summary>It was not sent, and will not be.</summary>
    Refused,

    /// <summary>It was certainly not sent, and may be tried again.</summary>
    Later,

    /// <summary>It may have been sent.</summary>
    Unknown,
}

/// <summary>What came of handing a message over.</summary>
/// <param name="Reason">A word for it; never with what the message says or to whom.</param>
/// <param name="Segments">How many the provider counted; null: it did not say.</param>
/// <param name="After">How long the provider wants to be left alone.</param>
public sealed record SendResult(SendOutcome Outcome, string Reason = "", string ProviderId = "", long? Segments = null, TimeSpan? After = null)
{
    /// <summary>Why its recipient is to get no more; <see cref="SuppressionCause.None"/>: it may.</summary>
    public SuppressionCause Suppress { get; init; }

    public static SendResult Accepted(string providerId, long? segments = null) => new(SendOutcome.Accepted, "", providerId, segments);

    public static SendResult Refused(string reason) => new(SendOutcome.Refused, reason);

    public static SendResult Later(string reason, TimeSpan? after = null) => new(SendOutcome.Later, reason, After: after);

    public static SendResult Unknown(string reason) => new(SendOutcome.Unknown, reason);
}

/// <summary>What a provider or the operator says later of a message that was handed over.</summary>
public enum LaterNews
{
    /// <summary>The provider has it, and has not begun with it.</summary>
    Accepted,

    /// <summary>It left.</summary>
    Sent,
    Delivered,
    Undelivered,

    /// <summary>It did not leave.</summary>
    NotSent,
}
