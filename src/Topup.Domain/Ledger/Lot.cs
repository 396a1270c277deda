namespace Topup.Domain.Ledger;

/// <summary>
/// Credits that were bought or granted at once. Its number is that of the entry that made it. Always:
/// granted = remaining + held + drawn + expired + taken back.
/// </summary>
public sealed record Lot
{
    public const int PriorityMin = 0;
    public const int PriorityMax = 100;
    public const int PriorityDefault = 50;

    public required long Id { get; init; }
    public required LotSource Source { get; init; }

    /// <summary>0 to 100; lower is drawn first.</summary>
    public required int Priority { get; init; }

    public required Instant EffectiveAt { get; init; }

    /// <summary><see cref="Instant.Never"/> unless the pack or the operator said otherwise.</summary>
    public required Instant ExpiresAt { get; init; }

    public required long Granted { get; init; }
    public required long Remaining { get; init; }
    public long Held { get; init; }
    public long Drawn { get; init; }
    public long Expired { get; init; }
    public long TakenBack { get; init; }

    /// <summary>How much of what was spent has been turned into debt; it is never taken back a second time.</summary>
    public long Owed { get; init; }

    /// <summary>In effect: counted in the pool's purchased credits. False only before <see cref="EffectiveAt"/> was seen.</summary>
    public required bool Active { get; init; }

    /// <summary>Voided: what comes back to it from a hold or a reversal is taken back at once.</summary>
    public bool Voided { get; init; }

    /// <summary>That it expires soon has been told.</summary>
    public bool ExpiryTold { get; init; }

    /// <summary>Something may still be drawn from it, or come back to it from a hold.</summary>
    public bool IsOpen => Remaining > 0 || Held > 0;

    public long Drawable => Active ? Remaining : 0;

    /// <summary>What a refund may still claim, spent or not.</summary>
    public long Claimable => Math.Max(Granted - Expired - TakenBack - Owed, 0);

    internal Lot Draw(long units) => this with { Remaining = Remaining - units, Drawn = Drawn + units };

    internal Lot Hold(long units) => this with { Remaining = Remaining - units, Held = Held + units };

    internal Lot Capture(long units) => this with { Held = Held - units, Drawn = Drawn + units };

    internal Lot Release(long units, Instant now) => (this with { Held = Held - units }).TakeIn(units, now);

    internal Lot GiveBack(long units, Instant now) => (this with { Drawn = Drawn - units }).TakeIn(units, now);

    internal Lot Expire() => this with { Remaining = 0, Expired = Expired + Remaining };

    internal Lot TakeBack(long units) => this with { Remaining = Remaining - units, TakenBack = TakenBack + units };

    /// <summary>What was taken back returns, as a refund that failed does.</summary>
    internal Lot PutBack(long units, Instant now) => (this with { TakenBack = TakenBack - units }).TakeIn(units, now);

    private Lot TakeIn(long units, Instant now)
    {
        var takenBack = Voided ? Math.Min(units, Claimable) : 0;
        var lot = this with { TakenBack = TakenBack + takenBack };
        var rest = units - takenBack;
        return ExpiresAt <= now ? lot with { Expired = Expired + rest } : lot with { Remaining = Remaining + rest };
    }
}

/// <summary>Where a lot came from.</summary>
public enum LotSource
{
    Purchase = 0,
    Promotional = 1,
    Refund = 2,
    Import = 3,
    Transfer = 4,
    Adjustment = 5,
}
