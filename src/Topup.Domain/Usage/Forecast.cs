using System.Collections.Immutable;
using Topup.Domain.Catalog;

namespace Topup.Domain.Usage;

/// <summary>
/// What the use of a pool so far says of the days to come. It is counted in whole numbers: a rate is so many units in so
/// many days, and what is left is multiplied by the days rather than the units divided by them.
/// </summary>
public sealed record Forecast
{
    /// <summary>With less than a week of data nothing is said.</summary>
    public const int DaysMin = 7;

    /// <summary>The most days that are looked back.</summary>
    public const int DaysBackMax = 30;

    /// <summary>How far ahead it looks.</summary>
    public const int DaysAheadMax = 366;

    /// <summary>How long a pack should last where no allowance comes back.</summary>
    private const int PackDays = 30;

    private const int Weekdays = 7;

    /// <summary>Full days of data, at most <see cref="DaysBackMax"/>.</summary>
    public required int DaysOfData { get; init; }

    /// <summary>Use over the last seven full days; null: too little data.</summary>
    public BurnRate? Last7 { get; init; }

    /// <summary>Use over the last thirty full days, or as many as there are.</summary>
    public BurnRate? Last30 { get; init; }

    /// <summary>Units by weekday, Monday first, over the last whole weeks; empty: too little data.</summary>
    public ImmutableArray<long> ByWeekday { get; init; } = [];

    /// <summary>The day on which the fastest of the three ways to reckon takes the last credit; null: none within <see cref="DaysAheadMax"/>.</summary>
    public int? RunsOutFrom { get; init; }

    /// <summary>The day by the slowest of them; null: not within <see cref="DaysAheadMax"/>.</summary>
    public int? RunsOutTo { get; init; }

    /// <summary>The day of this period on which more is used than is left of the allowance, by the pattern of the week.</summary>
    public int? ExceedsAllowanceOn { get; init; }

    /// <summary>Units that are missing until the allowance comes back, or for thirty days, by the fastest way to reckon; 0: none.</summary>
    public long Missing { get; init; }

    public static Forecast Of(PastUse use, Supply supply)
    {
        var known = new Forecast { DaysOfData = use.Days.Length };
        if (use.Days.Length < DaysMin) return known;
        var weeks = use.Days.Length / Weekdays;
        var byWeekday = SumByWeekday(use, weeks);
        var (last7, last30) = (RateOver(use, Weekdays), RateOver(use, use.Days.Length));
        known = known with { Last7 = last7, Last30 = last30, ByWeekday = byWeekday };
        if (supply.IsUnlimited) return known;

        Walk[] walks = [Walk.Of(use, supply, Flat(last7)), Walk.Of(use, supply, Flat(last30)), Walk.Of(use, supply, new Pattern(byWeekday, weeks))];
        var ends = walks.Select(walk => walk.RunsOutOn).ToList();
        var missing = walks.Max(walk => walk.Missing);
        return known with
        {
            RunsOutFrom = ends.Min(),
            RunsOutTo = ends.Contains(null) ? null : ends.Max(),
            ExceedsAllowanceOn = walks[^1].ExceedsAllowanceOn,
            Missing = missing == 0 ? 0 : (long)Int128.Min(missing + supply.Debt, Amount.Max),
        };
    }

    /// <summary>The smallest pack on sale that brings what is missing; where none does, the largest. Null: nothing is missing, or nothing is sold.</summary>
    public Pack? Suggest(IEnumerable<Pack> packs)
    {
        if (Missing == 0) return null;
        var bySize = packs.Where(pack => pack.Custom is null)
            .OrderBy(pack => pack.Credits).ThenBy(pack => pack.Price).ThenBy(pack => pack.Code, StringComparer.Ordinal).ToList();
        return bySize.Find(pack => pack.Credits >= Missing) ?? bySize.LastOrDefault();
    }

    /// <summary>The day before which a pack should not run out.</summary>
    private static int LastsUntil(PastUse use, Supply supply) =>
        supply.Limit > 0 && supply.ResetDays.FirstOrDefault(day => day > use.Today) is > 0 and var reset ? reset : use.Today + PackDays;

    private static BurnRate RateOver(PastUse use, int days)
    {
        var units = 0L;
        foreach (var day in use.Days.AsSpan()[^days..]) units += day;
        return new BurnRate(Math.Max(units, 0), days);
    }

    private static ImmutableArray<long> SumByWeekday(PastUse use, int weeks)
    {
        var sums = new long[Weekdays];
        for (var back = 1; back <= weeks * Weekdays; back++) sums[LocalTime.WeekdayOf(use.Today - back)] += use.Days[^back];
        // Reversals of earlier days may outweigh the uses of a weekday; nobody uses less than nothing.
        return [.. sums.Select(sum => Math.Max(sum, 0))];
    }

    private static Pattern Flat(BurnRate rate) => new([.. Enumerable.Repeat(rate.Units, Weekdays)], rate.Days);

    /// <summary>So many units on a weekday in so many of them.</summary>
    private readonly record struct Pattern(ImmutableArray<long> Units, int Of);

    /// <summary>What is left from day to day if use goes on by a pattern. All units are multiplied by what the pattern is divided by.</summary>
    private sealed class Walk
    {
        public int? RunsOutOn { get; private set; }
        public int? ExceedsAllowanceOn { get; private set; }

        /// <summary>In whole units, rounded up.</summary>
        public Int128 Missing { get; private set; }

        public static Walk Of(PastUse use, Supply supply, Pattern pattern)
        {
            var walk = new Walk();
            var (allowance, debt) = ((Int128)supply.AllowanceLeft * pattern.Of, (Int128)supply.Debt * pattern.Of);
            var lots = supply.Lots.Select(lot => (Int128)lot.Units * pattern.Of).ToArray();
            var (missing, until, isFirstPeriod) = ((Int128)0, LastsUntil(use, supply), true);
            for (var day = use.Today; day < use.Today + DaysAheadMax; day++)
            {
                if (day > use.Today && supply.ResetDays.Contains(day))
                {
                    isFirstPeriod = false;
                    var carried = Int128.Clamp(allowance, (Int128)supply.Rollover.Min * pattern.Of, (Int128)supply.Rollover.Max * pattern.Of);
                    allowance = (Int128)supply.Limit * pattern.Of + carried;
                    var paid = Int128.Min(debt, allowance);
                    (allowance, debt) = (allowance - paid, debt - paid);
                }
                Int128 wanted = pattern.Units[LocalTime.WeekdayOf(day)];
                if (day == use.Today) wanted = Int128.Max(wanted - (Int128)use.UsedToday * pattern.Of, 0);
                if (isFirstPeriod && supply.Limit > 0 && wanted > allowance) walk.ExceedsAllowanceOn ??= day;

                var drawn = Int128.Min(wanted, allowance);
                (allowance, wanted) = (allowance - drawn, wanted - drawn);
                var left = allowance;
                for (var i = 0; i < lots.Length; i++)
                {
                    if (day < supply.Lots[i].FirstDay || day > supply.Lots[i].LastDay) continue;
                    drawn = Int128.Min(wanted, lots[i]);
                    (lots[i], wanted) = (lots[i] - drawn, wanted - drawn);
                    left += lots[i];
                }
                if (left == 0) walk.RunsOutOn ??= day;
                if (day < until) missing += wanted;
            }
            walk.Missing = (missing + pattern.Of - 1) / pattern.Of;
            return walk;
        }
    }
}

/// <summary>So many units in so many days.</summary>
public readonly record struct BurnRate(long Units, int Days);

/// <summary>What was used of a pool: drawn, less what was given back. Days are those of <see cref="LocalTime"/>.</summary>
/// <param name="Days">Each full day since the first use, at most <see cref="Forecast.DaysBackMax"/>; yesterday is the last.</param>
public sealed record PastUse(int Today, ImmutableArray<long> Days, long UsedToday);

/// <summary>What there is to use, and what will come.</summary>
public sealed record Supply
{
    public bool IsUnlimited { get; init; }

    /// <summary>What is left of the allowance of this period.</summary>
    public long AllowanceLeft { get; init; }

    /// <summary>The allowance of every period to come; 0: none.</summary>
    public long Limit { get; init; }

    public Rollover Rollover { get; init; }

    /// <summary>The first days of the periods to come.</summary>
    public ImmutableArray<int> ResetDays { get; init; } = [];

    /// <summary>In the order in which they are drawn.</summary>
    public ImmutableArray<SupplyLot> Lots { get; init; } = [];

    public long Debt { get; init; }
}

/// <summary>A lot that may be drawn from its first to its last day, both included.</summary>
public readonly record struct SupplyLot(long Units, int FirstDay, int LastDay);
