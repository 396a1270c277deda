namespace Topup.Domain.Ledger;

/// <summary>
/// Takes credits of one lot back: an operator voids a grant, or a payment was refunded or disputed. Never more than
/// was granted, over any number of calls. What was already spent is forgiven, or becomes debt that the next credits pay.
/// </summary>
public static class TakeBack
{
    /// <param name="amount">Null: all of it, and the lot is void: what returns to it later is taken back too.</param>
    /// <param name="spentBecomesDebt">False: what was spent is forgiven.</param>
    public static LedgerDecision Decide(
        Pool pool, Terms terms, long lotId, long? amount, bool spentBecomesDebt, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        if (posting.Pool.FindLot(lotId) is not { } lot) return posting.Refuse(LedgerRefusal.GrantUnknown);
        if (lot.Voided || lot.Claimable == 0) return posting.Refuse(LedgerRefusal.GrantClosed);
        var asked = Math.Min(amount ?? lot.Claimable, lot.Claimable);
        var taken = Math.Min(asked, lot.Remaining);
        var owed = spentBecomesDebt ? asked - taken : 0;

        // A lot whose spent part became debt is not void: what returns to it has been paid for by that debt.
        var changed = lot.TakeBack(taken) with { Owed = lot.Owed + owed, Voided = amount is null && !spentBecomesDebt };
        var after = Movement.Replace(posting.Pool, changed);
        after = after with { Debt = after.Debt + owed };
        var draw = new Draw([
            .. taken > 0 ? [new DrawPart(DrawSource.Lot, lot.Id, taken)] : Array.Empty<DrawPart>(),
            .. owed > 0 ? [new DrawPart(DrawSource.Debt, 0, owed)] : Array.Empty<DrawPart>(),
        ]);
        var main = posting.Post(EntryKind.TakeBack, after, taken + owed, draw, asked: asked, related: lot.Id, note: note);
        Settlement.PayDebt(posting);
        return posting.Grant(main, asked - taken - owed);
    }
}
