using System.Text.Json;

namespace Topup.Contracts;

/// <summary>Where events are sent to.</summary>
public sealed record WebhookEndpointRequest
{
    /// <summary>https, without a user name; at most 1,000 characters. http only with <see cref="AllowPrivate"/>.</summary>
    public required string Url { get; init; }

    /// <summary>Types of events, such as <c>credits.low</c>; or <c>*</c> alone for all, also those that come later.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>For people; at most 200 characters.</summary>
    public string? Description { get; init; }

    /// <summary>False: nothing is sent. What happens meanwhile is not sent later by itself, but by a replay. Left out: true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Only events of this tenant. Left out: of all, and the operator's own.</summary>
    public string? Tenant { get; init; }

    /// <summary>
    /// Leave to send to private, loopback and link-local addresses, and without TLS. Without it no connection is made to
    /// an address that is not public, whatever the name in the url resolves to.
    /// </summary>
    public bool AllowPrivate { get; init; }
}

public sealed record WebhookEndpointView
{
    public required string Id { get; init; }
    public required string Url { get; init; }
    public required IReadOnlyList<string> Events { get; init; }
    public string? Description { get; init; }
    public required bool Enabled { get; init; }
    public string? Tenant { get; init; }
    public required bool AllowPrivate { get; init; }

    /// <summary>Why the server has disabled it: <c>gone</c> after a 410, <c>failing</c> after five days of failures; absent: it has not.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Since when everything that was sent has failed; absent: it has not.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when the secret before the last rotation signs too; absent: it does not.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The secret with which requests are signed. It is in the replies that make one, and never again.</summary>
    public string? Secret { get; init; }
}

/// <summary>The body of every webhook.</summary>
public sealed record WebhookEvent
{
    public required string Type { get; init; }

    /// <summary>When it happened; the header <c>webhook-timestamp</c> says when this attempt was made.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The same as in <c>webhook-id</c>: a receiver that has seen it skips it.</summary>
    public required string Id { get; init; }

    /// <summary>In the log of events, without gaps; absent in a ping.</summary>
    public long? Position { get; init; }

    /// <summary>Absent: the event is the operator's own.</summary>
    public string? Tenant { get; init; }

    /// <summary>As in the log of events.</summary>
    public required JsonElement Data { get; init; }
}

/// <summary>One event on its way to one endpoint.</summary>
public sealed record WebhookDeliveryView
{
    /// <summary>The id of the event, which is the <c>webhook-id</c> of every attempt.</summary>
    public required string Id { get; init; }
    public required string Endpoint { get; init; }
    public required string Type { get; init; }
    public required long Position { get; init; }
    public string? Tenant { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c>, or <c>failed</c>: it is not tried again.</summary>
    public required string Status { get; init; }

    /// <summary>How often it was sent.</summary>
    public required int Attempts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The HTTP status of the last answer; absent: there was none.</summary>
    public int? LastStatus { get; init; }

    /// <summary>
    /// Why the last attempt has no answer, or one that is not followed: <c>timeout</c>, <c>address_not_public</c>,
    /// <c>name_not_resolved</c>, <c>connection_failed</c>, <c>tls_failed</c>, <c>redirect</c>, <c>secret_unreadable</c>.
    /// </summary>
    public string? LastError { get; init; }

    /// <summary>How long the last attempt took.</summary>
    public int? DurationMs { get; init; }

    /// <summary>When it is tried next, at the earliest; absent: it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The first 1,024 bytes of the last answer.</summary>
    public string? Reply { get; init; }
}

/// <summary>Send what an endpoint was, or should have been, sent since a moment.</summary>
public sealed record WebhookReplayRequest
{
    /// <summary>At most 30 days ago.</summary>
    public required DateTimeOffset From { get; init; }
}

public sealed record WebhookReplayReply
{
    /// <summary>How many events are sent again; at most 10,000.</summary>
    public required int Events { get; init; }
}

/// <summary>What came of a test.</summary>
public sealed record WebhookTestReply
{
    /// <summary>The <c>webhook-id</c> that was sent.</summary>
    public required string Id { get; init; }

    /// <summary>The receiver answered with a status of 200 to 299.</summary>
    public required bool Delivered { get; init; }

    /// <summary>The HTTP status; absent: there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>As in a delivery.</summary>
    public string? Error { get; init; }
    public required int DurationMs { get; init; }

    /// <summary>The first 1,024 bytes of the answer.</summary>
    public string? Reply { get; init; }
}

/// <summary>The data of a <c>webhook.disabled</c> event.</summary>
public sealed record WebhookDisabledEvent
{
    /// <summary>Id of the endpoint.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The host of its url.</summary>
    public required string Host { get; init; }

    /// <summary><c>gone</c> or <c>failing</c>.</summary>
    public required string Reason { get; init; }
    public required DateTimeOffset FailingSince { get; init; }
    public int? LastStatus { get; init; }
    public string? LastError { get; init; }
}

/// <summary>The data of a <c>webhook.ping</c>.</summary>
public sealed record WebhookPingEvent
{
    /// <summary>Id of the endpoint.</summary>
    public required string Endpoint { get; init; }
}
