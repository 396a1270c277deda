using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Server.Ledger;

/// <summary>
/// A change that uses credits: so many of a type that the caller names, or so many uses of a usage type, whose pool and price
/// the tenant's plan decides. Limits hold for it, and it is counted when it is refused.
/// </summary>
internal abstract class UseRequest(string tenant, UseAsked asked, bool caps, Note note) : LedgerRequest(tenant, asked.Type, note)
{
    /// <summary>Credits asked for, in smallest units; 0 until a use that a rate card prices has been priced.</summary>
    public long Units { get; protected set; } = asked.Units;

    protected bool Caps { get; } = caps;

    public override bool IsPriced => asked.Type.Length == 0;

    public override IReadOnlyList<string> PoolsOf(CatalogSnapshot catalog) => IsPriced ? catalog.PoolsOf(Note.UsageType) : base.PoolsOf(catalog);

    public override LedgerRefusal Price(CatalogSnapshot catalog, string? plan, Instant now)
    {
        if (!IsPriced) return LedgerRefusal.None;
        var priced = asked.Price(catalog, plan, Note.UsageType, now);
        if (priced.Rate is null) return LedgerRefusal.UsageTypeUnknown;
        (Type, Note) = (priced.Rate.Type, Note with { Pricing = priced.Pricing });
        if (priced.Pricing.Total is not { } total) return LedgerRefusal.AmountTooLarge;
        Units = total;
        return LedgerRefusal.None;
    }
}

/// <summary>What is to be used.</summary>
/// <param name="Type">The credit type; empty: the rate card says it.</param>
/// <param name="Units">Credits of that type, in smallest units; 0 where the rate card says it.</param>
/// <param name="Quantity">How many uses, where the rate card says what one costs.</param>
internal readonly record struct UseAsked(string Type, long Units, long Quantity = 0, IReadOnlyDictionary<string, string>? Dimensions = null)
{
    public (Rate? Rate, Pricing Pricing) Price(CatalogSnapshot catalog, string? plan, string usageType, Instant now) =>
        catalog.RateOf(plan, usageType, Dimensions, now) is { } rate && catalog.Types.ContainsKey(rate.Type)
            ? (rate, new Pricing(Quantity, rate.Price, rate.UnitCost, rate.Seconds))
            : default;
}
