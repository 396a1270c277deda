namespace Topup.Contracts;

/// <summary>A recipient that is to get no more messages, or of whom you want to know it.</summary>
public sealed record SuppressionRequest
{
    /// <summary>The channel, such as <c>sms</c>. Who wants no texts may still want mail.</summary>
    public required string Channel { get; init; }

    /// <summary>As <c>to</c> of a message on the channel.</summary>
    public required string Recipient { get; init; }

    /// <summary>Whose messages; left out: everybody's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Why, at most 200 characters; it must not say who. When you look somebody up it is not needed.</summary>
    public string? Reason { get; init; }

    /// <summary>A record would write the recipient into a log.</summary>
    public override string ToString() => $"{nameof(SuppressionRequest)} {{ {nameof(Channel)} = {Channel} }}";
}

/// <summary>A recipient that gets no more messages.</summary>
public sealed record SuppressionView
{
    public required string Id { get; init; }
    public required string Channel { get; init; }

    /// <summary>Masked, such as <c>+55…1234</c>: the whole is not kept.</summary>
    public required string Recipient { get; init; }

    /// <summary>Absent: nobody's messages.</summary>
    public string? Tenant { get; init; }

    /// <summary><c>by_hand</c>; <c>bounced</c>: the provider knows no such recipient; <c>opted_out</c>: the recipient told the provider to stop.</summary>
    public required string Cause { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
