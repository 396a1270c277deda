using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Web.Admin.CreditTypes;

/// <summary>A credit type as it was typed into the form of its page.</summary>
internal static class TypedCreditType
{
    /// <param name="locked">The type that is changed; what can never be changed of it is not read from the form. Null: a new one.</param>
    public static Outcome<CreditTypeRequest> Read(IFormCollection form, CreditTypeView? locked, Locale l)
    {
        var decimals = locked?.Decimals ?? TypedNumber.WholeOrNull("decimals", Text("decimals"), l);
        var (lowPercent, runway, expiring) = (Whole("low_percent"), Whole("runway_days"), Whole("expiring_days"));
        var (lowAmount, debtLimit, unitCost) = (Number("low_amount"), Number("debt_limit"), Number("unit_cost"));
        if ((decimals.Problem ?? lowPercent.Problem ?? runway.Problem ?? expiring.Problem ?? lowAmount.Problem ?? debtLimit.Problem ?? unitCost.Problem) is { } wrong)
            return wrong;
        return new CreditTypeRequest
        {
            Name = Text("name"), Unit = Text("unit"), Decimals = decimals.Value ?? 0, Enabled = Text("enabled") == "true",
            Channel = OrNull("channel"), CampaignPool = OrNull("campaign_pool"), NeedsActivePlan = Text("needs_active_plan") == "true",
            Currency = locked is null ? OrNull("currency")?.ToUpperInvariant() : locked.Currency, DebtLimit = debtLimit.Value, LowPercent = lowPercent.Value,
            LowAmount = lowAmount.Value, UnitCost = unitCost.Value, RunwayDays = runway.Value, ExpiringDays = expiring.Value,
        };

        string Text(string field) => form[field].ToString();
        string? OrNull(string field) => Text(field).Trim() is { Length: > 0 } typed ? typed : null;
        Outcome<int?> Whole(string field) => TypedNumber.WholeOrNull(field, Text(field), l);
        Outcome<decimal?> Number(string field) => TypedNumber.OrNull(field, Text(field), l);
    }

    /// <summary>A type as it is, to be saved with what differs.</summary>
    public static CreditTypeRequest RequestOf(CreditTypeView type) => new()
    {
        Name = type.Name, Unit = type.Unit, Decimals = type.Decimals, Enabled = type.Enabled, Channel = type.Channel, CampaignPool = type.CampaignPool,
        NeedsActivePlan = type.NeedsActivePlan, Currency = type.Currency, DebtLimit = type.DebtLimit, LowPercent = type.LowPercent,
        LowAmount = type.LowAmount, UnitCost = type.UnitCost, RunwayDays = type.RunwayDays, ExpiringDays = type.ExpiringDays,
    };
}
