using System.Text.Json;
using Topup.Domain.Automation;

namespace Topup.Server.Automation.Workflows;

/// <summary>A ready sample of every event, as the log of events would have it.</summary>
internal static class WorkflowSamples
{
    private const string Remaining = """{"allowance":0,"unlimited":false,"purchased":480,"held":0,"debt":0,"total":480,"resets_at":"2026-04-01T00:00:00Z"}""";
    private const string Entry = $$"""{"type":"sms","entry":"acme~sms~812","amount":500,"remaining":{{Remaining}},"reference":"order-4711"}""";

    private const string Purchase =
        """
        {"purchase":"acme~019cd79f-3060-7020-9115-ef940069075f","status":"credited","method":"stripe","pack":"sms-500","title":"500 SMS","type":"sms","price":25,
        "currency":"USD","paid":25,"refunded":0}
        """;

    private const string AutoTopUp =
        """{"type":"sms","method":"stripe","reason":"card_declined","price":25,"monthly_cap":100,"currency":"USD","failures":1,"waits_until":"2026-03-10T13:00:00Z"}""";

    private const string AddOn =
        """
        {"addon":"extra-seats","type":"sms","status":"suspended","previous":"grace","reason":"insufficient_credits","charge":30,"missing":12,
        "paid_until":"2026-03-10","grace_until":"2026-03-13"}
        """;

    private const string Message =
        """
        {"message":"acme~0af7651916cd43dd8448eb211c80319c","channel":"sms","purpose":"transactional","type":"sms","status":"failed","reason":"no_driver","credits":1,
        "reference":"order-4711"}
        """;

    private const string Reconciliation =
        """
        {"reconciliation":"019cd79f-3060-7020-9115-ef940069075f","from":"2026-03-09T00:00:00Z","until":"2026-03-10T00:00:00Z","listed":120,"matched":120,"repaired":1,
        "orphans":2,"failed":[]}
        """;

    public static JsonElement Of(WorkflowEvent kind)
    {
        var family = kind.Event[..kind.Event.IndexOf('.', StringComparison.Ordinal)];
        using var data = JsonDocument.Parse(kind.Event switch
        {
            "credits.low" => With(Entry, """ "threshold":{"percent":20}"""),
            "credits.expiring" => With(Entry, """ "expires_at":"2026-03-17T12:00:00Z" """),
            "limit.reached" =>
                """
                {"limit":{"code":"daily","subject":"project-1","type":"sms","off":false,"cap":{"amount":1000,"measure":"uses","per":"day"},"used":1000,"left":0,
                "resets_at":"2026-03-11T00:00:00Z"}}
                """,
            WorkflowEvents.WeeklyStatement =>
                $$"""{"from":"2026-03-02","to":"2026-03-08","pools":[{"type":"sms","used":120,"remaining":{{Remaining}}}],"purchases":1}""",
            "webhook.disabled" =>
                """{"endpoint":"019cd79f-3060-7020-9115-ef940069075f","host":"example.com","reason":"failing","failing_since":"2026-03-05T12:00:00Z","last_status":500}""",
            _ => family switch
            {
                "purchase" => Purchase,
                "autotopup" => AutoTopUp,
                "addon" => AddOn,
                "message" => Message,
                "reconciliation" => Reconciliation,
                "tenant" or "plan" => """{"tenant":"acme","plan":"pro","previous_plan":"free"}""",
                _ => Entry,
            },
        });
        return data.RootElement.Clone();
    }

    private static string With(string json, string more) => json[..^1] + "," + more + "}";
}
