using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Ledger;

/// <summary>A tenant's pools as of now: what is stored, brought up to date by the rules, and saved nowhere.</summary>
internal sealed class LedgerReader(LedgerHistory history, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<Outcome<PoolNow>> Pool(string tenant, CreditType type, CancellationToken stop)
    {
        var read = await Read(tenant, type.Code, until: Instant.Always, catalogs.Current, stop);
        return read.Problem is { } unknown ? unknown : read.Value.Of(type);
    }

    /// <summary>A use as it would be decided now: its pool, its price, and the limit that would refuse it.</summary>
    public async Task<Outcome<UseNow>> Use(string tenant, UseAsked asked, Note note, CancellationToken stop)
    {
        var isPriced = asked.Type.Length == 0;
        var catalog = isPriced ? await catalogs.Refresh(stop) : catalogs.Current;
        var read = await Read(tenant, isPriced ? null : asked.Type, until: Instant.Always, catalog, stop);
        if (read.Problem is { } unknown) return unknown;
        var (owner, code, units) = (read.Value, asked.Type, asked.Units);
        if (isPriced)
        {
            var (rate, pricing) = asked.Price(catalog, owner.Tenant.Plan, note.UsageType, owner.Now);
            if (rate is null) return LedgerProblems.Of(LedgerRefusal.UsageTypeUnknown, 0, null);
            if (pricing.Total is not { } total) return LedgerProblems.Of(LedgerRefusal.AmountTooLarge, 0, catalog.Types[rate.Type]);
            (code, units, note) = (rate.Type, total, note with { Pricing = pricing });
        }
        var limits = new TenantLimits(await history.Limits(tenant, stop), zone);
        return new UseNow(owner.Of(catalog.Types[code]), units, note, limits.Forbidding(code, note, units, owner.Now));
    }

    /// <summary>The pools that mean something to the tenant: those its plan includes, and those that have a history.</summary>
    public async Task<Outcome<IReadOnlyList<PoolNow>>> Pools(string tenant, CancellationToken stop)
    {
        var read = await Read(tenant, type: null, until: Instant.Always, catalogs.Current, stop);
        return read.Problem is { } unknown ? unknown : new List<PoolNow>(read.Value.Types.Select(read.Value.Of));
    }

    /// <summary>The tenant with all its pools, under the newest rules.</summary>
    /// <param name="until">Holds that end by then are read too, for pools that are asked about at that time.</param>
    public async Task<Outcome<TenantNow>> Tenant(string tenant, Instant until, CancellationToken stop) =>
        await Read(tenant, type: null, until, await catalogs.Refresh(stop), stop);

    private async Task<Outcome<TenantNow>> Read(string tenant, string? type, Instant until, CatalogSnapshot catalog, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var stored = await history.Pools(tenant, type, Instant.Later(now, until), stop);
        return stored is null
            ? LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null)
            : new TenantNow(stored.Tenant, stored, catalog, now, zone);
    }
}

/// <param name="Units">What it would cost.</param>
/// <param name="Forbidding">The limit that refuses it; null: none does.</param>
internal sealed record UseNow(PoolNow Pool, long Units, Note Note, Limit? Forbidding);

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
