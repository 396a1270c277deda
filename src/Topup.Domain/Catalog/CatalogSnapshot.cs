using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>All that the operator defined, at one moment. It never changes; a change makes the next version.</summary>
public sealed class CatalogSnapshot
{
    public static readonly CatalogSnapshot Empty = new(0, [], [], [], [], []);

    // By plan, the latest first; the cards of no plan stand under the empty text.
    private readonly FrozenDictionary<string, RateCard[]> cardsByPlan;
    private readonly FrozenDictionary<string, string[]> poolsByUsageType;
    private readonly string[] poolsOfUnknown;

    public CatalogSnapshot(
        long version, IEnumerable<CreditType> types, IEnumerable<Plan> plans, IEnumerable<Pack> packs, IReadOnlyCollection<RateCard> rateCards,
        IEnumerable<AddOn> addOns)
    {
        Version = version;
        Types = types.ToFrozenDictionary(type => type.Code, StringComparer.Ordinal);
        Plans = plans.ToFrozenDictionary(plan => plan.Code, StringComparer.Ordinal);
        Packs = packs.ToFrozenDictionary(pack => pack.Code, StringComparer.Ordinal);
        RateCards = rateCards.ToFrozenDictionary(card => card.Code, StringComparer.Ordinal);
        AddOns = addOns.ToFrozenDictionary(addOn => addOn.Code, StringComparer.Ordinal);
        cardsByPlan = rateCards.GroupBy(card => card.Plan ?? "", StringComparer.Ordinal).ToFrozenDictionary(
            cards => cards.Key, cards => cards.OrderByDescending(card => card.EffectiveFrom).ToArray(), StringComparer.Ordinal);
        poolsOfUnknown = [.. rateCards.Select(card => card.Unknown?.Type).OfType<string>().Distinct()];
        poolsByUsageType = PoolsByUsageType(rateCards, poolsOfUnknown);
    }

    /// <summary>Counts the changes of the catalogue; a later snapshot has a larger one.</summary>
    public long Version { get; }

    public FrozenDictionary<string, CreditType> Types { get; }

    public FrozenDictionary<string, Plan> Plans { get; }

    public FrozenDictionary<string, Pack> Packs { get; }

    public FrozenDictionary<string, RateCard> RateCards { get; }

    public FrozenDictionary<string, AddOn> AddOns { get; }

    /// <summary>The card that prices a tenant's uses at a moment: the latest that has begun of its plan, else of no plan.</summary>
    /// <param name="plan">The tenant's plan; null: none.</param>
    public RateCard? RateCardOf(string? plan, Instant now) => (plan is null ? null : Begun(plan, now)) ?? Begun("", now);

    /// <summary>The price of a use at a moment; null: the card in effect does not sell it, or there is no card.</summary>
    public Rate? RateOf(string? plan, string usageType, IReadOnlyDictionary<string, string>? dimensions, Instant now) =>
        RateCardOf(plan, now)?.RateOf(usageType, dimensions);

    /// <summary>The credit types that may pay for a usage type, on whichever plan.</summary>
    public IReadOnlyList<string> PoolsOf(string usageType) => poolsByUsageType.GetValueOrDefault(usageType, poolsOfUnknown);

    private static FrozenDictionary<string, string[]> PoolsByUsageType(IReadOnlyCollection<RateCard> cards, string[] ofUnknown) => cards
        .SelectMany(card => card.Rates)
        .GroupBy(rate => rate.UsageType, StringComparer.Ordinal)
        .ToFrozenDictionary(rates => rates.Key, rates => rates.Select(rate => rate.Type).Concat(ofUnknown).Distinct().ToArray(), StringComparer.Ordinal);

    private RateCard? Begun(string plan, Instant now)
    {
        if (!cardsByPlan.TryGetValue(plan, out var cards)) return null;
        foreach (var card in cards)
            if (card.EffectiveFrom <= now) return card;
        return null;
    }
}
