namespace Topup.Domain.Ledger;

/// <summary>
/// Gives a use back to where it came from: along the entry's own recorded draw, last drawn first, never more than was
/// drawn over any number of calls. Allowance of a period that is over, and credits of a lot that has expired or was
/// voided since, come back to nothing: they would be gone by now anyway.
/// </summary>
public static class Reversal
{
    /// <param name="original">The entry to reverse; null: there is none of that number.</param>
    /// <param name="reversed">How much of it earlier reversals have given back.</param>
    /// <param name="amount">Null: all that is left of it.</param>
    public static LedgerDecision Decide(
        Pool pool, Terms terms, Entry? original, long reversed, long? amount, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        if (original is null) return posting.Refuse(LedgerRefusal.EntryUnknown);
        if (original.Kind is not (EntryKind.Consume or EntryKind.Capture)) return posting.Refuse(LedgerRefusal.EntryNotReversible);
        var left = original.Amount - reversed;
        var asked = amount ?? left;
        if (asked > left || asked == 0) return posting.Refuse(LedgerRefusal.ReversalTooLarge, left);

        var back = original.Draw.Backwards().After(reversed).First(asked);
        var after = posting.Pool;
        var returned = 0L;
        foreach (var part in back.Parts)
        {
            var next = part.Source == DrawSource.Debt ? Movement.ForgiveDebt(after, part.Units, posting) : Movement.GiveBack(after, part, now);
            returned += Returned(after, next, part);
            after = next;
        }
        var first = original.Note;
        note = note with { Subject = first.Subject, UsageType = first.UsageType, Pricing = asked == original.Amount ? first.Pricing : default };
        var cost = UsageCount.ShareOf(original.Cost, reversed, original.Amount) - UsageCount.ShareOf(original.Cost, reversed + asked, original.Amount);
        var main = posting.Post(EntryKind.Reversal, after, returned, back, asked: asked, related: original.Id, note: note, cost: cost);
        Settlement.PayDebt(posting);
        return posting.Grant(main, asked - returned);
    }

    private static long Returned(Pool before, Pool after, DrawPart part) =>
        part.Source == DrawSource.Unlimited
            ? before.Allowance.Used - after.Allowance.Used
            : after.Balance.Available - before.Balance.Available + before.Debt - after.Debt;
}
