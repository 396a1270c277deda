namespace Topup.Contracts;

/// <summary>Every type of event that the server tells.</summary>
public static class EventTypes
{
    /// <summary>In lists of types: all of them, also those that come later.</summary>
    public const string Any = "*";

    /// <summary>What a test of a webhook endpoint sends. It is never in the log of events.</summary>
    public const string Ping = "webhook.ping";

    /// <summary>All types in the log of events, in the order of their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "addon.disabled", "addon.enabled", "addon.renewed", "addon.suspended", "allowance.reset", "autotopup.failed", "autotopup.succeeded",
        "autotopup.suspended", "balance.credited", "credits.exhausted", "credits.expired", "credits.expiring", "credits.granted", "credits.low",
        "credits.purchased", "credits.recovered", "hold.expired", "limit.reached", "message.failed", "message.refused", "message.sent",
        "message.unknown", "plan.changed", "purchase.canceled", "purchase.disputed",
        "purchase.expired", "purchase.failed", "purchase.needs_review", "purchase.paid", "purchase.pending", "purchase.refunded",
        "reconciliation.completed", "reconciliation.orphan", "statement.weekly", "tenant.created", "webhook.disabled",
    ];
}
