using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>
/// A tenant as it is stored, and the rules that it is under, read at one moment. What its pools are follows from that;
/// with another plan, status or time it says what they would be.
/// </summary>
internal sealed record TenantNow(Tenant Tenant, TenantPools Stored, CatalogSnapshot Catalog, Instant Now, TimeZoneInfo Zone)
{
    /// <summary>The card that prices its uses; null: none.</summary>
    public RateCard? RateCard => Catalog.RateCardOf(Tenant.Plan, Now);

    /// <summary>The types that mean something to the tenant: those its plan includes, and those that have a history.</summary>
    public IEnumerable<CreditType> Types => Catalog.Types.Values
        .Where(type => Stored.Pools.ContainsKey(type.Code) || (type.Enabled && Plan is { } plan && plan.Allowances.ContainsKey(type.Code)))
        .OrderBy(type => type.Code, StringComparer.Ordinal);

    private Plan? Plan => Tenant.Plan is null ? null : Catalog.Plans.GetValueOrDefault(Tenant.Plan);

    /// <summary>The pool of a type, brought up to date by the rules and saved nowhere.</summary>
    public PoolNow Of(CreditType type)
    {
        var terms = Terms.Of(Tenant, Plan, type, Tenant.Period.At(Now, Tenant.RenewalDay, Zone));
        var pool = Settlement.Decide(Stored.Of(type.Code), terms, Now).Pool;
        return new PoolNow(new PoolKey(Tenant.Id, type.Code), type, pool, terms, Now, Tenant.Plan, Plan?.MayTopUp(type.Code) ?? true,
            Tenant.RenewalDay);
    }
}
