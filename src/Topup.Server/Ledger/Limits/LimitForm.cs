using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;

namespace Topup.Server.Ledger.Limits;

/// <summary>Limits between the wire and the rules.</summary>
internal static class LimitForm
{
    private static readonly string[] Measures = ["uses", "credits"];
    private static readonly string[] Periods = ["hour", "day", "week", "month"];

    /// <param name="type">The credit type that the request names; null: none.</param>
    public static Outcome<Limit> Read(string code, LimitRequest asked, CreditType? type, Instant now)
    {
        if ((Fields.Code("code", code)
            ?? Fields.Text("subject", asked.Subject, LedgerDesk.SubjectLengthMax)
            ?? Fields.Text("usage_type", asked.UsageType, LedgerDesk.UsageTypeLengthMax)) is { } problem) return problem;
        var until = asked.Until is { } end ? Instant.From(end) : Instant.Never;
        if (until <= now) return Problems.Invalid("until", "until must be later than now.");
        var limit = new Limit
        {
            Code = code, Subject = asked.Subject ?? "", UsageType = asked.UsageType ?? "", Type = asked.Type ?? "", Kind = LimitKind.Off, Until = until,
        };
        if (asked.Off == true)
        {
            if (asked.Cap is not null) return Problems.Invalid("cap", "Give off or cap, not both.");
            return limit.UsageType.Length + limit.Type.Length > 0
                ? limit
                : Problems.Of(400, ProblemCodes.MissingField, "What is switched off must be named: give usage_type or type.", "usage_type");
        }
        return asked.Cap is { } cap ? Cap(limit, cap, type) : Problems.Of(400, ProblemCodes.MissingField, "Give cap, or off: true.", "cap");
    }

    /// <param name="type">Any that is at hand; its decimals count where the limit caps credits, and then it is the limit's own.</param>
    public static LimitView View(Limit limit, CreditType? type, TimeZoneInfo zone)
    {
        var decimals = limit.Kind == LimitKind.Credits ? type!.Decimals : 0;
        var isCap = limit.Kind != LimitKind.Off;
        return new LimitView
        {
            Code = limit.Code,
            Subject = TextOrNull(limit.Subject),
            UsageType = TextOrNull(limit.UsageType),
            Type = TextOrNull(limit.Type),
            Off = !isCap,
            Cap = isCap ? new LimitCap { Amount = Amount.FromUnits(limit.Amount, decimals), Measure = Measures[limit.Kind == LimitKind.Uses ? 0 : 1], Per = Periods[(int)limit.Per] } : null,
            Used = isCap ? Amount.FromUnits(limit.Used, decimals) : null,
            Left = isCap ? Amount.FromUnits(limit.Left, decimals) : null,
            ResetsAt = isCap ? LimitWindow.EndOf(limit.Per, limit.WindowStart, zone).ToDateTimeOffset() : null,
            Until = limit.Until.ToDateTimeOffsetOrNull(),
        };
    }

    private static Outcome<Limit> Cap(Limit limit, LimitCap cap, CreditType? type)
    {
        var (measure, per) = (Array.IndexOf(Measures, cap.Measure), Array.IndexOf(Periods, cap.Per));
        if (measure < 0) return Problems.Invalid("cap.measure", "cap.measure must be uses or credits.");
        if (per < 0) return Problems.Invalid("cap.per", "cap.per must be hour, day, week or month.");
        if (measure == 1 && type is null)
            return Problems.Of(400, ProblemCodes.MissingField, "A cap on credits needs the credit type that it counts in.", "type");
        var amount = Fields.Amount("cap.amount", cap.Amount, measure == 1 ? type!.Decimals : 0, zeroAllowed: true);
        return amount.Problem is { } wrong ? wrong : limit with
        {
            Kind = measure == 0 ? LimitKind.Uses : LimitKind.Credits, Per = (LimitPeriod)per, Amount = amount.Value,
        };
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
