namespace Topup.Domain.Tenancy;

/// <summary>
/// One period of a tenant's allowance, from <see cref="Start"/> (included) to <see cref="End"/> (not included).
/// Periods are counted: an allowance is granted once for each <see cref="Number"/> and never for a smaller one, so a
/// clock that jumps back, or a changed renewal day or time zone, can never grant a period twice.
/// </summary>
public readonly record struct BillingPeriod(int Number, Instant Start, Instant End)
{
    public const int RenewalDayMin = 1;
    public const int RenewalDayMax = 31;

    /// <summary>How far apart the same midnight is in two time zones, at most.</summary>
    private static readonly TimeSpan ZonesApart = TimeSpan.FromHours(26);

    /// <summary>The first period of a tenant: it began at the last renewal day at or before <paramref name="now"/>.</summary>
    public static BillingPeriod First(Instant now, int renewalDay, TimeZoneInfo zone) =>
        new(1, LastAnchor(now, renewalDay, zone), NextAnchor(now, renewalDay, zone));

    /// <summary>
    /// The period that holds <paramref name="now"/>, counted on from this one. A moment before this period's end, even
    /// one before its start, belongs to this period.
    /// </summary>
    public BillingPeriod At(Instant now, int renewalDay, TimeZoneInfo zone)
    {
        if (now < End) return this;
        var start = LastAnchor(now, renewalDay, zone);
        var ended = EndIn(renewalDay, zone);
        var passed = Math.Max(MonthOf(start, zone) - MonthOf(ended, zone), 0);
        return new BillingPeriod(Number + 1 + passed, Instant.Later(start, End), NextAnchor(Instant.Later(now, ended), renewalDay, zone));
    }

    /// <summary>
    /// The current period after the renewal day was changed at <paramref name="now"/>: its number and use stay, and it
    /// ends on the next new renewal day.
    /// </summary>
    public BillingPeriod WithRenewalDay(Instant now, int oldDay, int newDay, TimeZoneInfo zone)
    {
        var current = At(now, oldDay, zone);
        return current with { End = NextAnchor(Instant.Later(now, current.Start), newDay, zone) };
    }

    /// <summary>
    /// The end of this period as it is in the time zone of now. Where the zone was changed, the renewal day begins some hours earlier or
    /// later than it did; it is the same renewal, and not a further one.
    /// </summary>
    private Instant EndIn(int renewalDay, TimeZoneInfo zone)
    {
        var (last, next) = (LastAnchor(End, renewalDay, zone), NextAnchor(End, renewalDay, zone));
        return last.Plus(ZonesApart) >= End ? last : End.Plus(ZonesApart) >= next ? next : End;
    }

    /// <summary>The latest renewal moment at or before <paramref name="now"/>.</summary>
    private static Instant LastAnchor(Instant now, int day, TimeZoneInfo zone)
    {
        var month = MonthOf(now, zone);
        var anchor = Anchor(month, day, zone);
        return anchor <= now ? anchor : Anchor(month - 1, day, zone);
    }

    /// <summary>The earliest renewal moment after <paramref name="now"/>.</summary>
    private static Instant NextAnchor(Instant now, int day, TimeZoneInfo zone)
    {
        var month = MonthOf(now, zone);
        var anchor = Anchor(month, day, zone);
        return anchor > now ? anchor : Anchor(month + 1, day, zone);
    }

    /// <summary>Months since year 0 of the local date of <paramref name="now"/>.</summary>
    private static int MonthOf(Instant now, TimeZoneInfo zone)
    {
        var local = LocalTime.Of(now, zone);
        return local.Year * 12 + local.Month - 1;
    }

    /// <summary>
    /// Midnight at the start of the renewal day in the operator's time zone. Days 29 to 31 fall on the last day of a
    /// shorter month.
    /// </summary>
    private static Instant Anchor(int month, int day, TimeZoneInfo zone)
    {
        var (year, monthOfYear) = (month / 12, month % 12 + 1);
        return LocalTime.StartOf(new DateOnly(year, monthOfYear, Math.Min(day, DateTime.DaysInMonth(year, monthOfYear))), zone);
    }
}
