namespace Topup.Domain.Ledger;

/// <summary>Adds a lot: credits that were bought, or that an operator gives. The lot's number is that of its entry.</summary>
public static class Grant
{
    /// <remarks>Nobody is sold what cannot be spent: a purchase for a suspended tenant, or of a disabled or frozen type, is refused.</remarks>
    /// <param name="effectiveAt">From when it may be spent; <see cref="Instant.Always"/>: at once.</param>
    public static LedgerDecision Decide(
        Pool pool, Terms terms, long amount, LotSource source, int priority, Instant effectiveAt, Instant expiresAt, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        var effective = Instant.Later(effectiveAt, now);
        if (source == LotSource.Purchase && terms.SpendingRefusal is not LedgerRefusal.None and var refusal) return posting.Refuse(refusal);
        if (expiresAt <= effective) return posting.Refuse(LedgerRefusal.ExpiryPassed);
        if (posting.Pool.OpenLots >= Pool.OpenLotsMax) return posting.Refuse(LedgerRefusal.TooManyLots);
        if (Stock(posting.Pool) > Amount.PoolMax - amount) return posting.Refuse(LedgerRefusal.PoolFull);
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
        var bought = source == LotSource.Purchase;
        var main = posting.Post(bought ? EntryKind.Purchase : EntryKind.Grant, Movement.Replace(posting.Pool, lot), amount,
            related: lot.Id, expiresAt: expiresAt, note: note);
        posting.Tell(bought ? LedgerEventKind.Purchased : LedgerEventKind.Granted, main);
        Settlement.PayDebt(posting);
        return posting.Grant(main);
    }

    /// <summary>Everything that could become purchased credits: held and not yet effective lots included.</summary>
    private static long Stock(Pool pool)
    {
        var stock = pool.Held;
        foreach (var lot in pool.Lots) stock += lot.Remaining;
        return stock;
    }
}
