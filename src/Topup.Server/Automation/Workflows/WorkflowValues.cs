using System.Globalization;
using System.Text.Json;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Domain.Catalog;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Receipts;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Workflows;

/// <summary>
/// What the shortcodes of an event stand for: what the event says, and what is known of its tenant, pool and purchase now.
/// Money and numbers are written as the operator's settings say, times as a clock of the operator shows them.
/// </summary>
internal sealed class WorkflowValues(
    Database database, CatalogCache catalogs, LedgerReader reader, CheckoutStore purchases, OperatorSettings settings, LedgerOptions ledger, TimeZoneInfo zone)
{
    /// <summary>No value is longer, whatever somebody has written into a name.</summary>
    private const int LengthMax = 2_000;

    public async Task<IReadOnlyDictionary<string, string>> Of(WorkflowEvent kind, Happening happening, CancellationToken stop)
    {
        var catalog = await catalogs.Refresh(stop);
        var tenant = happening.Tenant.Length == 0 ? null : await database.Read(connection => TenancyStore.FindTenant(connection, happening.Tenant), stop);
        var type = EventData.Text(happening.Data, "type") is { } code ? catalog.Types.GetValueOrDefault(code) : null;
        var facts = new Facts(happening, tenant, type, catalog, await settings.Money(stop), zone);
        var values = kind.Shortcodes.ToDictionary(known => known.Name, _ => "", StringComparer.Ordinal);
        foreach (var (name, value) in facts.General().Append(("operator_name", await OperatorName(stop))).Append(("topup_link", TopUpLink(facts)))
            .Concat(facts.Told()).Concat(await Pool(facts, stop)).Concat(await Bought(kind, facts, stop)))
            if (values.ContainsKey(name) && value is { Length: > 0 }) values[name] = value.Length <= LengthMax ? value : value[..LengthMax];
        return values;
    }

    private async Task<string?> OperatorName(CancellationToken stop) => (await settings.Operator(stop)).Name ?? (await settings.Business(stop)).Name;

    private string? TopUpLink(Facts facts) => facts.Happening.Tenant.Length == 0 ? null : ledger.TopUpUrlOf(facts.Happening.Tenant, facts.Type?.Code ?? "");

    /// <summary>As the event says, where it says so; else as it is now.</summary>
    private async Task<IEnumerable<(string, string?)>> Pool(Facts facts, CancellationToken stop)
    {
        if (facts.Type is not { } type) return [];
        if (EventData.Object(facts.Happening.Data, "remaining") is { } told) return facts.Pool(told);
        if (facts.Tenant is null) return facts.Pool(default);
        var pool = await reader.Pool(facts.Tenant.Id, type, stop);
        return facts.Pool(pool.Problem is null
            ? JsonSerializer.SerializeToElement(LedgerViews.Remaining(pool.Value.Pool, type), Json.Wire.Remaining)
            : default);
    }

    /// <summary>The purchase that an event is about: it names it, or its reference is the number of the order.</summary>
    private async Task<IEnumerable<(string, string?)>> Bought(WorkflowEvent kind, Facts facts, CancellationToken stop)
    {
        if (!kind.Has("topup_plan_name")) return [];
        var data = facts.Happening.Data;
        var id = EventData.Text(data, "purchase") ?? (EventData.Text(data, "reference") is { } order ? $"{facts.Happening.Tenant}~{order}" : "");
        var row = PurchaseId.TryParse(id, out var purchase) && purchase.Tenant == facts.Happening.Tenant ? await purchases.Find(purchase, stop) : null;
        return facts.Purchase(row);
    }

    /// <summary>An event and all that is known beside it, in words.</summary>
    private sealed record Facts(Happening Happening, TenantRow? Tenant, CreditType? Type, CatalogSnapshot Catalog, MoneyOnScreen Money, TimeZoneInfo Zone)
    {
        private JsonElement Data => Happening.Data;

        public IEnumerable<(string, string?)> General() =>
        [
            ("event", Happening.Type), ("event_time", Time(Happening.At)), ("tenant_id", Happening.Tenant), ("tenant_name", Tenant?.Name),
            ("tenant_email", Tenant?.Email), ("tenant_phone", Tenant?.Phone), ("tenant_plan", PlanName(Tenant?.Plan)),
            ("credit_type", Type?.Name), ("credit_unit", Type?.Unit),
        ];

        /// <summary>What the event itself says.</summary>
        public IEnumerable<(string, string?)> Told() =>
        [
            ("amount", Credits("amount") ?? Credits("charge") ?? Credits("given_back") ?? Credits("credits")),
            ("reference", Said("reference")),
            ("reason", Said("reason") ?? Said("failure") ?? Said("review")),
            ("expires_at", Time("expires_at")),
            ("threshold", Threshold()),
            ("runs_out_on", Runway()),
            ("purchase_status", Said("status")),
            ("purchase_id", Said("purchase")),
            ("topup_price", Price("price")),
            ("topup_payment_method", Said("method") is { } method ? ReceiptLines.MethodName(method) : null),
            ("refunded", Price("refunded")),
            ("monthly_cap", Price("monthly_cap")),
            ("failures", Number("failures")),
            ("waits_until", Time("waits_until")),
            ("addon_name", Said("addon") is { } addOn ? Catalog.AddOns.GetValueOrDefault(addOn)?.Name ?? addOn : null),
            ("addon_status", Said("status")),
            ("missing", Credits("missing")),
            ("paid_until", Said("paid_until")),
            ("grace_until", Said("grace_until")),
            ("channel", Said("channel")),
            ("message_status", Said("status")),
            ("previous_plan", PlanName(Said("previous_plan"))),
            ("statement_from", Said("from")),
            ("statement_to", Said("to")),
            ("statement_lines", Statement()),
            ("purchases", Number("purchases")),
            ("matched", Number("matched")),
            ("repaired", Number("repaired")),
            ("orphans", Number("orphans")),
            ("endpoint_host", Said("host")),
            .. Limit(),
        ];

        public IEnumerable<(string, string?)> Pool(JsonElement remaining) =>
        [
            ("credits_remaining", IsUnlimited(remaining) ? "unlimited" : Credits(remaining, "total", Type!)),
            ("credits_allowance", IsUnlimited(remaining) ? "unlimited" : Credits(remaining, "allowance", Type!)),
            ("credits_purchased", Credits(remaining, "purchased", Type!)), ("credits_held", Credits(remaining, "held", Type!)),
            ("resets_at", Time(remaining, "resets_at")),
        ];

        public IEnumerable<(string, string?)> Purchase(PurchaseRow? row)
        {
            yield return ("topup_plan_name", row?.Title ?? Said("title"));
            yield return ("topup_plan_type", Type?.Name);
            if (row is null)
            {
                // Credits that no purchase of ours has brought: what the event says of them.
                if (Happening.Type == "credits.purchased") yield return ("topup_credits", Credits("amount"));
                yield break;
            }
            var bought = row.Purchase;
            yield return ("topup_credits", Catalog.Types.TryGetValue(bought.Type, out var type) ? Written(bought.Credits, type) : null);
            yield return ("topup_price", Money.Text(bought.Price, bought.Currency));
            yield return ("topup_payment_method", ReceiptLines.MethodName(bought.Method));
            yield return ("purchase_id", row.Id.ToString());
        }

        private IEnumerable<(string, string?)> Limit()
        {
            if (EventData.Object(Data, "limit") is not { } limit) return [];
            var cap = EventData.Object(limit, "cap") ?? default;
            var isOfCredits = EventData.Text(cap, "measure") == "credits";
            var type = isOfCredits && EventData.Text(limit, "type") is { } code ? Catalog.Types.GetValueOrDefault(code) : null;
            string? Count(JsonElement of, string name) => type is null ? EventData.Number(of, name) : Credits(of, name, type);
            return
            [
                ("limit_code", EventData.Text(limit, "code")), ("limit_subject", EventData.Text(limit, "subject")), ("limit_cap", Count(cap, "amount")),
                ("limit_used", Count(limit, "used")), ("limit_resets_at", Time(limit, "resets_at")),
            ];
        }

        private string? Threshold()
        {
            if (EventData.Object(Data, "threshold") is not { } mark) return null;
            return EventData.Number(mark, "percent") is { } percent ? percent + " %" : Type is null ? null : Credits(mark, "amount", Type);
        }

        private string? Runway() => EventData.Object(Data, "runway") is { } runway ? EventData.Text(runway, "runs_out_from") : Said("exceeds_allowance_on");

        private string? Statement()
        {
            if (!Data.TryGetProperty("pools", out var pools) || pools.ValueKind != JsonValueKind.Array) return null;
            return string.Join('\n', pools.EnumerateArray().Select(pool =>
            {
                if (EventData.Text(pool, "type") is not { } code || !Catalog.Types.TryGetValue(code, out var type)) return null;
                var remaining = EventData.Object(pool, "remaining") ?? default;
                return $"{type.Name}: {Credits(pool, "used", type)} used, {(IsUnlimited(remaining) ? "unlimited" : Credits(remaining, "total", type))} left";
            }).OfType<string>());
        }

        private string? PlanName(string? plan) => string.IsNullOrEmpty(plan) ? null : Catalog.Plans.GetValueOrDefault(plan)?.Name ?? plan;

        private string? Said(string name) => EventData.Text(Data, name);

        private string? Number(string name) => EventData.Number(Data, name);

        private string? Credits(string name) => Type is null ? null : Credits(Data, name, Type);

        private string? Credits(JsonElement of, string name, CreditType type) => EventData.Units(of, name, type.Decimals) is { } units ? Written(units, type) : null;

        private string Written(long units, CreditType type) => type.Currency is { } currency
            ? Money.Text(units, currency)
            : MoneyFormat.Number(units, type.Decimals, Money.Styles.GetValueOrDefault(Money.Currency) ?? MoneyStyle.Of(Money.Currency));

        private string? Price(string name) =>
            Said("currency") is { } currency && Currency.IsKnown(currency) && EventData.Units(Data, name, Currency.Digits(currency)) is { } units
                ? Money.Text(units, currency)
                : null;

        private string? Time(string name) => Time(Data, name);

        private string? Time(JsonElement of, string name) => EventData.Text(of, name) is { } text && Times.TryParse(text, out var at) ? Time(Instant.From(at)) : null;

        private string Time(Instant at) => LocalTime.Of(at, Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

        private static bool IsUnlimited(JsonElement remaining) => EventData.IsTrue(remaining, "unlimited");
    }
}
