namespace Topup.Domain.AddOns;

/// <summary>
/// The price of the rest of a cycle: price x days left / days, rounded half away from zero to the smallest unit. It never
/// exceeds the price. What one day costs is the share of that day less the share of the next: so the days of a cycle cost
/// the price together, to the unit, and whoever leaves on the day on which they came pays nothing.
/// </summary>
public static class Proration
{
    /// <param name="price">Smallest units for all the days, 0 or more.</param>
    /// <param name="daysLeft">Today included; 0 to <paramref name="days"/>.</param>
    /// <param name="days">Of the whole cycle, 1 or more.</param>
    public static long Share(long price, int daysLeft, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(daysLeft);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(daysLeft, days);
        return (long)(((Int128)price * daysLeft * 2 + days) / ((Int128)days * 2));
    }
}
