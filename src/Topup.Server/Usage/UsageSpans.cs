using System.Globalization;
using Topup.Domain;

namespace Topup.Server.Usage;

/// <summary>Of which length the stretches of days are that rows are apart by.</summary>
internal enum UsageSpan
{
    None,
    Day,
    Week,
    Month,
}

/// <summary>Days, weeks (from Monday) and months between two days.</summary>
internal static class UsageSpans
{
    /// <summary>The first day of each span between two days, both included; the first span may have begun earlier.</summary>
    public static List<int> Starts(int from, int to, UsageSpan span)
    {
        var starts = new List<int>();
        for (var start = StartOf(from, span); start <= to; start = Next(start, span)) starts.Add(start);
        return starts;
    }

    public static string Text(int start, UsageSpan span) =>
        LocalTime.DateOf(start).ToString(span == UsageSpan.Month ? "yyyy-MM" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int StartOf(int day, UsageSpan span) => span switch
    {
        UsageSpan.None or UsageSpan.Day => day,
        UsageSpan.Week => day - LocalTime.WeekdayOf(day),
        UsageSpan.Month => LocalTime.DayOf(LocalTime.DateOf(day) is var date ? new DateOnly(date.Year, date.Month, 1) : default),
    };

    private static int Next(int start, UsageSpan span) => span switch
    {
        UsageSpan.None => int.MaxValue,
        UsageSpan.Day => start + 1,
        UsageSpan.Week => start + 7,
        UsageSpan.Month => LocalTime.DayOf(LocalTime.DateOf(start).AddMonths(1)),
    };
}
