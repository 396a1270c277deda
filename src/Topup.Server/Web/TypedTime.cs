using System.Globalization;
using Topup.Server.Http;

namespace Topup.Server.Web;

/// <summary>Moments as browsers send what was chosen in a field of date and time: without a zone, so in the operator's.</summary>
internal static class TypedTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    /// <summary>Null: the field was left empty.</summary>
    public static Outcome<DateTimeOffset?> OrNull(string field, string typed, Locale l)
    {
        if (string.IsNullOrWhiteSpace(typed)) return (DateTimeOffset?)null;
        if (!DateTime.TryParseExact(typed.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return Problems.Invalid(field, l.Words("Write a date and time such as 2026-01-31 09:00."));
        return new DateTimeOffset(time, l.Zone.GetUtcOffset(time));
    }

    /// <summary>A moment as such a field holds it.</summary>
    public static string? Text(DateTimeOffset? time, Locale l) =>
        time is { } moment ? TimeZoneInfo.ConvertTime(moment, l.Zone).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) : null;
}
