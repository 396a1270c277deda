using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Domain.AddOns;

/// <summary>Switches an add-on on, for the days of the cycle that are left, today included.</summary>
public static class Enabling
{
    /// <summary>At a tenant's own word. One that is suspended is theirs already, so it is resumed also where it is no longer offered.</summary>
    public static AddOnDecision Decide(TenantAddOn state, AddOn addOn, AddOnCase at, Note note)
    {
        if (state.IsWorking) return AddOnDecision.Nothing(state, at, AddOnRefusal.AlreadyOn);
        if (state.Status != AddOnStatus.Suspended && !addOn.IsOfferedTo(at.Tenant.Plan)) return AddOnDecision.Nothing(state, at, AddOnRefusal.NotOffered);
        return AddOnCharge.Decide(state, addOn, at, at.Today, AddOnNews.Enabled, note);
    }

    /// <summary>The credits that are missing were ordered: once they are paid, it is enabled.</summary>
    /// <param name="purchase">The order.</param>
    public static AddOnDecision Await(TenantAddOn state, AddOnCase at, string purchase) =>
        state.IsWorking
            ? AddOnDecision.Nothing(state, at, AddOnRefusal.AlreadyOn)
            : AddOnDecision.Nothing(state with { Status = AddOnStatus.Waiting, Purchase = purchase }, at);

    /// <summary>Looks at one that waits. Credits that still miss when the purchase is paid leave it waiting.</summary>
    /// <param name="addOn">Null: it is no longer in the catalogue.</param>
    public static AddOnDecision Continue(TenantAddOn state, AddOn? addOn, AddOnCase at, PurchaseStanding purchase, Note note)
    {
        if (purchase == PurchaseStanding.Open) return AddOnDecision.Nothing(state, at);
        if (purchase == PurchaseStanding.Over || addOn is null || !addOn.IsOfferedTo(at.Tenant.Plan))
            return Disabling.Off(state, at) with { News = AddOnNews.Disabled };
        var charged = AddOnCharge.Decide(state, addOn, at, at.Today, AddOnNews.Enabled, note);
        return charged.Obstacle == LedgerRefusal.None
            ? charged
            : AddOnDecision.Nothing(state, at) with { Charge = charged.Charge, Obstacle = charged.Obstacle, Missing = charged.Missing };
    }
}

/// <summary>How far the purchase is that an add-on waits for.</summary>
public enum PurchaseStanding
{
    /// <summary>It may still be paid.</summary>
    Open,

    /// <summary>Its credits were added.</summary>
    Credited,

    /// <summary>It brings nothing any more.</summary>
    Over,
}
