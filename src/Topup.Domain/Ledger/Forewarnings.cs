namespace Topup.Domain.Ledger;

/// <summary>
/// What a forecast says of a pool is told when it comes to hold, and armed again when it no longer does. Whoever forecasts
/// says what holds; the pool remembers what was told, so of any number who say it one tells it.
/// </summary>
public static class Forewarnings
{
    /// <param name="holds">What the forecast says now.</param>
    /// <param name="news">What of it was not told yet.</param>
    public static LedgerDecision Decide(Pool pool, Terms terms, Forewarning holds, Instant now, out Forewarning news)
    {
        var posting = new Posting(pool, terms, now);
        news = holds & ~pool.Forewarned;
        if (holds != pool.Forewarned) posting.Change(posting.Pool with { Forewarned = holds });
        return posting.Grant(main: null);
    }
}

/// <summary>What a forecast may warn of. The numbers are stored.</summary>
[Flags]
public enum Forewarning
{
    None = 0,

    /// <summary>The pool runs out within the days that its tenant or type has set.</summary>
    RunsOut = 1,

    /// <summary>The allowance will not last to the end of its period.</summary>
    ExceedsAllowance = 2,
}
