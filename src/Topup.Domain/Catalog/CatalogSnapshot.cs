using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>All that the operator defined, at one moment. It never changes; a change makes the next version.</summary>
public sealed class CatalogSnapshot(
    long version, IEnumerable<CreditType> types, IEnumerable<Plan> plans, IEnumerable<Pack> packs)
{
    public static readonly CatalogSnapshot Empty = new(0, [], [], []);

    /// <summary>Counts the changes of the catalogue; a later snapshot has a larger one.</summary>
    public long Version { get; } = version;

    public FrozenDictionary<string, CreditType> Types { get; } =
        types.ToFrozenDictionary(type => type.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, Plan> Plans { get; } =
        plans.ToFrozenDictionary(plan => plan.Code, StringComparer.Ordinal);

    public FrozenDictionary<string, Pack> Packs { get; } =
        packs.ToFrozenDictionary(pack => pack.Code, StringComparer.Ordinal);
}
