using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>
/// An optional feature with a price a month, charged by the day in credits. Its price may change: what was charged stays
/// as it was charged, and the next charge is at the new one.
/// </summary>
public sealed record AddOn
{
    public const int NameLengthMax = 100;
    public const int DescriptionLengthMax = 1_000;

    /// <summary>With the word before it, the code is the usage type of a charge, which is at most 64 long.</summary>
    public const int CodeLengthMax = 58;

    private const string UsageTypePrefix = "addon:";

    public required string Code { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The code of the credit type that pays. Never changes.</summary>
    public required string Type { get; init; }

    /// <summary>Smallest units of <see cref="Type"/> for one cycle of a tenant, a month.</summary>
    public required long Price { get; init; }

    /// <summary>Whether it can be enabled. Those who have it keep it.</summary>
    public required bool Active { get; init; }

    /// <summary>Plans whose tenants may enable it; null is all of them, and tenants without a plan.</summary>
    public FrozenSet<string>? Plans { get; init; }

    /// <summary>What its charges stand under in the history and in usage.</summary>
    public string UsageType => UsageTypePrefix + Code;

    public bool IsOfferedTo(string? plan) => Active && (Plans is null || (plan is not null && Plans.Contains(plan)));
}
