using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;

namespace Topup.Server.Automation.Workflows;

/// <summary>A rule as it is stored.</summary>
internal sealed record WorkflowRow
{
    public required string Code { get; init; }

    /// <summary>Counts its changes; a run goes on with the version that it began with.</summary>
    public required long Version { get; init; }

    /// <summary>As a request has it, without the secret.</summary>
    public required WorkflowRequest Settings { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Only events behind this position concern it.</summary>
    public required long Since { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant UpdatedAt { get; init; }

    /// <summary>Null: this server does not know the event; another one that is newer does.</summary>
    public WorkflowEvent? Event => WorkflowEvents.Find(Settings.Event);
}

/// <summary>A rule and one event.</summary>
internal sealed record RunRow
{
    public required string Id { get; init; }
    public required string Workflow { get; init; }
    public required long Version { get; init; }

    /// <summary>Id of the event.</summary>
    public required string Event { get; init; }

    /// <summary>Empty: the event is the operator's own.</summary>
    public required string Tenant { get; init; }

    /// <summary>Of the event.</summary>
    public required string Type { get; init; }
    public required long Position { get; init; }
    public required RunStatus Status { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>The action that is next, from 0.</summary>
    public int Action { get; init; }
    public required int Actions { get; init; }

    /// <summary>How often the next action was tried since the run came to it.</summary>
    public int Tries { get; init; }
    public required Instant DueAt { get; init; }

    /// <summary>Who goes on with it now; empty: nobody.</summary>
    public string Lease { get; init; } = "";
    public Instant FreeAt { get; init; } = Instant.Always;
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; init; }
}

internal sealed record RunActionRow(string Run, int Number, string Kind, ActionStatus Status, int Attempts, Instant AttemptedAt, string Reason);

/// <summary>An event that has happened, or a sample of one.</summary>
internal sealed record Happening(string Type, string Id, string Tenant, long Position, Instant At, JsonElement Data);

/// <summary>What came of trying an action.</summary>
/// <param name="Reason">A word; never with to whom or what.</param>
internal sealed record ActionResult(ActionOutcome Outcome, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly ActionResult Done = new(ActionOutcome.Done);

    public static ActionResult Skipped(string reason) => new(ActionOutcome.Skipped, reason);

    public static ActionResult Refused(string reason) => new(ActionOutcome.Refused, reason);

    public static ActionResult Later(string reason, TimeSpan? after = null) => new(ActionOutcome.Later, reason, after);
}
