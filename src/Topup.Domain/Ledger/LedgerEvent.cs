namespace Topup.Domain.Ledger;

/// <summary>News of a pool, saved in the transaction of the change that caused it.</summary>
public sealed record LedgerEvent
{
    public required LedgerEventKind Kind { get; init; }
    public required Instant At { get; init; }

    /// <summary>The entry that caused it; null: no balance has moved, and <see cref="Lot"/> and <see cref="Pool"/> say what it is about.</summary>
    public Entry? Entry { get; init; }

    /// <summary>The low mark that was crossed; null: the news is of something else.</summary>
    public LowMark? Mark { get; init; }

    /// <summary>The lot that is about to expire.</summary>
    public Lot? Lot { get; init; }

    /// <summary>The pool when <see cref="Lot"/> was told of.</summary>
    public Pool? Pool { get; init; }

    /// <summary>Who caused it, as the note of the change says; empty: time did, or it was not said.</summary>
    public string Actor { get; init; } = "";
}

public enum LedgerEventKind
{
    Granted,
    Purchased,
    Low,
    Exhausted,
    Recovered,
    Expiring,
    Expired,
    AllowanceReset,
    HoldExpired,
}

/// <summary>How far down a pool is. It rises with every crossing and falls when credits return, so each crossing is told once.</summary>
public enum AlertLevel
{
    Clear = 0,
    Low = 1,
    Exhausted = 2,
}
