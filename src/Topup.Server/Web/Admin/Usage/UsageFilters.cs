using Topup.Server.Usage;

namespace Topup.Server.Web.Admin.Usage;

/// <summary>A question about usage as the address of the page says it.</summary>
internal static class UsageFilters
{
    private const string Day = "day";
    private const string PageSize = "200";

    public static bool IsSpan(string name) => name is Day or "week" or "month";

    public static string SpanOf(HttpContext context) => Asked(context, "span") ?? Day;

    public static UsageForm.Query Of(HttpContext context) => new(
        Asked(context, "from"), Asked(context, "to"), Asked(context, "type"), null, null, GroupBy(context), null, PageSize, Asked(context, "cursor"), null);

    /// <summary>The same for a file, which has all pages.</summary>
    public static string ForFile(HttpContext context)
    {
        var query = Of(context);
        var asked = new[] { ("from", query.From), ("to", query.To), ("type", query.Type), ("group_by", query.GroupBy) }.Where(pair => pair.Item2 is not null);
        return QueryString.Create(asked.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))).ToString();
    }

    private static string? GroupBy(HttpContext context)
    {
        var names = new[] { SpanOf(context), Asked(context, "by") }.Where(name => name is not (null or "none"));
        return string.Join(',', names) is { Length: > 0 } grouping ? grouping : null;
    }

    private static string? Asked(HttpContext context, string name) => context.Request.Query[name].ToString().Trim() is { Length: > 0 } asked ? asked : null;
}
