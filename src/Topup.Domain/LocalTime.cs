namespace Topup.Domain;

/// <summary>Between moments and the operator's calendar.</summary>
public static class LocalTime
{
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    public static DateTime Of(Instant now, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(now.ToDateTimeOffset(), zone).DateTime;

    /// <summary>The date that a calendar on the wall shows.</summary>
    public static DateOnly DateOf(Instant now, TimeZoneInfo zone) => DateOnly.FromDateTime(Of(now, zone));

    /// <summary>Days since 1970-01-01 of the local date: the number under which usage is counted.</summary>
    public static int DayOf(Instant now, TimeZoneInfo zone) => DayOf(DateOf(now, zone));

    public static int DayOf(DateOnly date) => date.DayNumber - Epoch.DayNumber;

    public static DateOnly DateOf(int day) => Epoch.AddDays(day);

    /// <summary>0 for Monday to 6 for Sunday.</summary>
    public static int WeekdayOf(int day) => (int)((day + 3L) % 7 + 7) % 7;

    /// <summary>
    /// The moment of a local time. Where it does not exist (the clock went forward over it), the first moment after the
    /// gap; where it comes twice, the first of the two.
    /// </summary>
    public static Instant At(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local += TimeSpan.FromMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Instant.From(new DateTimeOffset(local, offset));
    }

    /// <summary>The first moment of a local date.</summary>
    public static Instant StartOf(DateOnly date, TimeZoneInfo zone) => At(date.ToDateTime(TimeOnly.MinValue), zone);
}
