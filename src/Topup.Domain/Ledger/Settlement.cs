namespace Topup.Domain.Ledger;

/// <summary>
/// Brings a pool up to the present moment: what time alone has changed since it was last touched. No timer is needed
/// for any of it to be right; a worker only makes the news of it timely.
/// </summary>
public static class Settlement
{
    /// <summary>Settles the pool and nothing else.</summary>
    public static LedgerDecision Decide(Pool pool, Terms terms, Instant now) => new Posting(pool, terms, now).Grant(main: null);

    internal static void Run(Posting posting)
    {
        // Holds that ended before the period did give back to that period, which may roll over; so they go first.
        ReleaseExpiredHolds(posting, Instant.Earlier(posting.Now, posting.Pool.Allowance.ResetsAt));
        RollPeriod(posting);
        ChangeLimit(posting);
        ActivateAndExpireLots(posting);
        TellWhatExpiresSoon(posting);
        ReleaseExpiredHolds(posting, posting.Now);
        PayDebt(posting);
    }

    /// <summary>Debt and spendable credits never stand side by side: whatever comes in pays the debt first.</summary>
    internal static void PayDebt(Posting posting)
    {
        var pool = posting.Pool;
        if (pool.Debt == 0) return;
        var units = Math.Min(pool.Debt, pool.Balance.Available);
        if (units == 0) return;
        var draw = DrawOrder.SplitForDebt(pool, units);
        var after = Movement.Take(pool, draw);
        posting.Post(EntryKind.DebtPayment, after with { Debt = after.Debt - units }, units, draw);
    }

    private static void RollPeriod(Posting posting)
    {
        var (pool, terms) = (posting.Pool, posting.Terms);
        var old = pool.Allowance;
        if (terms.Period.Number < old.Period) return;
        if (terms.Period.Number == old.Period)
        {
            if (old.ResetsAt != terms.Period.End)
                posting.Change(pool with { Allowance = old with { ResetsAt = terms.Period.End } });
            return;
        }
        var after = pool with
        {
            Allowance = new Allowance(terms.Period.Number, terms.Period.End, terms.Limit,
                RolledOver: RolledOver(old, terms), Used: 0, Held: 0, EarlierHeld: old.EarlierHeld + old.Held),
        };
        if (old.Left == 0 && after.Allowance.Left == 0)
        {
            posting.Change(after);
            return;
        }
        var entry = posting.Post(EntryKind.Reset, after, after.Allowance.Left);
        if (old.Period != 0) posting.Tell(LedgerEventKind.AllowanceReset, entry);
    }

    /// <summary>A period in which nothing happened hands on its whole allowance by the same rule, and the one after it too.</summary>
    private static long RolledOver(Allowance old, Terms terms)
    {
        if (old.Period == 0 || terms.Limit is not { } limit) return 0;
        var carried = terms.Rollover.Carry(old.Left);
        for (var period = old.Period + 1; period < terms.Period.Number; period++)
        {
            var next = terms.Rollover.Carry(limit + carried);
            if (next == carried) break;
            carried = next;
        }
        return carried;
    }

    /// <summary>Another plan in mid-period, or a changed one: the new limit at once, the use kept.</summary>
    private static void ChangeLimit(Posting posting)
    {
        var pool = posting.Pool;
        if (pool.Allowance.Limit == posting.Terms.Limit) return;
        var after = pool with { Allowance = pool.Allowance with { Limit = posting.Terms.Limit } };
        var change = after.Allowance.Left - pool.Allowance.Left;
        if (change == 0) posting.Change(after);
        else posting.Post(EntryKind.LimitChange, after, Math.Abs(change));
    }

    private static void ActivateAndExpireLots(Posting posting)
    {
        foreach (var lot in posting.Pool.Lots)
        {
            if (lot.Remaining == 0) continue;
            if (lot.ExpiresAt <= posting.Now)
            {
                var after = Movement.Replace(posting.Pool, lot.Expire());
                var entry = posting.Post(EntryKind.Expiry, after, lot.Remaining, related: lot.Id);
                posting.Tell(LedgerEventKind.Expired, entry);
            }
            else if (!lot.Active && lot.EffectiveAt <= posting.Now)
            {
                var after = Movement.Replace(posting.Pool, lot with { Active = true });
                posting.Post(EntryKind.Activation, after, lot.Remaining, related: lot.Id);
            }
        }
    }

    private static void TellWhatExpiresSoon(Posting posting)
    {
        var days = posting.Pool.Thresholds.ExpiringDays ?? posting.Terms.ExpiringDays ?? 0;
        if (days == 0) return;
        var until = posting.Now.Plus(TimeSpan.FromDays(days));
        foreach (var lot in posting.Pool.Lots)
        {
            if (lot.Remaining == 0 || lot.ExpiryTold || lot.ExpiresAt > until || lot.ExpiresAt == Instant.Never) continue;
            posting.Change(posting.Pool.With(lot with { ExpiryTold = true }));
            posting.TellExpiring(lot);
        }
    }

    private static void ReleaseExpiredHolds(Posting posting, Instant until)
    {
        foreach (var hold in posting.Pool.Holds)
        {
            if (hold.Status != HoldStatus.Open || hold.ExpiresAt > until) continue;
            var after = Movement.Release(posting.Pool, hold.Draw, posting.Now).With(hold with { Status = HoldStatus.Expired });
            var entry = posting.Post(EntryKind.HoldExpiry, after, hold.Amount, related: hold.Id, note: Note.None.UseOf(hold, hold.Pricing));
            posting.Tell(LedgerEventKind.HoldExpired, entry);
        }
    }
}
