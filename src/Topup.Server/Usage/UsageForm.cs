using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.Usage;

/// <summary>Usage between the wire and its rows.</summary>
internal static class UsageForm
{
    public const int CostDecimals = 6;
    private const int DaysMax = 366;
    private const string DateFormat = "yyyy-MM-dd";
    private const string CursorWrong = "cursor must be the next_cursor of an earlier page of this list.";

    private static readonly int FirstDay = LocalTime.DayOf(new DateOnly(2000, 1, 1));
    private static readonly int LastDay = LocalTime.DayOf(new DateOnly(2999, 12, 31));

    /// <param name="first">The first day where the query names none.</param>
    /// <param name="last">The last day likewise.</param>
    public static Outcome<UsageQuestion> Read(Query query, string? tenant, int first, int last)
    {
        if (query.Format is not (null or "json" or "csv")) return Problems.Invalid("format", "format must be json or csv.");
        if ((Fields.Code("type", query.Type) ?? LedgerDesk.Words(query.UsageType, query.Subject, null)) is { } words) return words;
        var (from, to) = (DayOf("from", query.From), DayOf("to", query.To));
        if ((from.Problem ?? to.Problem) is { } noDate) return noDate;
        var (fromDay, toDay) = (from.Value ?? Math.Min(first, to.Value ?? first), to.Value ?? Math.Max(last, from.Value ?? last));
        if (fromDay > toDay) return Problems.Invalid("to", "to must not be before from.");
        if (toDay - fromDay >= DaysMax) return Problems.Invalid("from", $"from and to must be at most {DaysMax} days apart, both counted.", DaysMax);

        var grouping = GroupingOf(query.GroupBy, ofAll: tenant is null);
        var paging = Paging.Read(query.Limit, query.Cursor);
        if ((grouping.Problem ?? paging.Problem) is { } problem) return problem;
        var top = TopOf(query);
        if (top.Problem is { } notTop) return notTop;
        var after = KeyOf(paging.Value.After);
        if (after is null && paging.Value.After.Length > 0) return Problems.Invalid("cursor", CursorWrong);
        return new UsageQuestion(
            new UsageFilter { Tenant = tenant, FromDay = fromDay, ToDay = toDay, Type = query.Type, UsageType = query.UsageType, Subject = query.Subject },
            grouping.Value, paging.Value, after, top.Value, query.Format == "csv");
    }

    public static string Text(int day) => LocalTime.DateOf(day).ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>The names of a grouping, in the order of the rows.</summary>
    public static IReadOnlyList<string> NamesOf(UsageGrouping grouping)
    {
        var names = new List<string>();
        if (grouping.Span != UsageSpan.None) names.Add(NameOf(grouping.Span));
        if (grouping.ByTenant) names.Add("tenant");
        names.Add("type");
        if (grouping.ByUsageType) names.Add("usage_type");
        if (grouping.BySubject) names.Add("subject");
        return names;
    }

    /// <param name="withCost">The caller may know what uses cost the operator.</param>
    public static UsageRow View(UsageGroup sum, UsagePage page, UsageGrouping grouping, CatalogSnapshot catalog, bool withCost)
    {
        var (key, decimals) = (sum.Key, DecimalsOf(sum.Key.Type, catalog));
        var credits = Amount.FromUnits(sum.Allowance, decimals) + Amount.FromUnits(sum.Purchased, decimals) + Amount.FromUnits(sum.Debt, decimals);
        var returned = Amount.FromUnits(sum.Returned, decimals);
        return new UsageRow
        {
            Day = SpanText(key, grouping, UsageSpan.Day),
            Week = SpanText(key, grouping, UsageSpan.Week),
            Month = SpanText(key, grouping, UsageSpan.Month),
            Tenant = grouping.ByTenant ? key.Tenant : null,
            Type = key.Type,
            UsageType = grouping.ByUsageType ? key.UsageType : null,
            Subject = grouping.BySubject ? key.Subject : null,
            Uses = sum.Uses,
            Credits = credits,
            Allowance = Amount.FromUnits(sum.Allowance, decimals),
            Purchased = Amount.FromUnits(sum.Purchased, decimals),
            Debt = Amount.FromUnits(sum.Debt, decimals),
            Returned = returned,
            Net = credits - returned,
            Cost = withCost ? Amount.FromUnits(sum.Cost, CostDecimals) : null,
            Refused =
            [
                .. page.Refusals[key].Select(refusal => new RefusedView
                {
                    Reason = refusal.Reason,
                    Count = refusal.Count,
                    Asked = Amount.FromUnits(refusal.Asked, decimals),
                    FirstAt = new Instant(refusal.FirstAt).ToDateTimeOffset(),
                    LastAt = new Instant(refusal.LastAt).ToDateTimeOffset(),
                }),
            ],
        };
    }

    public static SalesRow View(SalesSum sum, UsageGrouping grouping, CatalogSnapshot catalog)
    {
        var (digits, decimals) = (Currency.Digits(sum.Currency), DecimalsOf(sum.Type, catalog));
        var key = new UsageKey(sum.Span, "", sum.Type, "", "");
        return new SalesRow
        {
            Day = SpanText(key, grouping, UsageSpan.Day),
            Week = SpanText(key, grouping, UsageSpan.Week),
            Month = SpanText(key, grouping, UsageSpan.Month),
            Type = sum.Type,
            Currency = sum.Currency,
            Deposit = catalog.Types.GetValueOrDefault(sum.Type)?.Currency is not null,
            Purchases = sum.Purchases,
            Paid = Amount.FromUnits(sum.Paid, digits),
            Refunded = Amount.FromUnits(sum.Refunded, digits),
            Net = Amount.FromUnits(sum.Paid - sum.Refunded, digits),
            CreditsSold = Amount.FromUnits(sum.CreditsSold, decimals),
            CreditsTakenBack = Amount.FromUnits(sum.CreditsTakenBack, decimals),
        };
    }

    /// <summary>Of a type that was deleted since, the smallest units themselves.</summary>
    public static int DecimalsOf(string type, CatalogSnapshot catalog) => catalog.Types.GetValueOrDefault(type)?.Decimals ?? 0;

    // Usage types and subjects may be any text, so the first of the two says how long it is.
    public static string CursorOf(UsageKey key) =>
        string.Create(CultureInfo.InvariantCulture, $"{key.Span} {key.Tenant} {key.Type} {key.UsageType.Length} {key.UsageType}{key.Subject}");

    private static UsageKey? KeyOf(string cursor)
    {
        if (cursor.Split(' ', 5) is not [var span, var tenant, var type, var length, var texts]) return null;
        if (!int.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out var day)) return null;
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var cut) || cut > texts.Length) return null;
        return new UsageKey(day, tenant, type, texts[..cut], texts[cut..]);
    }

    private static string? SpanText(UsageKey key, UsageGrouping grouping, UsageSpan span) =>
        grouping.Span == span ? UsageSpans.Text(key.Span, span) : null;

    private static Outcome<int?> DayOf(string field, string? text)
    {
        if (text is null) return (int?)null;
        if (DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && LocalTime.DayOf(date) is var day && day >= FirstDay && day <= LastDay)
            return (int?)day;
        return Problems.Invalid(field, $"{field} must be a date such as 2026-01-31, from 2000 to 2999.");
    }

    private static Outcome<UsageGrouping> GroupingOf(string? names, bool ofAll)
    {
        var grouping = new UsageGrouping();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names?.Split(',') ?? [])
        {
            if (!seen.Add(name)) return Problems.Invalid("group_by", $"group_by names {Shown(name)} twice.");
            var span = SpanOf(name);
            if (span != UsageSpan.None && grouping.Span != UsageSpan.None)
                return Problems.Invalid("group_by", "group_by may name one of day, week and month.");
            if (span != UsageSpan.None) grouping = grouping with { Span = span };
            else if (name == "usage_type") grouping = grouping with { ByUsageType = true };
            else if (name == "subject" && !ofAll) grouping = grouping with { BySubject = true };
            else if (name == "tenant" && ofAll) grouping = grouping with { ByTenant = true };
            else if (name != "type")
            {
                return Problems.Invalid("group_by", $"group_by takes day, week or month, type, usage_type and {(ofAll ? "tenant" : "subject")}, " +
                    $"apart by commas, not {Shown(name)}.");
            }
        }
        return grouping;
    }

    private static Outcome<int?> TopOf(Query query)
    {
        if (query.Top is null) return (int?)null;
        if (!int.TryParse(query.Top, NumberStyles.None, CultureInfo.InvariantCulture, out var top) || top is < 1 or > Paging.LimitMax)
            return Problems.Invalid("top", $"top must be a whole number from 1 to {Paging.LimitMax}.", Paging.LimitMax);
        if (query.Type is null) return Problems.Invalid("top", "top needs a type: credits of two types cannot be compared.");
        if (query.Cursor is not null) return Problems.Invalid("cursor", "top has one page only.");
        return (int?)top;
    }

    private static UsageSpan SpanOf(string name) => name switch
    {
        "day" => UsageSpan.Day,
        "week" => UsageSpan.Week,
        "month" => UsageSpan.Month,
        _ => UsageSpan.None,
    };

    private static string NameOf(UsageSpan span) => span switch
    {
        UsageSpan.None => "",
        UsageSpan.Day => "day",
        UsageSpan.Week => "week",
        UsageSpan.Month => "month",
    };

    private static string Shown(string text) => text.Length <= 20 ? $"'{text}'" : $"'{text[..20]}...'";

    /// <summary>What may be asked for in the query string.</summary>
    internal sealed record Query(
        string? From, string? To, string? Type, [property: FromQuery(Name = "usage_type")] string? UsageType, string? Subject,
        [property: FromQuery(Name = "group_by")] string? GroupBy, string? Top, string? Limit, string? Cursor, string? Format);
}

/// <param name="Top">Only so many rows, those with the most credits; null: all, in their order.</param>
internal sealed record UsageQuestion(UsageFilter Filter, UsageGrouping Grouping, Paging Paging, UsageKey? After, int? Top, bool AsCsv)
{
    public static readonly UsageGrouping Total = new();

    public Page<UsageGroup> PageOf(UsagePage read) =>
        Top is null ? Paging.Of(read.Rows, row => UsageForm.CursorOf(row.Key)) : new Page<UsageGroup> { Data = read.Rows };
}
