namespace Topup.Domain;

/// <summary>Days of the operator's time zone, counted from 1970-01-01.</summary>
public static class LocalDay
{
    private const int EpochDayNumber = 719_162;

    /// <summary>The day that a moment falls on.</summary>
    public static int Of(Instant moment, TimeZoneInfo zone) =>
        Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment.ToDateTimeOffset(), zone).DateTime));

    public static int Of(DateOnly date) => date.DayNumber - EpochDayNumber;

    public static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + EpochDayNumber);

    /// <summary>0 for Monday to 6 for Sunday.</summary>
    public static int WeekdayOf(int day) => (int)((day + 3L) % 7 + 7) % 7;

    /// <summary>
    /// The first moment of a day. Where midnight does not exist (the clock went forward over it), the first moment after the
    /// gap; where it comes twice, the first of the two.
    /// </summary>
    public static Instant StartOf(DateOnly date, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local += TimeSpan.FromMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Instant.From(new DateTimeOffset(local, offset));
    }
}
