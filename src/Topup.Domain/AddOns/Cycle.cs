namespace Topup.Domain.AddOns;

/// <summary>
/// The month from one renewal day of a tenant to the next, in days of the operator's calendar; <see cref="End"/> is not
/// included. It depends on the day and the renewal day alone, so every day is in exactly one cycle, and a changed renewal
/// day gives cycles of 28 to 31 days too.
/// </summary>
public readonly record struct Cycle(DateOnly Start, DateOnly End)
{
    public int Days => End.DayNumber - Start.DayNumber;

    /// <param name="renewalDay">1 to 31; in a shorter month, its last day.</param>
    public static Cycle Of(DateOnly day, int renewalDay)
    {
        var anchor = Anchor(day.Year, day.Month, renewalDay);
        var first = new DateOnly(day.Year, day.Month, 1);
        return anchor <= day
            ? new Cycle(anchor, Anchor(first.AddMonths(1), renewalDay))
            : new Cycle(Anchor(first.AddMonths(-1), renewalDay), anchor);
    }

    /// <summary>Days from a day, included, to the end.</summary>
    public int DaysFrom(DateOnly day) => End.DayNumber - day.DayNumber;

    private static DateOnly Anchor(DateOnly month, int renewalDay) => Anchor(month.Year, month.Month, renewalDay);

    private static DateOnly Anchor(int year, int month, int renewalDay) => new(year, month, Math.Min(renewalDay, DateTime.DaysInMonth(year, month)));
}
