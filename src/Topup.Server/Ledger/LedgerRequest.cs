using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// One change that waits for its lane. A verb says what must be loaded and how the rules decide; the batch does the rest.
/// </summary>
internal abstract class LedgerRequest(string tenant, string type, Note note)
{
    private readonly TaskCompletionSource<LedgerOutcome> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Tenant { get; } = tenant;

    /// <summary>The pool's credit type; of a use that a rate card prices, not before <see cref="Price"/>.</summary>
    public string Type { get; protected set; } = type;
    public int Bucket { get; } = TenantId.Bucket(tenant);
    public Note Note { get; protected set; } = note;

    /// <summary>Only the tenant's plan says which pool it is about.</summary>
    public virtual bool IsPriced => false;

    /// <summary>The credit types whose pools it may turn out to be about.</summary>
    public virtual IReadOnlyList<string> PoolsOf(CatalogSnapshot catalog) => [Type];

    /// <summary>Finds pool and price by the plan that the tenant has under its lock. It may be asked again, after a failure.</summary>
    public virtual LedgerRefusal Price(CatalogSnapshot catalog, string? plan, Instant now) => LedgerRefusal.None;

    /// <summary>The second pool of a change that moves credits between two; else empty.</summary>
    public virtual string OtherType => "";

    /// <summary>The hold, lot or entry that must be loaded whatever its state; else 0.</summary>
    public virtual long HoldId => 0;
    public virtual long LotId => 0;
    public virtual long EntryId => 0;

    /// <summary>The row of an upper room that changes together with the pool; null: none.</summary>
    public virtual CompanionKey? Companion => null;

    public abstract LedgerDecision Decide(LedgerCase now);

    /// <summary>Decides on the second pool, once the first has allowed it. A refusal here refuses the whole.</summary>
    public virtual LedgerDecision DecideOther(LedgerCase other) => throw new NotSupportedException("The request has no second pool.");

    /// <summary>Rows of other rooms that are written in the same transaction, if the request is granted.</summary>
    public virtual void WriteAlongside(LedgerOutcome outcome, Alongside writes) { }

    public Task<LedgerOutcome> Answer => answer.Task;

    public void Complete(LedgerOutcome outcome) => answer.TrySetResult(outcome);
}

/// <summary>What a rule gets to see.</summary>
/// <param name="Original">The entry that the request names, if it exists.</param>
/// <param name="Reversed">How much of it has been given back.</param>
/// <param name="Companion">The row that the request asked for, as earlier requests of the batch have left it; null: it is not there.</param>
/// <param name="Tenant">As it is under its lock.</param>
/// <param name="Catalog">At least as new as the transaction.</param>
internal readonly record struct LedgerCase(
    Pool Pool, Terms Terms, Instant Now, Entry? Original, long Reversed, object? Companion, Tenant Tenant, CatalogSnapshot Catalog);

/// <summary>
/// Rows of an upper room that are read under the tenant's lock, decided with a pool, and written once in its transaction,
/// so that what a purchase says of its credits and what the ledger says is never two things.
/// </summary>
/// <param name="Load">By bucket, tenant_id and id; its first two columns are tenant and id.</param>
internal sealed record CompanionKind(Statement Load, Func<IRow, object> Read, Action<object, Alongside> Write);

internal readonly record struct CompanionKey(CompanionKind Kind, string Tenant, string Id);

/// <summary>What became of a request. Exactly one of <see cref="Failure"/>, <see cref="Refusal"/> and <see cref="Main"/> says it.</summary>
internal sealed record LedgerOutcome
{
    public LaneFailure? Failure { get; init; }
    public LedgerRefusal Refusal { get; init; }

    /// <summary>The entry that answers the request; on a replay, the one that answered it the first time.</summary>
    public Entry? Main { get; init; }

    /// <summary>The main entry in the second pool; not loaded on a replay.</summary>
    public Entry? Other { get; init; }
    public bool Replayed { get; init; }
    public long Shortfall { get; init; }

    /// <summary>The pool as of now, for a refusal.</summary>
    public Pool? Pool { get; init; }

    /// <summary>The pool's credit type, as the catalogue had it; null where it is not known.</summary>
    public CreditType? Type { get; init; }

    /// <summary>The limit that refused it, as it stood.</summary>
    public Limit? Limit { get; init; }

    public static LedgerOutcome Failed(LaneFailure failure) => new() { Failure = failure };
}

/// <summary>Buffers for rows and events that other rooms write in a ledger transaction.</summary>
internal sealed class Alongside
{
    private readonly Dictionary<Statement, Rows> buffers = [];
    private readonly List<OutboxEvent> events = [];
    private readonly Dictionary<CompanionKey, object> companions = [];

    /// <summary>The row as it is now; the last one of a batch is written.</summary>
    public void Save(CompanionKey key, object row) => companions[key] = row;

    public object? Changed(CompanionKey key) => companions.GetValueOrDefault(key);

    public void WriteCompanions()
    {
        foreach (var (key, row) in companions) key.Kind.Write(row, this);
    }

    public Rows RowsOf(Statement statement)
    {
        if (!buffers.TryGetValue(statement, out var rows)) buffers.Add(statement, rows = new Rows(statement));
        return rows;
    }

    public void Tell(OutboxEvent news) => events.Add(news);

    public IEnumerable<Rows> Buffers => buffers.Values.Where(rows => rows.Count > 0);

    public IReadOnlyList<OutboxEvent> Events => events;

    public void Clear()
    {
        foreach (var rows in buffers.Values) rows.Clear();
        events.Clear();
        companions.Clear();
    }
}
