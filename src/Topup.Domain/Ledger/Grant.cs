namespace Topup.Domain.Ledger;

/// <summary>Adds a lot: credits that were bought, or that an operator gives. The lot's number is that of its entry.</summary>
public static class Grant
{
    /// <remarks>Nobody is sold what cannot be spent or what the plan does not sell: a purchase for a suspended tenant, of a disabled or
    /// frozen type, or of one that the plan may not top up, is refused.</remarks>
    /// <param name="effectiveAt">From when it may be spent; <see cref="Instant.Always"/>: at once.</param>
    public static LedgerDecision Decide(
        Pool pool, Terms terms, long amount, LotSource source, int priority, Instant effectiveAt, Instant expiresAt, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        var refusal = TryPost(posting, amount, source, priority, effectiveAt, expiresAt, note, out var main);
        return refusal == LedgerRefusal.None ? posting.Grant(main) : posting.Refuse(refusal);
    }

    internal static LedgerRefusal TryPost(
        Posting posting, long amount, LotSource source, int priority, Instant effectiveAt, Instant expiresAt, Note note, out Entry? main)
    {
        main = null;
        var now = posting.Now;
        var effective = Instant.Later(effectiveAt, now);
        var bought = source == LotSource.Purchase;
        if (bought && posting.Terms.PurchaseRefusal is not LedgerRefusal.None and var refusal) return refusal;
        if (expiresAt <= effective) return LedgerRefusal.ExpiryPassed;
        if (posting.Pool.OpenLots >= Pool.OpenLotsMax) return LedgerRefusal.TooManyLots;
        if (Stock(posting.Pool) > Amount.PoolMax - amount) return LedgerRefusal.PoolFull;
        var lot = new Lot
        {
            Id = posting.NextId,
            Source = source,
            Priority = priority,
            EffectiveAt = effective,
            ExpiresAt = expiresAt,
            Granted = amount,
            Remaining = amount,
            Active = effective <= now,
        };
        main = posting.Post(bought ? EntryKind.Purchase : EntryKind.Grant, Movement.Replace(posting.Pool, lot), amount,
            related: lot.Id, expiresAt: expiresAt, note: note);
        posting.Tell(bought ? LedgerEventKind.Purchased : LedgerEventKind.Granted, main);
        Settlement.PayDebt(posting);
        return LedgerRefusal.None;
    }

    /// <summary>Everything that could become purchased credits: held and not yet effective lots included.</summary>
    private static long Stock(Pool pool)
    {
        var stock = pool.Held;
        foreach (var lot in pool.Lots) stock += lot.Remaining;
        return stock;
    }
}
