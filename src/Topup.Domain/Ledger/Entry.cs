namespace Topup.Domain.Ledger;

/// <summary>One immutable line of a pool's history.</summary>
public sealed record Entry
{
    /// <summary>Number, upwards in the pool and in time. It is also the number of the lot or hold that the entry made.</summary>
    public required long Id { get; init; }

    /// <summary>Number of the pool's entry before this one; 0: this is its first.</summary>
    public required long Previous { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>What was asked for, in smallest units.</summary>
    public required long Asked { get; init; }

    /// <summary>What was done: less than asked where the caller took what there was.</summary>
    public required long Amount { get; init; }

    public Draw Draw { get; init; } = Draw.Nothing;
    public required Balance Before { get; init; }
    public required Balance After { get; init; }

    /// <summary>The allowance was unlimited when the entry was written.</summary>
    public required bool Unlimited { get; init; }

    /// <summary>End of the allowance's period when the entry was written.</summary>
    public required Instant ResetsAt { get; init; }

    /// <summary>
    /// The other thing it is about, by kind: the lot of a grant, expiry, activation, take-back or give-back; the hold of a hold,
    /// capture, release or hold expiry; the entry that a reversal reverses; else 0.
    /// </summary>
    public long Related { get; init; }

    /// <summary>When the lot or hold that the entry made expires; else <see cref="Instant.Never"/>.</summary>
    public Instant ExpiresAt { get; init; } = Instant.Never;

    public required Instant At { get; init; }

    /// <summary>What the use cost the operator, in millionths of the operator's currency; below 0 where a reversal gave it back.</summary>
    public long Cost { get; init; }

    /// <summary>Who asked, and why. Entries that the rules themselves write have none.</summary>
    public Note Note { get; init; } = Note.None;
}

/// <summary>What a caller says of a change.</summary>
/// <param name="Key">Idempotency key, unique in the tenant; empty: none.</param>
/// <param name="Fingerprint">Of the request that carried the key: the same key with another fingerprint is refused.</param>
/// <param name="Subject">Which project, sub-user or device of the tenant uses; empty: the tenant itself.</param>
/// <param name="UsageType">The platform's word for what is used; empty: not said.</param>
public sealed record Note(
    string Key, long Fingerprint, string Actor, string Reference = "", string Subject = "", string UsageType = "", string Reason = "",
    Pricing Pricing = default)
{
    public static readonly Note None = new("", 0, "");

    /// <summary>What ends a hold says of the use what the hold said of it.</summary>
    internal Note UseOf(Hold hold, Pricing pricing) => this with { Subject = hold.Subject, UsageType = hold.UsageType, Pricing = pricing };
}

/// <summary>How a use was priced; the default: it was not, the caller said how many credits.</summary>
/// <param name="Quantity">How many uses; 0: not priced by a rate card.</param>
/// <param name="Rate">Smallest units for one use, as the card had it then.</param>
/// <param name="UnitCost">What one use costs the operator, in millionths of the operator's currency; null: what the credit type says for each credit.</param>
/// <param name="Seconds">How long one use may last; null: no limit of time.</param>
public readonly record struct Pricing(long Quantity, long Rate, long? UnitCost = null, int? Seconds = null)
{
    public const long QuantityMax = 1_000_000_000;

    /// <summary>How long all the uses may last together; null: no limit of time.</summary>
    public long? SecondsAllowed => Seconds * Quantity;

    /// <summary>Credits of all the uses, exactly; null: more than one request may spend.</summary>
    public long? Total => (Int128)Quantity * Rate is var total && total <= Amount.Max ? (long)total : null;

    /// <summary>The same price for what was really taken: where that was less, as many uses as it pays for, begun ones too.</summary>
    internal Pricing Of(long units) => Rate > 0 && Total > units ? this with { Quantity = (units + Rate - 1) / Rate } : this;
}

/// <summary>Kinds of entry. The numbers are stored and never change their meaning.</summary>
public enum EntryKind
{
    None = 0,
    Reset = 1,
    LimitChange = 2,
    Grant = 3,
    Purchase = 4,
    Activation = 5,
    Expiry = 6,
    TakeBack = 7,
    Consume = 8,
    Payment = 9,
    Hold = 10,
    Capture = 11,
    Release = 12,
    HoldExpiry = 13,
    Reversal = 14,
    DebtPayment = 15,

    /// <summary>A refund that failed, or a dispute that was won after all, gives back what it had claimed.</summary>
    GiveBack = 16,
}

/// <summary>Numbers of entries: the time in the upper bits, so that they sort by time across the pools of a tenant.</summary>
public static class EntryId
{
    /// <summary>2025-01-01T00:00:00Z. Numbers last until the year 2303.</summary>
    private const long EpochMs = 1_735_689_600_000;

    private const int TimeShift = 20;

    /// <summary>The number after <paramref name="last"/> at <paramref name="now"/>: larger than every one before it, also when the clock went back.</summary>
    public static long Next(long last, Instant now) => Math.Max(last + 1, FirstAt(now));

    /// <summary>The smallest number of an entry made at <paramref name="now"/> or later.</summary>
    public static long FirstAt(Instant now) => Math.Max(now.UnixMs - EpochMs, 1) << TimeShift;
}
