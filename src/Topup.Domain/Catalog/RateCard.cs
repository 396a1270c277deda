using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Topup.Domain.Catalog;

/// <summary>
/// What uses cost on a plan, from one date on until a later card of the plan takes over. A card that has begun never
/// changes, so that no use is priced twice in two ways; another price is another card.
/// </summary>
public sealed record RateCard
{
    public const int RatesMax = 500;
    public const int NameLengthMax = 100;

    /// <summary>The operator's code, such as <c>starter-2026</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The plan whose uses it prices; null: those of tenants without a plan, and of plans that have no card.</summary>
    public string? Plan { get; init; }

    public required Instant EffectiveFrom { get; init; }

    public required ImmutableArray<Rate> Rates { get; init; }

    /// <summary>What a use of a type costs that the card does not name; null: such a use is refused.</summary>
    public Rate? Unknown { get; init; }

    public bool HasBegun(Instant now) => EffectiveFrom <= now;

    /// <summary>Whether the card prices anything in a credit type.</summary>
    public bool Names(string type) => Unknown?.Type == type || Rates.Any(rate => rate.Type == type);

    /// <summary>
    /// The price of one use. Of several rates for a usage type that one holds whose dimensions all apply and are the most;
    /// two that apply alike cannot stand on one card.
    /// </summary>
    /// <param name="dimensions">What the caller says of the use, such as its country or model.</param>
    public Rate? RateOf(string usageType, IReadOnlyDictionary<string, string>? dimensions)
    {
        Rate? best = null;
        foreach (var rate in Rates)
            if (rate.UsageType == usageType && rate.Holds(dimensions) && (best is null || rate.Dimensions.Count > best.Dimensions.Count)) best = rate;
        return best ?? Unknown;
    }

    /// <summary>The places of the first two rates that could both be the price of one use; null: every use has one price.</summary>
    public (int First, int Second)? FirstClash()
    {
        for (var second = 1; second < Rates.Length; second++)
            for (var first = 0; first < second; first++)
                if (Rates[first].ClashesWith(Rates[second])) return (first, second);
        return null;
    }

    public bool Equals(RateCard? other) =>
        other is not null && Code == other.Code && Plan == other.Plan && EffectiveFrom == other.EffectiveFrom && Unknown == other.Unknown
        && Rates.AsSpan().SequenceEqual(other.Rates.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Code, Plan, EffectiveFrom, Rates.Length);
}

/// <summary>The price of one use in credits of a pool.</summary>
public sealed record Rate
{
    public const int UsageTypeLengthMax = 64;
    public const int DimensionsMax = 5;
    public const int DimensionLengthMax = 64;
    public const int SecondsMax = 86_400;

    /// <summary>The platform's word for what is used, such as <c>ai_session</c>; empty: any that the card does not name.</summary>
    public required string UsageType { get; init; }

    /// <summary>What it is called on screen.</summary>
    public string Name { get; init; } = "";

    /// <summary>Code of the credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Smallest units of that type for one use; 0: free, but counted.</summary>
    public required long Price { get; init; }

    /// <summary>How long one use may last, in seconds, such as a call; null: no limit of time.</summary>
    public int? Seconds { get; init; }

    /// <summary>What one use costs the operator, in millionths of the operator's currency; null: what the credit type says for each credit.</summary>
    public long? UnitCost { get; init; }

    /// <summary>What must be true of a use for this rate to hold, such as country = BR; empty: nothing.</summary>
    public FrozenDictionary<string, string> Dimensions { get; init; } = FrozenDictionary<string, string>.Empty;

    public bool Holds(IReadOnlyDictionary<string, string>? dimensions)
    {
        foreach (var (name, value) in Dimensions)
            if (dimensions is null || !dimensions.TryGetValue(name, out var said) || said != value) return false;
        return true;
    }

    /// <summary>How many uses so many smallest units pay for; null: as many as one likes, for they are free.</summary>
    public long? UsesFor(long units) => Price == 0 ? null : units / Price;

    /// <summary>One use could fit both, and neither asks for more than the other.</summary>
    internal bool ClashesWith(Rate other)
    {
        if (UsageType != other.UsageType || Dimensions.Count != other.Dimensions.Count) return false;
        foreach (var (name, value) in Dimensions)
            if (other.Dimensions.TryGetValue(name, out var wanted) && wanted != value) return false;
        return true;
    }

    public bool Equals(Rate? other) =>
        other is not null && UsageType == other.UsageType && Name == other.Name && Type == other.Type && Price == other.Price
        && Seconds == other.Seconds && UnitCost == other.UnitCost && Dimensions.Count == other.Dimensions.Count && Holds(other.Dimensions);

    public override int GetHashCode() => HashCode.Combine(UsageType, Name, Type, Price, Seconds, UnitCost, Dimensions.Count);
}
