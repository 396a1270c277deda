namespace Topup.Domain.Ledger;

/// <summary>
/// What a refund or a lost dispute has claimed of one lot, in smallest units: what was still there, what had been spent
/// and became debt, and what could be claimed from nobody.
/// </summary>
/// <param name="Taken">Taken back out of the lot.</param>
/// <param name="Owed">Spent already, and owed since.</param>
/// <param name="Forgiven">Spent and forgiven, expired, or voided before.</param>
public readonly record struct Claim(long Taken, long Owed, long Forgiven)
{
    public long Total => Taken + Owed + Forgiven;

    /// <summary>
    /// What must have been claimed of a lot once <paramref name="goneBack"/> of the money <paramref name="paid"/> for it
    /// went back: floor(granted x goneBack / paid), and all of it at the end. It is a sum over all refunds so far, so
    /// any number of partial ones claims as much as one of the same amount.
    /// </summary>
    public static long Target(long granted, long goneBack, long paid) =>
        paid == 0 ? 0 : (long)((Int128)granted * Math.Min(goneBack, paid) / paid);

    /// <summary>
    /// Claims the difference between <paramref name="target"/> and what was claimed before, and says so in one entry.
    /// A refund takes what is left in the lot first, then what was spent. One that failed gives back the other way round.
    /// </summary>
    /// <param name="spentBecomesDebt">False: what was spent is forgiven.</param>
    internal static Claim Post(Posting posting, long lotId, Claim before, long target, bool spentBecomesDebt, Note note)
    {
        if (posting.Pool.FindLot(lotId) is not { } lot) throw new InvalidOperationException($"Lot {lotId} was not loaded.");
        if (target > before.Total) return More(posting, lot, before, target - before.Total, spentBecomesDebt, note);
        return target < before.Total ? Less(posting, lot, before, before.Total - target, note) : before;
    }

    private static Claim More(Posting posting, Lot lot, Claim before, long asked, bool spentBecomesDebt, Note note)
    {
        // What expired, was voided, or is owed already cannot be claimed of the tenant once more.
        var claimable = Math.Min(asked, lot.Claimable);
        var taken = Math.Min(claimable, lot.Remaining);
        var owed = spentBecomesDebt ? claimable - taken : 0;
        var after = Movement.Replace(posting.Pool, lot.TakeBack(taken) with { Owed = lot.Owed + owed });
        after = after with { Debt = after.Debt + owed };
        posting.Post(EntryKind.TakeBack, after, taken + owed, DrawOf(lot, taken, owed), asked: asked, related: lot.Id, note: note);
        Settlement.PayDebt(posting);
        return new Claim(before.Taken + taken, before.Owed + owed, before.Forgiven + asked - taken - owed);
    }

    private static Claim Less(Posting posting, Lot lot, Claim before, long asked, Note note)
    {
        var forgiven = Math.Min(asked, before.Forgiven);
        var owed = Math.Min(asked - forgiven, before.Owed);
        var taken = asked - forgiven - owed;
        var after = Movement.Replace(posting.Pool, lot.PutBack(taken, posting.Now) with { Owed = lot.Owed - owed });
        if (owed > 0) after = Movement.ForgiveDebt(after, owed, posting);
        // A lot that has expired or was voided since gets nothing: it would be gone by now anyway.
        var returned = after.Balance.Available - posting.Pool.Balance.Available + posting.Pool.Debt - after.Debt;
        posting.Post(EntryKind.GiveBack, after, returned, DrawOf(lot, taken, owed), asked: asked, related: lot.Id, note: note);
        Settlement.PayDebt(posting);
        return new Claim(before.Taken - taken, before.Owed - owed, before.Forgiven - forgiven);
    }

    private static Draw DrawOf(Lot lot, long taken, long owed) => new([
        .. taken > 0 ? [new DrawPart(DrawSource.Lot, lot.Id, taken)] : Array.Empty<DrawPart>(),
        .. owed > 0 ? [new DrawPart(DrawSource.Debt, 0, owed)] : Array.Empty<DrawPart>(),
    ]);
}
