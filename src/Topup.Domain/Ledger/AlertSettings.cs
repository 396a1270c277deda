namespace Topup.Domain.Ledger;

/// <summary>Sets what a tenant wants to be warned of. What it has crossed already is told by its next draw, not by this.</summary>
public static class AlertSettings
{
    public static LedgerDecision Decide(Pool pool, Terms terms, Thresholds wanted, Instant now) =>
        new Posting(pool with { Thresholds = wanted }, terms, now).Grant(main: null);
}
