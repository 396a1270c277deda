using Topup.Contracts;
using Topup.Domain.AddOns;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.AddOns;

/// <summary><c>GET /v1/tenants/{id}/addons</c>: everything that a page shows on which a tenant manages its add-ons.</summary>
internal sealed class ReadAddOns(AddOnOutlook outlooks)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, context.RequestAborted), Json.Wire.TenantAddOnsView);
    }

    public async Task<Outcome<TenantAddOnsView>> Run(string tenant, CancellationToken stop)
    {
        var outlook = await outlooks.Of(tenant, onlyOpen: true, stop);
        return outlook.Problem is { } unknown ? unknown : ViewOf(outlook.Value);
    }

    private static TenantAddOnsView ViewOf(AddOnsNow now)
    {
        var shown = now.Catalog.AddOns.Values
            .Where(addOn => now.StateOf(addOn).Status != AddOnStatus.Off || addOn.IsOfferedTo(now.Account.Tenant.Plan))
            .OrderBy(addOn => addOn.Code, StringComparer.Ordinal).ToList();
        var used = now.Account.Rows.Values.Where(row => row.AddOn.UsedOn(now.Today) > 0).Select(row => row.AddOn.Type);
        return new TenantAddOnsView
        {
            Tenant = now.Account.Tenant.Id,
            Today = now.Today,
            CycleFrom = now.Cycle.Start,
            RenewsOn = now.Cycle.End,
            CycleDays = now.Cycle.Days,
            DaysLeft = now.Cycle.DaysFrom(now.Today),
            Addons = [.. shown.Select(addOn => ViewOf(now, addOn))],
            Pools = [.. shown.Select(addOn => addOn.Type).Concat(used).Distinct().Order(StringComparer.Ordinal)
                .Select(type => ViewOf(now, now.Catalog.Types[type]))],
        };
    }

    private static TenantAddOnView ViewOf(AddOnsNow now, AddOn addOn)
    {
        var (state, type, charge) = (now.StateOf(addOn), now.Catalog.Types[addOn.Type], now.ChargeOf(addOn));
        var isOff = state.Status is AddOnStatus.Off or AddOnStatus.Waiting;
        return new TenantAddOnView
        {
            Code = addOn.Code,
            Name = addOn.Name,
            Description = addOn.Description,
            Type = addOn.Type,
            Price = LedgerViews.Decimal(addOn.Price, type),
            Status = AddOnEvents.NameOf(state.Status),
            Available = !state.IsWorking && (state.Status == AddOnStatus.Suspended || addOn.IsOfferedTo(now.Account.Tenant.Plan)),
            ChargeNow = LedgerViews.Decimal(charge?.Charge ?? 0, type),
            Missing = LedgerViews.Decimal(charge?.Missing ?? 0, type),
            Reason = charge is null ? null
                : AddOnProblems.ReasonOf(charge.Refusal) ?? (charge.Obstacle == LedgerRefusal.None ? null : LedgerProblems.ReasonOf(charge.Obstacle)),
            GivesBack = LedgerViews.Decimal(now.GivesBack(addOn), type),
            UsedThisCycle = LedgerViews.Decimal(state.UsedOn(now.Today), type),
            PaidUntil = isOff ? null : state.PaidUntil,
            NextCharge = now.NextCharge(addOn) is { } next ? LedgerViews.Decimal(next, type) : null,
            GraceUntil = state.Status == AddOnStatus.Grace ? state.GraceUntil : null,
            EnabledAt = isOff ? null : state.EnabledAt.ToDateTimeOffset(),
            Purchase = state.Purchase.Length > 0 ? new PurchaseId(now.Account.Tenant.Id, state.Purchase).ToString() : null,
        };
    }

    private static AddOnPoolView ViewOf(AddOnsNow now, CreditType type)
    {
        var (total, next) = now.Next(type);
        var used = now.Account.Rows.Values.Where(row => row.AddOn.Type == type.Code).Sum(row => row.AddOn.UsedOn(now.Today));
        var covered = next.Allowance.IsUnlimited || next.Balance.Available >= total;
        return new AddOnPoolView
        {
            Type = type.Code,
            Name = type.Name,
            Unit = type.Unit,
            Remaining = LedgerViews.Remaining(now.PoolOf(type), type),
            UsedThisCycle = LedgerViews.Decimal(used, type),
            NextTotal = LedgerViews.Decimal(total, type),
            NextAvailable = LedgerViews.Decimal(next.Balance.Available, type),
            NextCovered = covered,
            NextMissing = LedgerViews.Decimal(covered ? 0 : Consumption.Shortfall(next, total), type),
        };
    }
}
