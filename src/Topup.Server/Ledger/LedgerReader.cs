using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Ledger;

/// <summary>A tenant's pools as of now: what is stored, brought up to date by the rules, and saved nowhere.</summary>
internal sealed class LedgerReader(LedgerHistory history, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<Outcome<PoolNow>> Pool(string tenant, CreditType type, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var stored = await history.Pools(tenant, type.Code, now, stop);
        return stored is null ? LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null) : Settled(stored, type, now);
    }

    /// <summary>The pools that mean something to the tenant: those its plan includes, and those that have a history.</summary>
    public async Task<Outcome<IReadOnlyList<PoolNow>>> Pools(string tenant, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var stored = await history.Pools(tenant, null, now, stop);
        if (stored is null) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        var plan = PlanOf(stored.Tenant);
        return new List<PoolNow>(catalogs.Current.Types.Values
            .Where(type => stored.Pools.ContainsKey(type.Code) || (type.Enabled && plan is not null && plan.Allowances.ContainsKey(type.Code)))
            .OrderBy(type => type.Code, StringComparer.Ordinal)
            .Select(type => Settled(stored, type, now)));
    }

    private PoolNow Settled(TenantPools stored, CreditType type, Instant now)
    {
        var tenant = stored.Tenant;
        var period = tenant.Period.At(now, tenant.RenewalDay, zone);
        var plan = PlanOf(tenant);
        var terms = Terms.Of(tenant, plan, type, period);
        var pool = Settlement.Decide(stored.Of(type.Code), terms, now).Pool;
        return new PoolNow(new PoolKey(tenant.Id, type.Code), type, pool, terms, now, tenant.Plan, plan?.MayTopUp(type.Code) ?? true, tenant.RenewalDay);
    }

    private Plan? PlanOf(Tenant tenant) => tenant.Plan is null ? null : catalogs.Current.Plans.GetValueOrDefault(tenant.Plan);
}

/// <param name="MayTopUp">The tenant's plan lets it buy credits of this type.</param>
internal sealed record PoolNow(PoolKey Key, CreditType Type, Pool Pool, Terms Terms, Instant Now, string? Plan, bool MayTopUp, int RenewalDay)
{
    public PoolView View() => new()
    {
        Type = Type.Code,
        Name = Type.Name,
        Unit = Type.Unit,
        Status = Terms.SpendingRefusal switch
        {
            LedgerRefusal.TenantSuspended => "suspended",
            LedgerRefusal.TypeDisabled => "disabled",
            LedgerRefusal.PlanLapsed => "frozen",
            _ => Pool.Balance.Available == 0 && !Pool.Allowance.IsUnlimited ? "exhausted"
                : Pool.Alert == AlertLevel.Low ? "low"
                : "ok",
        },
        Allowance = new AllowanceView
        {
            Limit = Pool.Allowance.Limit is { } limit ? LedgerViews.Decimal(limit, Type) : -1,
            RolledOver = LedgerViews.Decimal(Pool.Allowance.RolledOver, Type),
            Used = LedgerViews.Decimal(Pool.Allowance.Used, Type),
            Held = LedgerViews.Decimal(Pool.Allowance.Held, Type),
            Left = LedgerViews.Decimal(Pool.Allowance.Left, Type),
            PeriodStart = Terms.Period.Start.ToDateTimeOffset(),
            ResetsAt = Terms.Period.End.ToDateTimeOffset(),
        },
        Remaining = LedgerViews.Remaining(Pool, Type),
        Lots = [.. Pool.Lots.Where(lot => lot.IsOpen).Select(lot => LedgerViews.Lot(lot, Key, Type))],
    };
}
