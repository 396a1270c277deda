using System.Text.Json;

namespace Topup.Contracts;

/// <summary>A rule: when an event happens and its conditions hold, its actions are done, one after the other.</summary>
public sealed record WorkflowRequest
{
    /// <summary>For people; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One of <c>GET /v1/workflow-events</c>, such as <c>credits.low</c> or <c>topup.purchased</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Left out: every event of that name.</summary>
    public WorkflowConditionTerms? Conditions { get; init; }

    /// <summary>1 to 10, done in this order.</summary>
    public required IReadOnlyList<WorkflowAction> Actions { get; init; }

    /// <summary>Left out: true. False: it starts nothing, and what it has begun is canceled.</summary>
    public bool? Enabled { get; init; }

    /// <summary>
    /// With which its webhooks are signed: <c>whsec_</c> and the base64 of 24 to 64 bytes. Left out: it stays; where there is none,
    /// the server makes one and shows it in the reply, once.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>A record would write its secret into a log.</summary>
    public override string ToString() => $"{nameof(WorkflowRequest)} {{ {nameof(Event)} = {Event} }}";
}

/// <summary>What must hold of an event. What is left out does not matter; what makes no sense for the event is refused.</summary>
public sealed record WorkflowConditionTerms
{
    public string? Tenant { get; init; }

    /// <summary>The tenant's plan when the event is looked at.</summary>
    public string? Plan { get; init; }

    /// <summary>The credit type.</summary>
    public string? Type { get; init; }

    /// <summary>The channel of the credit type, such as sms.</summary>
    public string? Channel { get; init; }

    /// <summary>At least so much: credits of <see cref="Type"/>, or money of <see cref="Currency"/>; that must be given too.</summary>
    public decimal? AmountMin { get; init; }

    /// <summary>At most so much.</summary>
    public decimal? AmountMax { get; init; }

    /// <summary>ISO 4217 code, for events with a price.</summary>
    public string? Currency { get; init; }

    /// <summary>In <c>credits.low</c>: the mark that was crossed is a percentage of at most so many, or an amount of at most so many credits of <see cref="Type"/>.</summary>
    public ThresholdView? ThresholdMax { get; init; }
}

/// <summary>One thing to do. Which fields it has follows from its kind.</summary>
public sealed record WorkflowAction
{
    /// <summary><c>email</c>, <c>sms</c>, <c>whatsapp</c>, <c>webhook</c>, <c>grant</c>, <c>pause_tenant</c> or <c>resume_tenant</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of a message: <c>tenant</c>, <c>operator</c>, or an address or number.</summary>
    public string? To { get; init; }

    /// <summary>Of an e-mail; at most 200 characters, with shortcodes.</summary>
    public string? Subject { get; init; }

    /// <summary>Of a message, with shortcodes; at most 20,000 characters, 1,600 on sms and whatsapp.</summary>
    public string? Text { get; init; }

    /// <summary>Of an e-mail, with shortcodes between tags and in quoted attributes; at most 100,000 characters.</summary>
    public string? Html { get; init; }

    /// <summary>Of a webhook, as of a webhook endpoint.</summary>
    public string? Url { get; init; }

    /// <summary>Of a webhook: any JSON, with shortcodes in its texts; at most 20,000 characters. Left out: the event as webhook endpoints get it.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Of a webhook: leave to send to private addresses, and without TLS.</summary>
    public bool? AllowPrivate { get; init; }

    /// <summary>Of a grant: the credit type.</summary>
    public string? Type { get; init; }

    /// <summary>Of a grant: how many credits.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Of a grant, or of a pause, for the history; at most 200 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a grant: it ends so many days after the event, 1 to 3,650. Left out: never.</summary>
    public int? ExpiresInDays { get; init; }
}

public sealed record WorkflowView
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Event { get; init; }
    public WorkflowConditionTerms? Conditions { get; init; }
    public required IReadOnlyList<WorkflowAction> Actions { get; init; }
    public required bool Enabled { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>With which its webhooks are signed. Only in the reply that made it, and never again.</summary>
    public string? Secret { get; init; }
}

/// <summary>A workflow and one event. Neither to whom nor what was sent is kept.</summary>
public sealed record WorkflowRunView
{
    public required string Id { get; init; }
    public required string Workflow { get; init; }

    /// <summary>The type of the event.</summary>
    public required string Event { get; init; }
    public required string EventId { get; init; }
    public required long Position { get; init; }

    /// <summary>Absent: the event is the operator's own.</summary>
    public string? Tenant { get; init; }

    /// <summary><c>waiting</c>, <c>done</c>, <c>failed</c>, <c>skipped</c> or <c>canceled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it was skipped (<c>loop</c>: a workflow caused the event) or canceled, or the last reason of the action that failed.</summary>
    public string? Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it goes on, at the earliest; absent: it does not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
    public required IReadOnlyList<WorkflowRunAction> Actions { get; init; }
}

public sealed record WorkflowRunAction
{
    public required string Kind { get; init; }

    /// <summary><c>waiting</c>, <c>done</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string Status { get; init; }
    public required int Attempts { get; init; }

    /// <summary>What the last attempt came to, where it was not done.</summary>
    public string? Reason { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
}

/// <summary>Try a workflow, enabled or not, with an event that has not happened.</summary>
public sealed record WorkflowTestRequest
{
    /// <summary>Left out: a ready sample of the workflow's event.</summary>
    public WorkflowSample? Event { get; init; }

    /// <summary>True: its messages are sent once, to <see cref="To"/> and nobody else. All else is never done in a test.</summary>
    public bool? Send { get; init; }

    /// <summary>An e-mail address or a phone number; messages of other channels are not sent.</summary>
    public string? To { get; init; }
}

public sealed record WorkflowSample
{
    /// <summary>A tenant that there is; left out: an example.</summary>
    public string? Tenant { get; init; }

    /// <summary>As in the log of events.</summary>
    public required JsonElement Data { get; init; }
}

public sealed record WorkflowTestReply
{
    /// <summary>Whether its conditions hold for the event.</summary>
    public required bool Matches { get; init; }

    /// <summary>What each shortcode stands for.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }
    public required IReadOnlyList<WorkflowTestAction> Actions { get; init; }
}

/// <summary>What an action would do.</summary>
public sealed record WorkflowTestAction
{
    public required string Kind { get; init; }

    /// <summary>Absent: there is no address.</summary>
    public string? To { get; init; }
    public string? Subject { get; init; }
    public string? Text { get; init; }
    public string? Html { get; init; }
    public string? Url { get; init; }
    public JsonElement? Body { get; init; }
    public string? Type { get; init; }
    public decimal? Amount { get; init; }

    /// <summary>Of a message that was sent to try it: <c>accepted</c>, <c>refused</c>, <c>later</c> or <c>unknown</c>.</summary>
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
}

/// <summary>An event that a workflow may name, and what makes sense for it.</summary>
public sealed record WorkflowEventView
{
    public required string Event { get; init; }

    /// <summary>Its name in the log of events.</summary>
    public required string LoggedAs { get; init; }

    /// <summary>Only events of this channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Fields of <see cref="WorkflowConditionTerms"/>.</summary>
    public required IReadOnlyList<string> Conditions { get; init; }
    public required IReadOnlyList<ShortcodeView> Shortcodes { get; init; }
}

/// <summary>A name in braces, such as <c>{topup_credits}</c>.</summary>
public sealed record ShortcodeView
{
    public required string Name { get; init; }
    public required string Example { get; init; }
}

/// <summary>A ready-made rule. It does nothing until it is saved.</summary>
public sealed record WorkflowPresetView
{
    /// <summary>Under which to save it, unless you have another.</summary>
    public required string Code { get; init; }
    public required WorkflowRequest Workflow { get; init; }
}

/// <summary>What a tenant used and has left, in <c>statement.weekly</c>.</summary>
public sealed record StatementEvent
{
    /// <summary>The Monday on which the week began.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its Sunday.</summary>
    public required DateOnly To { get; init; }
    public required IReadOnlyList<StatementPool> Pools { get; init; }

    /// <summary>How many were paid in the week.</summary>
    public required int Purchases { get; init; }
}

public sealed record StatementPool
{
    public required string Type { get; init; }

    /// <summary>Less what was given back.</summary>
    public required decimal Used { get; init; }
    public required Remaining Remaining { get; init; }
}
