namespace Topup.Domain;

/// <summary>Days of the calendar in a time zone, the operator's.</summary>
public static class LocalDay
{
    /// <summary>The date that a calendar on the wall shows at a moment.</summary>
    public static DateOnly Of(Instant at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone).DateTime);

    /// <summary>
    /// The first moment of a day. Where midnight does not exist (the clock went forward over it), the first moment after
    /// the gap; where it comes twice, the first of the two.
    /// </summary>
    public static Instant StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(local)) local += TimeSpan.FromMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Instant.From(new DateTimeOffset(local, offset));
    }
}
