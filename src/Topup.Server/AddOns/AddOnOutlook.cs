using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;

namespace Topup.Server.AddOns;

/// <summary>How a tenant stands with its add-ons now, for answers that change nothing.</summary>
internal sealed class AddOnOutlook(AddOnStore store, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    /// <param name="onlyOpen">See <see cref="AddOnStore.Account"/>.</param>
    public async Task<Outcome<AddOnsNow>> Of(string tenant, bool onlyOpen, CancellationToken stop)
    {
        var catalog = await catalogs.Refresh(stop);
        var now = Instant.From(clock.GetUtcNow());
        return await store.Account(tenant, now, onlyOpen, stop) is { } account
            ? new AddOnsNow(account, catalog, now, LocalTime.DateOf(now, zone), zone)
            : LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
    }
}

/// <summary>A tenant's add-ons as of now. It decides as the ledger would, and saves nothing.</summary>
internal sealed class AddOnsNow(AddOnAccount account, CatalogSnapshot catalog, Instant now, DateOnly today, TimeZoneInfo zone)
{
    public AddOnAccount Account => account;
    public CatalogSnapshot Catalog => catalog;
    public DateOnly Today => today;
    public Cycle Cycle { get; } = Cycle.Of(today, account.Tenant.RenewalDay);

    public TenantAddOn StateOf(AddOn addOn) =>
        account.Rows.GetValueOrDefault(addOn.Code)?.AddOn ?? new TenantAddOn { Code = addOn.Code, Type = addOn.Type };

    public AddOnDecision Enable(AddOn addOn) => Enabling.Decide(StateOf(addOn), addOn, CaseOf(addOn.Type), Note.None);

    public AddOnDecision Disable(AddOn addOn)
    {
        var (entry, reversed) = account.Charges.GetValueOrDefault(addOn.Code);
        return Disabling.Decide(StateOf(addOn), CaseOf(addOn.Type), entry, reversed, Note.None);
    }

    /// <summary>What the add-on must be charged before it works on, or at all; null: it is paid for.</summary>
    public AddOnDecision? ChargeOf(AddOn addOn)
    {
        var state = StateOf(addOn);
        return state.Status switch
        {
            AddOnStatus.On when state.PaidUntil > today => null,
            AddOnStatus.On or AddOnStatus.Grace or AddOnStatus.Suspended => Renewal.Decide(state, addOn, CaseOf(addOn.Type), graceDays: 0, Note.None),
            AddOnStatus.Off or AddOnStatus.Waiting => Enabling.Decide(state, addOn, CaseOf(addOn.Type), Note.None),
        };
    }

    public long GivesBack(AddOn addOn) =>
        account.Charges.TryGetValue(addOn.Code, out var charge) ? Math.Min(StateOf(addOn).UnusedFrom(today), charge.Entry.Amount - charge.Reversed) : 0;

    /// <summary>What the first day that is not paid for will cost, with those after it; null: it is not renewed.</summary>
    public long? NextCharge(AddOn addOn)
    {
        if (StateOf(addOn) is not { IsWorking: true } state) return null;
        var next = Cycle.Of(state.PaidUntil, account.Tenant.RenewalDay);
        return Proration.Share(addOn.Price, next.DaysFrom(state.PaidUntil), next.Days);
    }

    /// <summary>The pool as it is now.</summary>
    public Pool PoolOf(CreditType type) => Settlement.Decide(CaseOf(type.Code).Pool, CaseOf(type.Code).Terms, now).Pool;

    /// <summary>
    /// What the next renewal day takes from a pool, and what there will be then: charges that come before it are made, what
    /// expires until then is gone, and what the plan includes has come back.
    /// </summary>
    public (long Total, Pool Pool) Next(CreditType type)
    {
        var working = catalog.AddOns.Values.Where(addOn => addOn.Type == type.Code && StateOf(addOn).IsWorking).ToList();
        var before = working.Where(addOn => StateOf(addOn).PaidUntil < Cycle.End).Sum(addOn => NextCharge(addOn) ?? 0);
        var total = working.Where(addOn => StateOf(addOn).PaidUntil <= Cycle.End).Sum(addOn => addOn.Price);
        var at = CaseOf(type.Code);
        var pool = before == 0 ? at.Pool : Consumption.Decide(at.Pool, at.Terms, before, cap: true, Note.None, now).Pool;
        var renewal = LocalTime.StartOf(Cycle.End, zone);
        return (total, Settlement.Decide(pool, TermsAt(type, renewal), renewal).Pool);
    }

    private AddOnCase CaseOf(string type) =>
        new(account.Pools.GetValueOrDefault(type, Pool.Empty), TermsAt(catalog.Types[type], now), now, today, account.Tenant);

    private Terms TermsAt(CreditType type, Instant at)
    {
        var tenant = account.Tenant;
        var plan = tenant.Plan is null ? null : catalog.Plans.GetValueOrDefault(tenant.Plan);
        return Terms.Of(tenant, plan, type, tenant.Period.At(at, tenant.RenewalDay, zone));
    }
}
