using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Domain.AddOns;

/// <summary>
/// Charges the next cycle of an add-on once the days that are paid for are over: from the first unpaid day to the tenant's
/// next renewal day, so that after a changed renewal day no day is paid twice and none is forgotten. One cycle at a time:
/// after a long absence it is called again until today is paid for.
/// </summary>
public static class Renewal
{
    /// <param name="addOn">Null: it is no longer in the catalogue.</param>
    /// <param name="graceDays">How long it goes on working when its charge cannot be made, from the day on which that was tried first.</param>
    public static AddOnDecision Decide(TenantAddOn state, AddOn? addOn, AddOnCase at, int graceDays, Note note)
    {
        var isDue = state.Status is AddOnStatus.Grace or AddOnStatus.Suspended || (state.Status == AddOnStatus.On && state.PaidUntil <= at.Today);
        if (!isDue) return AddOnDecision.Nothing(state, at);
        if (addOn is null) return Disabling.Off(state, at) with { News = AddOnNews.Disabled };
        var charged = state.Status == AddOnStatus.Suspended
            ? AddOnCharge.Decide(state, addOn, at, at.Today, AddOnNews.Enabled, note)
            : AddOnCharge.Decide(state, addOn, at, state.PaidUntil, AddOnNews.Renewed, note);
        if (charged.Obstacle == LedgerRefusal.None) return charged;

        var next = Unpaid(state, at.Today, graceDays);
        return AddOnDecision.Nothing(next, at) with
        {
            News = next.Status == state.Status ? AddOnNews.None : AddOnNews.Suspended,
            Charge = charged.Charge, Obstacle = charged.Obstacle, Missing = charged.Missing,
        };
    }

    private static TenantAddOn Unpaid(TenantAddOn state, DateOnly today, int graceDays) => state.Status switch
    {
        AddOnStatus.On when graceDays > 0 => state with { Status = AddOnStatus.Grace, GraceUntil = today.AddDays(graceDays), Entry = 0 },
        AddOnStatus.On => state with { Status = AddOnStatus.Suspended, Entry = 0 },
        AddOnStatus.Grace when today >= state.GraceUntil => state with { Status = AddOnStatus.Suspended, GraceUntil = default },
        _ => state,
    };
}
