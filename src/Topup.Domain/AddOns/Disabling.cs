using Topup.Domain.Ledger;

namespace Topup.Domain.AddOns;

/// <summary>
/// Switches an add-on off and gives back what is paid for and not used, today included, to where it was drawn from. Grace
/// is not paid for, so nothing of it comes back and nothing is owed.
/// </summary>
public static class Disabling
{
    /// <param name="original">The entry that took the last charge.</param>
    /// <param name="reversed">How much of it was given back already, by whomever.</param>
    public static AddOnDecision Decide(TenantAddOn state, AddOnCase at, Entry? original, long reversed, Note note)
    {
        if (state.Status == AddOnStatus.Off) return AddOnDecision.Nothing(state, at, AddOnRefusal.NotOn);
        var back = original is null ? 0 : Math.Min(state.UnusedFrom(at.Today), original.Amount - reversed);
        var off = Off(state, at) with { News = AddOnNews.Disabled };
        if (back == 0) return off;
        var ledger = Reversal.Decide(at.Pool, at.Terms, original, reversed, back, note, at.Now);
        return off with { AddOn = off.AddOn with { Used = Math.Max(state.Used - back, 0) }, Ledger = ledger };
    }

    internal static AddOnDecision Off(TenantAddOn state, AddOnCase at) =>
        AddOnDecision.Nothing(state with { Status = AddOnStatus.Off, Entry = 0, Purchase = "", GraceUntil = default }, at);
}
