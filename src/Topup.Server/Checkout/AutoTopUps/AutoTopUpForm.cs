using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>Automatic top-ups between the wire and their rows.</summary>
internal static class AutoTopUpForm
{
    private const int ByLengthMax = 128;
    private const int PercentMax = 99;

    /// <summary>What can be said of a request without looking at anything else.</summary>
    public static Problem? Check(AutoTopUpRequest request, CreditType type)
    {
        if (request.Threshold is null == request.ThresholdPercent is null)
            return Problems.Invalid("threshold", "Give either threshold or threshold_percent.");
        if (request.Pack is null && type.Currency is null)
            return Problems.Of(400, ProblemCodes.MissingField, "pack is missing. Only money is bought without one.", "pack");
        if (request.Pack is null && request.Target is null)
            return Problems.Of(400, ProblemCodes.MissingField, "target is missing: without a pack, it says how much money is bought.", "target");
        return Fields.Number("threshold_percent", request.ThresholdPercent, 1, PercentMax)
            ?? Fields.Code("pack", request.Pack)
            ?? Fields.Text("consent.by", request.Consent.By, ByLengthMax)
            ?? (string.IsNullOrWhiteSpace(request.Consent.Words) ? Problems.Invalid("consent.words", "consent.words must not be empty.", 1) : null)
            ?? Fields.Lines("consent.words", request.Consent.Words, AutoTopUpRule.WordsLengthMax);
    }

    public static AutoTopUpRequest Request(AutoTopUpRule rule, CreditType type) => new()
    {
        Threshold = rule.ThresholdPercent is null ? LedgerViews.Decimal(rule.Threshold, type) : null,
        ThresholdPercent = rule.ThresholdPercent,
        Pack = rule.Pack.Length == 0 ? null : rule.Pack,
        Target = rule.Target is { } target ? LedgerViews.Decimal(target, type) : null,
        Method = rule.Method,
        MonthlyCap = Amount.FromUnits(rule.MonthlyCap, Currency.Digits(rule.Currency)),
        Consent = new ConsentRequest { By = rule.Consent.By, Words = rule.Consent.Words },
    };

    public static string Json(AutoTopUpRule rule, CreditType type) => JsonSerializer.Serialize(Request(rule, type), Http.Json.Wire.AutoTopUpRequest);

    /// <param name="spent">In this month, in minor units.</param>
    public static AutoTopUpView View(AutoTopUpRow row, CreditType type, Outlook outlook, long spent)
    {
        var (rule, state) = (row.Rule, row.State);
        var terms = Request(rule, type);
        var waitsUntil = WaitsUntil(state, outlook.Now);
        return new AutoTopUpView
        {
            Tenant = row.Tenant,
            Type = row.Type,
            Status = state.IsSuspended ? "suspended" : state.Attempt is not null ? "ordering" : waitsUntil is not null ? "waiting" : "active",
            // The cap of a month that is over keeps nothing from being bought.
            Reason = state.Reason.Length == 0 || (state.Reason == AutoTopUp.CapReason && waitsUntil is null) ? null : state.Reason,
            Failures = state.Failures,
            WaitsUntil = waitsUntil,
            Threshold = terms.Threshold,
            ThresholdPercent = terms.ThresholdPercent,
            Pack = terms.Pack,
            Target = terms.Target,
            Method = rule.Method,
            MonthlyCap = terms.MonthlyCap,
            SpentThisMonth = Amount.FromUnits(spent, Currency.Digits(rule.Currency)),
            Currency = rule.Currency,
            Consent = new ConsentView { By = rule.Consent.By, Words = rule.Consent.Words, At = rule.Consent.At.ToDateTimeOffset() },
            LastPurchase = state.LastOrder.Length == 0 ? null : new PurchaseId(row.Tenant, state.LastOrder).ToString(),
            LastAt = state.LastAt == Instant.Always ? null : state.LastAt.ToDateTimeOffset(),
            WillOrderNow = outlook.WillOrder,
        };
    }

    /// <summary>Until when it orders nothing, whatever is missing; null: it may order, or never will by itself.</summary>
    public static DateTimeOffset? WaitsUntil(AutoTopUpState state, Instant now)
    {
        var until = state.Reason == AutoTopUp.CapReason ? Instant.Later(state.WaitsUntil, state.CapToldUntil) : state.WaitsUntil;
        return !state.IsSuspended && until > now ? until.ToDateTimeOffset() : null;
    }
}
