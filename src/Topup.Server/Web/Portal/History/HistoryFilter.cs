using System.Globalization;
using Topup.Domain;
using Topup.Server.Ledger;

namespace Topup.Server.Web.Portal.History;

/// <summary>What of the history is shown, as the address of the page says.</summary>
internal static class HistoryFilter
{
    /// <summary>What is asked for; days that are none are left out.</summary>
    /// <param name="zone">Where days begin.</param>
    public static ListEntries.Query Of(IQueryCollection asked, TimeZoneInfo zone)
    {
        return new ListEntries.Query(Text("type"), Text("kind"), Text("subject"), Text("usage_type"), Text("reference"),
            From: Day("from") is { } from ? Start(from) : null, To: Day("to") is { } to ? Start(to.AddDays(1)) : null, Limit: "50", Cursor: Text("cursor"));

        string? Text(string name) => asked[name].ToString() is { Length: > 0 } text ? text : null;

        DateOnly? Day(string name) => DateOnly.TryParseExact(asked[name].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 2000 and < 3000 ? day : null;

        string Start(DateOnly day) => LocalTime.StartOf(day, zone).ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
