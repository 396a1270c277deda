namespace Topup.Domain.Ledger;

/// <summary>
/// Credits set aside before the work is done, so that two jobs cannot both count on the last one. The hold keeps the
/// very draw it was given: a capture takes from it in that order, and what is not captured goes back to where it was.
/// </summary>
public sealed record Hold
{
    /// <summary>How long a hold lasts when the caller does not say.</summary>
    public static readonly TimeSpan TimeDefault = TimeSpan.FromHours(1);

    /// <summary>The longest a hold may last.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromDays(30);

    /// <summary>Number of the entry that placed it.</summary>
    public required long Id { get; init; }

    public required long Amount { get; init; }
    public required Draw Draw { get; init; }

    /// <summary>From this moment it counts as released.</summary>
    public required Instant ExpiresAt { get; init; }

    public required Instant PlacedAt { get; init; }

    /// <summary>What it was placed for: subject, usage type and price. What ends it counts as the same use.</summary>
    public string Subject { get; init; } = "";
    public string UsageType { get; init; } = "";
    public Pricing Pricing { get; init; }
    public HoldStatus Status { get; init; }

    /// <summary>What was captured in the end, extra included.</summary>
    public long Captured { get; init; }

    /// <summary>Placed by a dispute over a payment: it never expires, and only the dispute's outcome ends it.</summary>
    public bool IsOfDispute => ExpiresAt == Instant.Never;

    public static LedgerDecision Place(Pool pool, Terms terms, long amount, bool cap, Instant expiresAt, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        if (terms.SpendingRefusal is not LedgerRefusal.None and var refusal) return posting.Refuse(refusal);
        if (expiresAt <= now) return posting.Refuse(LedgerRefusal.ExpiryPassed);
        if (Consumption.Spendable(posting.Pool, amount, cap, note.Pricing, out var taken) is not LedgerRefusal.None and var shortage)
            return posting.Refuse(shortage, Consumption.Shortfall(posting.Pool, amount));
        var draw = DrawOrder.Split(posting.Pool, taken);
        note = note with { Pricing = note.Pricing.Of(taken) };
        var hold = new Hold
        {
            Id = posting.NextId, Amount = taken, Draw = draw, ExpiresAt = expiresAt, PlacedAt = now,
            Subject = note.Subject, UsageType = note.UsageType, Pricing = note.Pricing,
        };
        var after = Movement.SetAside(posting.Pool, draw).With(hold);
        var main = posting.Post(EntryKind.Hold, after, taken, draw, asked: amount, related: hold.Id, expiresAt: expiresAt, note: note);
        return posting.Grant(main, amount - taken);
    }

    public static LedgerDecision Capture(Pool pool, Terms terms, long holdId, long amount, Note note, Instant now) =>
        Capture(pool, terms, holdId, new CaptureAmount(amount, null), note, now);

    /// <summary>
    /// Ends a hold with what the work really took: less (the rest goes back), the same, or more. The part beyond the
    /// hold is drawn from what is available; beyond that it becomes debt up to the type's debt limit; the rest stays
    /// uncovered and is told as the shortfall.
    /// </summary>
    /// <param name="asked">Credits, or uses of the price that the hold was placed at; neither: what is held.</param>
    public static LedgerDecision Capture(Pool pool, Terms terms, long holdId, CaptureAmount asked, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        if (posting.Pool.FindHold(holdId) is not { } hold) return posting.Refuse(LedgerRefusal.HoldUnknown);
        if (hold.Status != HoldStatus.Open) return posting.Refuse(LedgerRefusal.HoldClosed);
        if (hold.IsOfDispute) return posting.Refuse(LedgerRefusal.HoldDisputed);
        if (asked.Uses is not null && hold.Pricing.Quantity == 0) return posting.Refuse(LedgerRefusal.HoldNotPriced);
        var pricing = hold.Pricing with { Quantity = asked.Uses ?? hold.Pricing.Quantity };
        if (pricing.Total is not { } total) return posting.Refuse(LedgerRefusal.AmountTooLarge);
        var amount = asked.Units ?? (asked.Uses is null ? hold.Amount : total);
        var captured = hold.Draw.First(amount);
        var after = Movement.Capture(posting.Pool, captured);
        after = Movement.Release(after, hold.Draw.After(amount), now);
        var extra = Extra(after, terms, amount - captured.Total);
        after = Movement.Take(after, extra);
        var draw = captured.And(extra);
        after = after.With(hold with { Status = HoldStatus.Captured, Captured = draw.Total });
        note = note.UseOf(hold, asked.Units == 0 ? default : pricing.Of(draw.Total));
        var main = posting.Post(EntryKind.Capture, after, draw.Total, draw, asked: amount, related: hold.Id, note: note);
        Settlement.PayDebt(posting);
        return posting.Grant(main, amount - draw.Total);
    }

    /// <summary>Ends a hold without any use.</summary>
    public static LedgerDecision Release(Pool pool, Terms terms, long holdId, Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        if (posting.Pool.FindHold(holdId) is not { } hold) return posting.Refuse(LedgerRefusal.HoldUnknown);
        if (hold.Status != HoldStatus.Open) return posting.Refuse(LedgerRefusal.HoldClosed);
        if (hold.IsOfDispute) return posting.Refuse(LedgerRefusal.HoldDisputed);
        var after = Movement.Release(posting.Pool, hold.Draw, now).With(hold with { Status = HoldStatus.Released });
        var main = posting.Post(EntryKind.Release, after, hold.Amount, related: hold.Id, note: note.UseOf(hold, hold.Pricing));
        Settlement.PayDebt(posting);
        return posting.Grant(main);
    }

    /// <summary>Sets aside what is left of a lot whose payment is disputed. Returns the hold's number, or 0 when nothing is left.</summary>
    internal static long PostDispute(Posting posting, long lotId, Note note)
    {
        var units = posting.Pool.FindLot(lotId)?.Drawable ?? 0;
        if (units == 0) return 0;
        var draw = new Draw([new DrawPart(DrawSource.Lot, lotId, units)]);
        var hold = new Hold { Id = posting.NextId, Amount = units, Draw = draw, ExpiresAt = Instant.Never, PlacedAt = posting.Now };
        posting.Post(EntryKind.Hold, Movement.SetAside(posting.Pool, draw).With(hold), units, draw, related: hold.Id, note: note);
        return hold.Id;
    }

    internal static void PostDisputeEnd(Posting posting, long holdId, Note note)
    {
        if (posting.Pool.FindHold(holdId) is not { } hold) throw new InvalidOperationException($"Hold {holdId} was not loaded.");
        var after = Movement.Release(posting.Pool, hold.Draw, posting.Now).With(hold with { Status = HoldStatus.Released });
        posting.Post(EntryKind.Release, after, hold.Amount, related: hold.Id, note: note);
        Settlement.PayDebt(posting);
    }

    private static Draw Extra(Pool pool, Terms terms, long units)
    {
        if (units == 0 || terms.SpendingRefusal != LedgerRefusal.None) return Draw.Nothing;
        if (Consumption.Spendable(pool, units, cap: true, default, out var taken) == LedgerRefusal.PoolFull) return Draw.Nothing;
        var draw = taken == 0 ? Draw.Nothing : DrawOrder.Split(pool, taken);
        var debt = Math.Min(units - taken, Math.Max(terms.DebtLimit - pool.Debt, 0));
        return debt == 0 ? draw : draw.And(new Draw([new DrawPart(DrawSource.Debt, 0, debt)]));
    }
}

/// <summary>How much of a hold was really used: at most one of the two is said.</summary>
/// <param name="Units">Smallest units, 0 or more.</param>
/// <param name="Uses">How many uses, at the price of the hold.</param>
public readonly record struct CaptureAmount(long? Units, long? Uses);

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum HoldStatus
{
    Open = 0,
    Captured = 1,
    Released = 2,
    Expired = 3,
}
