using System.Collections.Frozen;

namespace Topup.Domain.Catalog;

/// <summary>
/// What a tenant buys. Type, price, currency and credits never change once the pack is made, so that a pack means the
/// same in an old receipt as in the shop.
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

    public bool IsSoldTo(string? plan) => Active && (Plans is null || (plan is not null && Plans.Contains(plan)));
}
