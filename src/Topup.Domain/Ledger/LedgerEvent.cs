namespace Topup.Domain.Ledger;

/// <summary>News of a pool, saved in the transaction of the change that caused it.</summary>
/// <param name="Entry">The entry that caused it.</param>
public sealed record LedgerEvent(LedgerEventKind Kind, Entry Entry);

public enum LedgerEventKind
{
    Granted,
    Purchased,
    Low,
    Exhausted,
    Recovered,
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
