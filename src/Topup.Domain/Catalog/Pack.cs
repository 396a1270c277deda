using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>
/// What a tenant buys: so many credits for a price, or, at that rate, as many as the buyer pays for. Type, price, currency
/// and credits never change once the pack is made, so that a pack means the same in an old receipt as in the shop.
/// </summary>
public sealed record Pack
{
    public const int NameLengthMax = 100;
    public const int DescriptionLengthMax = 1_000;

    public required string Code { get; init; }

    /// <summary>The code of the credit type it contains.</summary>
    public required string Type { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Minor units of <see cref="Currency"/>.</summary>
    public required long Price { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Smallest units of <see cref="Type"/>.</summary>
    public required long Credits { get; init; }

    /// <summary>Whether it is for sale. Credits that were bought never depend on it.</summary>
    public required bool Active { get; init; }

    /// <summary>Plans whose tenants may buy it; null is all of them, and tenants without a plan.</summary>
    public FrozenSet<string>? Plans { get; init; }

    /// <summary>The buyer types the amount; null: the pack is sold as it is. A pack never changes from one to the other.</summary>
    public CustomAmount? Custom { get; init; }

    public bool IsSoldTo(string? plan) => Active && (Plans is null || (plan is not null && Plans.Contains(plan)));

    /// <summary>
    /// What a price of the buyer's choice brings: floor(price x credits x (100 + bonus) / (100 x the pack's price)), with the
    /// highest bonus that the price reaches. Rounded down, so in favour of the seller by less than one smallest unit.
    /// </summary>
    /// <param name="price">Minor units of <see cref="Currency"/>.</param>
    /// <param name="credits">Smallest units of <see cref="Type"/>; 0 where there is a problem.</param>
    /// <exception cref="InvalidOperationException">The pack has a fixed price (<see cref="Custom"/> is null).</exception>
    public CustomAmountProblem CreditsFor(long price, out long credits)
    {
        credits = 0;
        var custom = CustomOrThrow();
        if (price < custom.MinPrice) return CustomAmountProblem.BelowMinimum;
        if (price > custom.MaxPrice) return CustomAmountProblem.AboveMaximum;
        var bought = (Int128)price * Credits * (100 + custom.BonusAt(price)) / ((Int128)Price * 100);
        if (bought == 0) return CustomAmountProblem.TooFewCredits;
        if (bought > Amount.Max) return CustomAmountProblem.TooManyCredits;
        credits = (long)bought;
        return CustomAmountProblem.None;
    }

    /// <summary>
    /// The smallest price between minimum and maximum that brings at least so many credits; a bonus is used where it makes
    /// them cheaper. Rounded up, so in favour of the seller by less than one minor unit. What the price brings
    /// (<see cref="CreditsFor"/>) may be more than was asked for.
    /// </summary>
    /// <param name="credits">Smallest units of <see cref="Type"/>, more than 0.</param>
    /// <param name="price">Minor units of <see cref="Currency"/>; 0 where there is a problem.</param>
    /// <exception cref="InvalidOperationException">The pack has a fixed price (<see cref="Custom"/> is null).</exception>
    public CustomAmountProblem PriceFor(long credits, out long price)
    {
        price = 0;
        var custom = CustomOrThrow();
        var wanted = LowestPriceFor(credits, custom);
        if (wanted > custom.MaxPrice) return CustomAmountProblem.AboveMaximum;
        var problem = CreditsFor((long)wanted, out _);
        if (problem == CustomAmountProblem.None) price = (long)wanted;
        return problem;
    }

    private CustomAmount CustomOrThrow() => Custom ?? throw new InvalidOperationException($"The pack {Code} has a fixed price.");

    /// <summary>Each bonus begins above the one before it, so the first that does it within its own prices is the cheapest.</summary>
    private Int128 LowestPriceFor(long credits, CustomAmount custom)
    {
        var lowest = Int128.Max(PriceAt(0, credits), custom.MinPrice);
        foreach (var bonus in custom.Bonuses)
        {
            if (lowest < bonus.FromPrice) return lowest;
            lowest = Int128.Max(Int128.Max(PriceAt(bonus.Percent, credits), custom.MinPrice), bonus.FromPrice);
        }
        return lowest;
    }

    private Int128 PriceAt(int bonusPercent, long credits)
    {
        var rate = (Int128)Credits * (100 + bonusPercent);
        return ((Int128)credits * Price * 100 + rate - 1) / rate;
    }
}
