using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Domain.Usage;

/// <summary>What a pool holds and will get, as a forecast counts it.</summary>
public static class Outlook
{
    private const int PeriodsAheadMax = 13;

    /// <param name="pool">The pool as of now.</param>
    /// <param name="period">The tenant's period at this moment.</param>
    public static Supply Of(Pool pool, Terms terms, BillingPeriod period, int renewalDay, TimeZoneInfo zone)
    {
        var far = period.End.Plus(TimeSpan.FromDays(2 * Forecast.DaysAheadMax));
        var comesBack = !terms.Frozen && terms.Limit is > 0;
        return new Supply
        {
            IsUnlimited = pool.Allowance.IsUnlimited,
            AllowanceLeft = pool.Allowance.Left,
            Limit = comesBack ? terms.Limit!.Value : 0,
            Rollover = comesBack ? terms.Rollover : default,
            ResetDays = comesBack ? [.. ResetDays(period, renewalDay, zone)] : [],
            Lots =
            [
                .. pool.Lots.Where(lot => lot.Remaining > 0).Select(lot => new SupplyLot(
                    lot.Remaining, LocalTime.DayOf(Instant.Earlier(lot.EffectiveAt, far), zone), lot.ExpiresAt >= far ? int.MaxValue : LastDayOf(lot.ExpiresAt, zone))),
            ],
            Debt = pool.Debt,
        };
    }

    private static int[] ResetDays(BillingPeriod period, int renewalDay, TimeZoneInfo zone)
    {
        var days = new int[PeriodsAheadMax];
        for (var ahead = 0; ahead < PeriodsAheadMax; ahead++)
        {
            days[ahead] = LocalTime.DayOf(period.End, zone);
            period = period.At(period.End, renewalDay, zone);
        }
        return days;
    }

    /// <summary>Of a lot that ends in the course of a day, that day may still use it.</summary>
    private static int LastDayOf(Instant end, TimeZoneInfo zone) => LocalTime.DayOf(new Instant(end.UnixMs - 1), zone);
}
