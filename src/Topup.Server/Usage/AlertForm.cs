using System.Collections.Immutable;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Usage;

/// <summary>What a tenant wants to be warned of, between the wire and its pool.</summary>
internal static class AlertForm
{
    public static Outcome<Thresholds> Read(AlertRequest request, CreditType type)
    {
        var percents = Marks<int, int>("low_percent", request.LowPercent, (field, percent) =>
            Fields.Number(field, percent, CreditType.LowPercentMin, CreditType.LowPercentMax) is { } wrong ? wrong : percent);
        var amounts = Marks<decimal, long>("low_amount", request.LowAmount, (field, amount) => Fields.Amount(field, amount, type.Decimals));
        if ((percents.Problem ?? amounts.Problem
            ?? Fields.Number("runway_days", request.RunwayDays, 0, CreditType.DaysMax)
            ?? Fields.Number("expiring_days", request.ExpiringDays, 0, CreditType.DaysMax)) is { } problem)
            return problem;
        return new Thresholds { Percents = percents.Value, Amounts = amounts.Value, RunwayDays = request.RunwayDays, ExpiringDays = request.ExpiringDays };
    }

    public static AlertView View(Thresholds own, CreditType type) => new()
    {
        Type = type.Code,
        LowPercent = own.Percents ?? (type.LowPercent is { } percent ? [percent] : []),
        LowAmount = [.. (own.Amounts ?? (type.LowAmount is { } amount ? [amount] : [])).Select(units => LedgerViews.Decimal(units, type))],
        RunwayDays = own.RunwayDays ?? type.RunwayDays ?? 0,
        ExpiringDays = own.ExpiringDays ?? type.ExpiringDays ?? 0,
        Own = OwnOf(own, type),
    };

    /// <summary>For the audit; null: all is as the type says.</summary>
    public static string? Json(Thresholds own, CreditType type) =>
        OwnOf(own, type) is { } said ? JsonSerializer.Serialize(said, Http.Json.Wire.AlertRequest) : null;

    private static AlertRequest? OwnOf(Thresholds own, CreditType type) =>
        own is { Percents: null, Amounts: null, RunwayDays: null, ExpiringDays: null } ? null : new AlertRequest
        {
            LowPercent = own.Percents,
            LowAmount = own.Amounts?.Select(units => LedgerViews.Decimal(units, type)).ToList(),
            RunwayDays = own.RunwayDays,
            ExpiringDays = own.ExpiringDays,
        };

    /// <summary>The largest first, each once; null: left out.</summary>
    private static Outcome<ImmutableArray<TMark>?> Marks<TWire, TMark>(string field, IReadOnlyList<TWire>? marks, Func<string, TWire, Outcome<TMark>> read)
        where TMark : struct
    {
        if (marks is null) return (ImmutableArray<TMark>?)null;
        if (marks.Count > Thresholds.MarksMax)
            return Problems.Invalid(field, $"{field} must be at most {Thresholds.MarksMax} marks.", Thresholds.MarksMax);
        var values = new List<TMark>();
        for (var at = 0; at < marks.Count; at++)
        {
            var mark = read($"{field}[{at}]", marks[at]);
            if (mark.Problem is { } wrong) return wrong;
            if (values.Contains(mark.Value)) return Problems.Invalid($"{field}[{at}]", $"{field} has the same mark twice.");
            values.Add(mark.Value);
        }
        return (ImmutableArray<TMark>?)values.OrderDescending().ToImmutableArray();
    }
}
