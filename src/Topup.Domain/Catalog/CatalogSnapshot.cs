using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>All that the operator defined, at one moment. It never changes; a change makes the next version.</summary>
public sealed class CatalogSnapshot(
    long version, IEnumerable<CreditType> types, IEnumerable<Plan> plans, IEnumerable<Pack> packs, IEnumerable<RateCard> rateCards,
    IEnumerable<AddOn> addOns)
{
    public static readonly CatalogSnapshot Empty = new(0, [], [], [], [], []);

    // By plan, the latest first; the cards of no plan stand under the empty text.
    private readonly FrozenDictionary<string, RateCard[]> cardsByPlan = rateCards
        .GroupBy(card => card.Plan ?? "", StringComparer.Ordinal)
        .ToFrozenDictionary(cards => cards.Key, cards => cards.OrderByDescending(card => card.EffectiveFrom).ToArray(), StringComparer.Ordinal);

    /// <summary>Counts the changes of the catalogue; a later snapshot has a larger one.</summary>
    public long Version { get; } = version;

    public FrozenDictionary<string, CreditType> Types { get; } =
        types.ToFrozenDictionary(type => type.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, Plan> Plans { get; } =
        plans.ToFrozenDictionary(plan => plan.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, Pack> Packs { get; } =
        packs.ToFrozenDictionary(pack => pack.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, RateCard> RateCards { get; } =
        rateCards.ToFrozenDictionary(card => card.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, AddOn> AddOns { get; } =
        addOns.ToFrozenDictionary(addOn => addOn.Code, StringComparer.Ordinal);

    /// <summary>The card that prices a tenant's uses at a moment: the latest that has begun of its plan, else of no plan.</summary>
    /// <param name="plan">The tenant's plan; null: none.</param>
    public RateCard? RateCardOf(string? plan, Instant now) => (plan is null ? null : Begun(plan, now)) ?? Begun("", now);

    /// <summary>The price of a use at a moment; null: the card in effect does not sell it, or there is no card.</summary>
    public Rate? RateOf(string? plan, string usageType, IReadOnlyDictionary<string, string>? dimensions, Instant now) =>
        RateCardOf(plan, now)?.RateOf(usageType, dimensions);

    private RateCard? Begun(string plan, Instant now)
    {
        if (!cardsByPlan.TryGetValue(plan, out var cards)) return null;
        foreach (var card in cards)
            if (card.EffectiveFrom <= now) return card;
        return null;
    }
}
