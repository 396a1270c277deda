using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>
/// A tenant's subscription tier: what comes back every period, and what may be topped up. Amounts are in smallest
/// units of their credit type.
/// </summary>
public sealed record Plan
{
    public const int NameLengthMax = 100;

    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>Limit per period by credit type; null is unlimited, a type that is absent is not included.</summary>
    public required FrozenDictionary<string, long?> Allowances { get; init; }

    /// <summary>Credit types that may be topped up on this plan; null is all of them.</summary>
    public FrozenSet<string>? TopUp { get; init; }

    /// <summary>What is carried over of an allowance, by credit type; a type that is absent carries nothing over.</summary>
    public required FrozenDictionary<string, Rollover> Rollover { get; init; }

    public bool MayTopUp(string creditType) => TopUp is null || TopUp.Contains(creditType);
}

/// <summary>
/// A new period starts with its limit and what was left of the last one, but at least <see cref="Min"/> and at most
/// <see cref="Max"/> of it.
/// </summary>
public readonly record struct Rollover(long Min, long Max)
{
    public long Carry(long left) => Math.Clamp(left, Min, Max);
}
