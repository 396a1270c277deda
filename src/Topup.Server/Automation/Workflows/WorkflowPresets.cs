using Topup.Contracts;

namespace Topup.Server.Automation.Workflows;

/// <summary>Ready-made rules, in English. They do nothing until the operator saves them.</summary>
internal static class WorkflowPresets
{
    private const string Link = "Top up: {topup_link}";
    private const string LinkHtml = "<p><a href=\"{topup_link}\">Top up</a></p>";

    public static IReadOnlyList<WorkflowPresetView> All { get; } =
    [
        Mail("purchase-confirmation", "Purchase confirmation", "topup.purchased", "Your top-up: {topup_plan_name}",
            """
            Hello {tenant_name},

            thank you for your top-up.

            Top-up: {topup_plan_name}
            Type: {topup_plan_type}
            Credits: {topup_credits}
            Price: {topup_price}
            Paid with: {topup_payment_method}

            You now have {credits_remaining} {credit_type} credits.
            """,
            """
            <p>Hello {tenant_name},</p>
            <p>thank you for your top-up.</p>
            <table>
            <tr><td>Top-up</td><td>{topup_plan_name}</td></tr>
            <tr><td>Type</td><td>{topup_plan_type}</td></tr>
            <tr><td>Credits</td><td>{topup_credits}</td></tr>
            <tr><td>Price</td><td>{topup_price}</td></tr>
            <tr><td>Paid with</td><td>{topup_payment_method}</td></tr>
            </table>
            <p>You now have {credits_remaining} {credit_type} credits.</p>
            """),
        Mail("credits-low", "20 % left", "credits.low", "{credit_type}: {credits_remaining} credits left",
            $$"""
            Hello {tenant_name},

            your {credit_type} credits are running low: {credits_remaining} are left.

            {{Link}}
            """,
            $$"""
            <p>Hello {tenant_name},</p>
            <p>your {credit_type} credits are running low: <strong>{credits_remaining}</strong> are left.</p>
            {{LinkHtml}}
            """, new WorkflowConditionTerms { ThresholdMax = new ThresholdView { Percent = 20 } }),
        Mail("credits-exhausted", "Credits exhausted", "credits.exhausted", "{credit_type}: no credits left",
            $$"""
            Hello {tenant_name},

            your last {credit_type} credit is used. What needs credits is stopped until you top up, or until {resets_at} if your plan includes some.

            {{Link}}
            """,
            $$"""
            <p>Hello {tenant_name},</p>
            <p>your last {credit_type} credit is used. What needs credits is stopped until you top up, or until {resets_at} if your plan includes some.</p>
            {{LinkHtml}}
            """),
        Mail("credits-expiring", "Credits expire soon", "credits.expiring", "{amount} {credit_type} credits expire on {expires_at}",
            """
            Hello {tenant_name},

            {amount} of your {credit_type} credits expire on {expires_at}. Use them before then.
            """,
            """
            <p>Hello {tenant_name},</p>
            <p>{amount} of your {credit_type} credits expire on {expires_at}. Use them before then.</p>
            """),
        Mail("auto-top-up-failed", "Automatic top-up failed", "autotopup.failed", "Your automatic top-up of {credit_type} failed",
            $$"""
            Hello {tenant_name},

            your automatic top-up of {credit_type} could not be paid with {topup_payment_method} ({reason}). You have {credits_remaining} credits left.

            {{Link}}
            """,
            $$"""
            <p>Hello {tenant_name},</p>
            <p>your automatic top-up of {credit_type} could not be paid with {topup_payment_method} ({reason}). You have {credits_remaining} credits left.</p>
            {{LinkHtml}}
            """),
        Mail("addon-suspended", "Add-on suspended", "addon.suspended", "{addon_name} could not be renewed",
            $$"""
            Hello {tenant_name},

            {addon_name} could not be renewed: {amount} {credit_type} credits are needed, and {missing} are missing. It is now: {addon_status}.

            {{Link}}
            """,
            $$"""
            <p>Hello {tenant_name},</p>
            <p>{addon_name} could not be renewed: {amount} {credit_type} credits are needed, and {missing} are missing. It is now: {addon_status}.</p>
            {{LinkHtml}}
            """),
        Mail("weekly-statement", "Weekly statement", "statement.weekly", "Your credits, {statement_from} to {statement_to}",
            """
            Hello {tenant_name},

            this was your week from {statement_from} to {statement_to}:

            {statement_lines}

            Top-ups paid: {purchases}
            """,
            """
            <p>Hello {tenant_name},</p>
            <p>this was your week from {statement_from} to {statement_to}:</p>
            <pre>{statement_lines}</pre>
            <p>Top-ups paid: {purchases}</p>
            """),
    ];

    private static WorkflowPresetView Mail(
        string code, string name, string @event, string subject, string text, string html, WorkflowConditionTerms? conditions = null) => new()
    {
        Code = code,
        Workflow = new WorkflowRequest
        {
            Name = name, Event = @event, Conditions = conditions,
            Actions = [new WorkflowAction { Kind = WorkflowForm.Email, To = WorkflowForm.ToTenant, Subject = subject, Text = text, Html = html }],
        },
    };
}
