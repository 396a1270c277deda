namespace Topup.Domain;

/// <summary>
/// Credits and money are <see cref="long"/> in the smallest unit of their type: with two decimals, 12.50 is 1250.
/// On the wire they are decimal numbers. This is the only bridge between the two, and it never rounds.
/// </summary>
public static class Amount
{
    /// <summary>The most decimals a credit type may have.</summary>
    public const int DecimalsMax = 6;

    /// <summary>The largest amount of one request, in smallest units: 10^15, so that every amount is exact in any JSON reader.</summary>
    public const long Max = 1_000_000_000_000_000;

    /// <summary>
    /// The most purchased credits a pool may hold: with an allowance and its rollover on top still below 2^53, the
    /// largest integer every JSON reader keeps exactly.
    /// </summary>
    public const long PoolMax = 7_000_000_000_000_000;

    private static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Smallest units of <paramref name="value"/> at <paramref name="decimals"/> decimals, or why there are none.</summary>
    public static AmountProblem TryToUnits(decimal value, int decimals, out long units)
    {
        units = 0;
        if (value < 0) return AmountProblem.Negative;
        if (value > Max) return AmountProblem.TooLarge;
        var scaled = value * Powers[decimals];
        if (scaled != decimal.Truncate(scaled)) return AmountProblem.TooFine;
        if (scaled > Max) return AmountProblem.TooLarge;
        units = (long)scaled;
        return units == 0 ? AmountProblem.Zero : AmountProblem.None;
    }

    /// <summary>Smallest units in one whole at <paramref name="decimals"/> decimals.</summary>
    public static long UnitsIn(int decimals) => Powers[decimals];

    /// <summary>What an amount at <see cref="DecimalsMax"/> decimals is at fewer; what is less than a smallest unit there is dropped.</summary>
    public static long Coarsen(long units, int decimals) => units / Powers[DecimalsMax - decimals];

    /// <summary>The decimal number of <paramref name="units"/> smallest units, with exactly <paramref name="decimals"/> decimals.</summary>
    public static decimal FromUnits(long units, int decimals)
    {
        var magnitude = Math.Abs(units);
        var (low, high) = (unchecked((int)magnitude), (int)(magnitude >> 32));
        return new decimal(low, high, 0, units < 0, (byte)decimals);
    }
}

/// <summary>What is wrong with an amount on the wire, in check order.</summary>
public enum AmountProblem
{
    None,
    Negative,
    TooLarge,
    TooFine,
    Zero,
}
