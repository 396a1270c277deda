namespace Topup.Domain.Ledger;

/// <summary>Every way in which the ledger says no, in check order: the first that applies is the one that is told.</summary>
public enum LedgerRefusal
{
    None = 0,
    TenantUnknown,
    TypeUnknown,
    KeyReused,
    UsageTypeUnknown,
    AmountTooLarge,
    TenantSuspended,
    TypeDisabled,
    PlanLapsed,
    UsageTypeOff,
    LimitReached,
    NotForSale,
    HoldUnknown,
    HoldClosed,
    HoldDisputed,
    HoldNotPriced,
    GrantUnknown,
    GrantClosed,
    EntryUnknown,
    EntryNotReversible,
    ReversalTooLarge,
    ExpiryPassed,
    TooManyLots,
    PoolFull,
    InsufficientCredits,
}
