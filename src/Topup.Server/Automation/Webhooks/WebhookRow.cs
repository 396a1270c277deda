using Topup.Domain;
using Topup.Domain.Automation;

namespace Topup.Server.Automation.Webhooks;

/// <summary>Where events are sent to.</summary>
internal sealed record EndpointRow
{
    public required string Id { get; init; }
    public required string Url { get; init; }

    /// <summary>Types of events, or <see cref="Contracts.EventTypes.Any"/>.</summary>
    public required string[] Events { get; init; }
    public required string Description { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>Empty: events of all tenants.</summary>
    public required string Tenant { get; init; }
    public required bool AllowPrivate { get; init; }

    /// <summary>Only events behind this position concern it.</summary>
    public long Since { get; init; }
    public DisableReason DisabledReason { get; init; }

    /// <summary><see cref="Instant.Never"/>: it is not failing.</summary>
    public Instant FailingSince { get; init; } = Instant.Never;

    /// <summary>Until when the secret before the last rotation signs too.</summary>
    public Instant OldSecretUntil { get; init; } = Instant.Always;

    /// <summary>Who sends to it now; empty: nobody.</summary>
    public string Lease { get; init; } = "";
    public Instant FreeAt { get; init; } = Instant.Always;
    public required Instant CreatedAt { get; init; }
    public required Instant UpdatedAt { get; init; }

    public string Host => new Uri(Url).Host;
}

/// <summary>One event on its way to one endpoint.</summary>
internal sealed record DeliveryRow
{
    public required string Endpoint { get; init; }

    /// <summary>Id of the event.</summary>
    public required string Event { get; init; }
    public required string Tenant { get; init; }
    public required string Type { get; init; }
    public required long Position { get; init; }
    public required DeliveryStatus Status { get; init; }

    /// <summary>Attempts since it was written or sent for again.</summary>
    public required int Tries { get; init; }

    /// <summary>All attempts.</summary>
    public required int Attempts { get; init; }
    public required Instant DueAt { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant AttemptedAt { get; init; }
    public required int DurationMs { get; init; }

    /// <summary>0: no answer.</summary>
    public required int LastStatus { get; init; }
    public required string LastError { get; init; }
    public required string Reply { get; init; }

    /// <summary>When the event happened.</summary>
    public required Instant At { get; init; }

    /// <summary>The data of the event; empty where it was not asked for.</summary>
    public required string Payload { get; init; }
}

/// <summary>What came of sending one request.</summary>
/// <param name="Error">A word for the log of deliveries; empty: there was an answer.</param>
/// <param name="Reply">The beginning of the answer.</param>
internal sealed record Sent(DeliveryAttempt Attempt, string Error, string Reply, int DurationMs);

/// <param name="Delivered">Of the time that was asked for.</param>
/// <param name="Failed">Tried in vain as often as it is, in that time.</param>
/// <param name="Waiting">Not taken yet, whenever they were made.</param>
internal sealed record DeliveryCounts(long Delivered, long Failed, long Waiting);
