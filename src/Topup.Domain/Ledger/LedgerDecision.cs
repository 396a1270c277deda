using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>
/// What the rules say of one request: entries to write, or a refusal. Either way it tells the balance as of now, with
/// what had expired or come back by then.
/// </summary>
public sealed record LedgerDecision
{
    public required LedgerRefusal Refusal { get; init; }

    /// <summary>The pool after the decision; after a refusal, the pool as it was given.</summary>
    public required Pool Pool { get; init; }

    /// <summary>The pool as of now, also after a refusal. Saved only if the request was granted.</summary>
    public required Pool Settled { get; init; }

    public ImmutableArray<Entry> Entries { get; init; } = [];
    public ImmutableArray<LedgerEvent> Events { get; init; } = [];

    /// <summary>The entry that answers the request; null after a refusal, and when settling had nothing to do.</summary>
    public Entry? Main { get; init; }

    /// <summary>What was missing, in smallest units: why a request was refused, or how much less it got.</summary>
    public long Shortfall { get; init; }

    public bool IsAllowed => Refusal == LedgerRefusal.None;
}
