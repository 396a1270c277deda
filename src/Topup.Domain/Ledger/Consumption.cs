namespace Topup.Domain.Ledger;

/// <summary>
/// Spends credits: unlimited allowance counts the use and touches nothing else; else the allowance while any is left,
/// then lots in <see cref="DrawOrder"/>. Never below zero: refused whole, or capped at what there is.
/// </summary>
public static class Consumption
{
    /// <param name="cap">Take what there is when it is less than <paramref name="amount"/>, rather than refuse.</param>
    /// <param name="kind"><see cref="EntryKind.Consume"/>, or <see cref="EntryKind.Payment"/> for the price of a purchase.</param>
    public static LedgerDecision Decide(
        Pool pool, Terms terms, long amount, bool cap, Note note, Instant now, EntryKind kind = EntryKind.Consume)
    {
        var posting = new Posting(pool, terms, now);
        if (terms.SpendingRefusal is not LedgerRefusal.None and var refusal) return posting.Refuse(refusal);
        if (Spendable(posting.Pool, amount, cap, note.Pricing, out var taken) is not LedgerRefusal.None and var shortage)
            return posting.Refuse(shortage, Shortfall(posting.Pool, amount));
        var draw = DrawOrder.Split(posting.Pool, taken);
        note = note with { Pricing = note.Pricing.Of(taken) };
        var main = posting.Post(kind, Movement.Take(posting.Pool, draw), taken, draw, asked: amount, note: note);
        return posting.Grant(main, amount - taken);
    }

    /// <summary>What a purchase must bring so that <paramref name="amount"/> can be spent: debt is paid first, so it counts too.</summary>
    public static long Shortfall(Pool pool, long amount) => amount - pool.Balance.Available + pool.Debt;

    /// <summary>What can be taken of an amount. Where a rate card priced it, less than all is still a number of whole uses.</summary>
    internal static LedgerRefusal Spendable(Pool pool, long amount, bool cap, Pricing pricing, out long taken)
    {
        taken = amount;
        if (pool.Allowance.IsUnlimited)
            return pool.Allowance.Used > long.MaxValue - amount ? LedgerRefusal.PoolFull : LedgerRefusal.None;
        var available = pool.Balance.Available;
        if (available >= amount) return LedgerRefusal.None;
        taken = pricing.Rate > 0 ? available - available % pricing.Rate : available;
        return cap && taken > 0 ? LedgerRefusal.None : LedgerRefusal.InsufficientCredits;
    }
}
