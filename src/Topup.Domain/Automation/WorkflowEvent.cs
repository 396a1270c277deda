using System.Collections.Immutable;

namespace Topup.Domain.Automation;

/// <summary>Fields of an event that a condition can ask about.</summary>
[Flags]
public enum WorkflowField
{
    None = 0,
    Tenant = 1,
    Plan = 2,

    /// <summary>The credit type, and by it the channel.</summary>
    Type = 4,

    /// <summary>An amount of the credit type.</summary>
    Credits = 8,

    /// <summary>An amount of money, in a currency.</summary>
    Price = 16,

    /// <summary>The low mark that was crossed.</summary>
    Threshold = 32,
}

/// <summary>A name that a text of a workflow may have in braces.</summary>
/// <param name="Example">What a sample event has there.</param>
/// <param name="IsLink">Its value is an address, which is encoded already.</param>
public sealed record Shortcode(string Name, string Example, bool IsLink = false);

/// <summary>An event as a workflow may name it.</summary>
/// <param name="Name">The event's own name, or one of the other names that it has here, such as <c>sms.exhausted</c>.</param>
/// <param name="Event">Its name in the log of events.</param>
/// <param name="Channel">Only events of credit types of this channel; null: of all.</param>
/// <param name="Fields">What conditions may ask about.</param>
/// <param name="Shortcodes">What texts may name.</param>
public sealed record WorkflowEvent(string Name, string Event, string? Channel, WorkflowField Fields, ImmutableArray<Shortcode> Shortcodes)
{
    /// <summary>It is about a tenant.</summary>
    public bool IsOfTenant => Fields.HasFlag(WorkflowField.Tenant);

    public bool Has(string shortcode) => Shortcodes.Any(known => known.Name == shortcode);
}

/// <summary>Every event that a workflow may name, with the conditions and shortcodes that make sense for it.</summary>
public static class WorkflowEvents
{
    /// <summary>Told once a week for each tenant, when somebody asks for it.</summary>
    public const string WeeklyStatement = "statement.weekly";

    private const WorkflowField OfTenant = WorkflowField.Tenant | WorkflowField.Plan;
    private const WorkflowField OfType = OfTenant | WorkflowField.Type;

    private static readonly Shortcode[] Always = [new("event", "credits.purchased"), new("event_time", "2026-03-10 12:00"), new("operator_name", "Example Platform")];

    private static readonly Shortcode[] Tenant =
    [
        .. Always, new("tenant_name", "Acme Ltd"), new("tenant_id", "acme"), new("tenant_email", "owner@acme.example"), new("tenant_phone", "+5511998765432"),
        new("tenant_plan", "Pro"), new("topup_link", "https://example.com/top-up?tenant=acme&type=sms", IsLink: true),
    ];

    private static readonly Shortcode[] Pool =
    [
        .. Tenant, new("credit_type", "SMS"), new("credit_unit", "message"), new("credits_remaining", "480"), new("credits_allowance", "0"),
        new("credits_purchased", "480"), new("credits_held", "0"), new("resets_at", "2026-04-01 00:00"),
    ];

    private static readonly Shortcode[] Entry = [.. Pool, new("amount", "500"), new("reference", "order-4711")];

    /// <summary>The five of purchases.</summary>
    private static readonly Shortcode[] TopUp =
    [
        new("topup_plan_name", "500 SMS"), new("topup_plan_type", "SMS"), new("topup_credits", "500"), new("topup_price", "$25.00"),
        new("topup_payment_method", "Stripe"), new("purchase_id", "acme~019cd79f-3060-7020-9115-ef940069075f"),
    ];

    private static readonly Shortcode[] Purchase = [.. Pool, .. TopUp, new("purchase_status", "credited"), new("refunded", "$0.00"), new("reason", "card_declined")];

    private static readonly Shortcode[] AutoTopUp =
    [
        .. Pool, new("topup_price", "$25.00"), new("topup_payment_method", "Stripe"), new("reason", "card_declined"), new("monthly_cap", "$100.00"),
        new("failures", "1"), new("waits_until", "2026-03-10 13:00"),
    ];

    private static readonly Shortcode[] AddOn =
    [
        .. Pool, new("addon_name", "Extra seats"), new("addon_status", "suspended"), new("reason", "insufficient_credits"), new("amount", "30"),
        new("missing", "12"), new("paid_until", "2026-03-10"), new("grace_until", "2026-03-13"),
    ];

    private static readonly Shortcode[] Message =
        [.. Pool, new("channel", "sms"), new("message_status", "failed"), new("reason", "no_driver"), new("amount", "1"), new("reference", "order-4711")];

    private static readonly Shortcode[] Limit =
    [
        .. Tenant, new("limit_code", "daily"), new("limit_subject", "project-1"), new("limit_cap", "1,000"), new("limit_used", "1,000"),
        new("limit_resets_at", "2026-03-11 00:00"),
    ];

    private static readonly Shortcode[] Statement =
    [
        .. Tenant, new("statement_from", "2026-03-02"), new("statement_to", "2026-03-08"), new("statement_lines", "SMS: 120 used, 480 left"),
        new("purchases", "1"),
    ];

    /// <summary>In the order of their names.</summary>
    public static ImmutableArray<WorkflowEvent> All { get; } = [.. Known().OrderBy(known => known.Name, StringComparer.Ordinal)];

    /// <summary>Null: there is none of this name.</summary>
    public static WorkflowEvent? Find(string name) => All.FirstOrDefault(known => known.Name == name);

    private static WorkflowEvent[] Known() =>
    [
        Of("credits.granted", OfType | WorkflowField.Credits, Entry),
        Of("balance.credited", OfType | WorkflowField.Credits, Entry),
        Of("credits.purchased", OfType | WorkflowField.Credits, [.. Entry, .. TopUp]),
        As("topup.purchased", "credits.purchased", null, OfType | WorkflowField.Credits, [.. Entry, .. TopUp]),
        Of("credits.low", OfType | WorkflowField.Credits | WorkflowField.Threshold, [.. Entry, new("threshold", "20 %"), new("runs_out_on", "2026-03-17")]),
        Of("credits.exhausted", OfType | WorkflowField.Credits, Entry),
        As("sms.exhausted", "credits.exhausted", "sms", OfType | WorkflowField.Credits, Entry),
        As("whatsapp.exhausted", "credits.exhausted", "whatsapp", OfType | WorkflowField.Credits, Entry),
        As("email.exhausted", "credits.exhausted", "email", OfType | WorkflowField.Credits, Entry),
        Of("credits.recovered", OfType | WorkflowField.Credits, Entry),
        Of("credits.expiring", OfType | WorkflowField.Credits, [.. Entry, new("expires_at", "2026-03-17 12:00")]),
        Of("credits.expired", OfType | WorkflowField.Credits, Entry),
        Of("allowance.reset", OfType | WorkflowField.Credits, Entry),
        Of("hold.expired", OfType | WorkflowField.Credits, Entry),
        .. Many(OfType | WorkflowField.Price, Purchase, "purchase.canceled", "purchase.disputed", "purchase.expired", "purchase.failed",
            "purchase.needs_review", "purchase.paid", "purchase.pending", "purchase.refunded"),
        .. Many(OfType | WorkflowField.Price, AutoTopUp, "autotopup.failed", "autotopup.succeeded", "autotopup.suspended"),
        .. Many(OfType | WorkflowField.Credits, AddOn, "addon.disabled", "addon.enabled", "addon.renewed", "addon.suspended"),
        .. Many(OfType | WorkflowField.Credits, Message, "message.failed", "message.refused", "message.sent", "message.unknown"),
        Of("limit.reached", OfType, Limit),
        Of("tenant.created", OfTenant, Tenant),
        Of("plan.changed", OfTenant, [.. Tenant, new("previous_plan", "Free")]),
        Of(WeeklyStatement, OfTenant, Statement),
        .. Many(WorkflowField.None, [.. Always, new("matched", "120"), new("repaired", "1"), new("orphans", "2")],
            "reconciliation.completed", "reconciliation.orphan"),
        Of("webhook.disabled", WorkflowField.None, [.. Always, new("endpoint_host", "example.com"), new("reason", "failing")]),
    ];

    private static WorkflowEvent Of(string name, WorkflowField fields, Shortcode[] shortcodes) => As(name, name, null, fields, shortcodes);

    private static WorkflowEvent As(string name, string @event, string? channel, WorkflowField fields, Shortcode[] shortcodes) =>
        new(name, @event, channel, fields, [.. shortcodes.DistinctBy(code => code.Name)]);

    private static IEnumerable<WorkflowEvent> Many(WorkflowField fields, Shortcode[] shortcodes, params string[] names) =>
        names.Select(name => Of(name, fields, shortcodes));
}
