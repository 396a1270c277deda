namespace Topup.Domain.Ledger;

/// <summary>Sets what a tenant wants to be warned of. What it has crossed already is told by its next draw, not by this.</summary>
public static class AlertSettings
{
    /// <remarks>Other days of runway ask another question of the forecast, so its answer is told anew.</remarks>
    public static LedgerDecision Decide(Pool pool, Terms terms, Thresholds wanted, Instant now)
    {
        var forewarned = wanted.RunwayDays == pool.Thresholds.RunwayDays ? pool.Forewarned : Forewarning.None;
        return new Posting(pool with { Thresholds = wanted, Forewarned = forewarned }, terms, now).Grant(main: null);
    }
}
