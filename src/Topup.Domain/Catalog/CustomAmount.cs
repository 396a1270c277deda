using System.Collections.Immutable;

namespace Topup.Domain.Catalog;

/// <summary>
/// Lets the buyer of a pack type the price. The pack's own price and credits are the rate. Prices are minor units of the
/// pack's currency.
/// </summary>
/// <param name="MinPrice">The least that may be paid.</param>
/// <param name="MaxPrice">The most that may be paid at once, at least <paramref name="MinPrice"/>.</param>
/// <param name="Bonuses">At most <see cref="BonusesMax"/>. Each begins at a higher price than the one before it and gives more, so paying more never brings less.</param>
public sealed record CustomAmount(long MinPrice, long MaxPrice, ImmutableArray<Bonus> Bonuses)
{
    public const int BonusesMax = 10;

    /// <summary>The percentage of the highest bonus that <paramref name="price"/> reaches; 0: none.</summary>
    public int BonusAt(long price)
    {
        var percent = 0;
        foreach (var bonus in Bonuses)
            if (bonus.FromPrice <= price) percent = bonus.Percent;
        return percent;
    }
}

/// <summary>More credits for the whole of a large purchase.</summary>
/// <param name="FromPrice">The price from which it is given, in minor units.</param>
/// <param name="Percent">How many more credits, 1 to 1,000: 10 gives 110 where the rate gives 100.</param>
public readonly record struct Bonus(long FromPrice, int Percent)
{
    public const int PercentMin = 1;
    public const int PercentMax = 1_000;
}

/// <summary>Why a pack cannot be bought for an amount, in check order.</summary>
public enum CustomAmountProblem
{
    None,
    BelowMinimum,
    AboveMaximum,

    /// <summary>The price does not buy a single smallest unit.</summary>
    TooFewCredits,

    /// <summary>More than <see cref="Amount.Max"/>.</summary>
    TooManyCredits,
}
