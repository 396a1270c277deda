namespace Topup.Domain.Ledger;

/// <summary>
/// The working set of one decision: the pool as it changes, and the entries and events that say so. It opens with the
/// pool settled, so every rule sees the pool as of now; it ends as a decision.
/// </summary>
internal sealed class Posting
{
    private readonly Pool given;
    private readonly List<Entry> entries = [];
    private readonly List<LedgerEvent> events = [];
    private readonly Pool settled;
    private int watched;

    public Posting(Pool pool, Terms terms, Instant now)
    {
        given = pool;
        Pool = pool;
        Terms = terms;
        Now = now;
        Settlement.Run(this);
        Watch();
        settled = Pool;
    }

    public Pool Pool { get; private set; }
    public Terms Terms { get; }
    public Instant Now { get; }

    /// <summary>The number that the next entry will have, and so the lot or hold that it makes.</summary>
    public long NextId => EntryId.Next(Math.Max(Pool.LastEntry, Pool.NumbersTaken), Now);

    /// <summary>A change that needs no line of history because no balance moves.</summary>
    public void Change(Pool after) => Pool = after;

    public Entry Post(
        EntryKind kind, Pool after, long amount, Draw draw = default, long? asked = null, long related = 0, Instant? expiresAt = null, Note? note = null,
        long? cost = null)
    {
        var entry = new Entry
        {
            Id = NextId,
            Previous = Pool.LastEntry,
            Kind = kind,
            Asked = asked ?? amount,
            Amount = amount,
            Draw = draw,
            Before = Pool.Balance,
            After = after.Balance,
            Unlimited = after.Allowance.IsUnlimited,
            ResetsAt = after.Allowance.ResetsAt,
            Related = related,
            ExpiresAt = expiresAt ?? Instant.Never,
            At = Now,
            Cost = cost ?? (kind is EntryKind.Consume or EntryKind.Capture ? UsageCount.CostOf(amount, note?.Pricing ?? default, Terms) : 0),
            Note = note ?? Note.None,
        };
        var refilled = entry.After.Total > entry.Before.Total || kind is EntryKind.Reset or EntryKind.LimitChange;
        Pool = after with
        {
            LastEntry = entry.Id,
            Entries = Pool.Entries + 1,
            RefillMark = refilled ? entry.After.Total : after.RefillMark,
        };
        entries.Add(entry);
        return entry;
    }

    public void Tell(LedgerEventKind kind, Entry entry) =>
        events.Add(new LedgerEvent { Kind = kind, Entry = entry, At = Now, Actor = entry.Note.Actor });

    /// <summary>News that comes of time alone: nothing has moved yet.</summary>
    public void TellExpiring(Lot lot) => events.Add(new LedgerEvent { Kind = LedgerEventKind.Expiring, Lot = lot, Pool = Pool, At = Now });

    public LedgerDecision Grant(Entry? main, long shortfall = 0)
    {
        Watch();
        return new LedgerDecision
        {
            Refusal = LedgerRefusal.None,
            Pool = Pool,
            Settled = settled,
            Entries = [.. entries],
            Events = [.. events],
            Main = main,
            Shortfall = shortfall,
        };
    }

    public LedgerDecision Refuse(LedgerRefusal refusal, long shortfall = 0) =>
        new() { Refusal = refusal, Pool = given, Settled = settled, Shortfall = shortfall };

    /// <summary>
    /// Tells the crossing that the entries since the last look amount to. It looks twice: when the pool is settled, so
    /// that a new period arms the alerts again, and at the end, so that a grant that its debt swallows is no recovery.
    /// </summary>
    private void Watch()
    {
        var state = Alerts.Look(Pool, Terms);
        if (entries.Count == watched)
        {
            // The marks have changed: those that are no longer reached are armed, before a draw may cross them.
            if (Pool.Alert == AlertLevel.Low && !state.IsDeeperThan(Pool)) Mark(state);
            return;
        }
        // What pays a debt comes of the change before it, and says nothing of who made that.
        var actor = entries[watched].Note.Actor;
        var fell = entries[^1].After.Total < entries[watched].Before.Total;
        watched = entries.Count;
        if (state.IsDeeperThan(Pool) && !fell) return;
        if (Alerts.Crossing(Pool, state) is { } crossing)
        {
            events.Add(new LedgerEvent
            {
                Kind = crossing, Entry = entries[^1], At = Now, Mark = crossing == LedgerEventKind.Low ? state.Deepest : null, Actor = actor,
            });
        }
        Mark(state);
    }

    private void Mark(AlertState state)
    {
        if (Pool.Alert != state.Level || Pool.Lows != state.Lows) Pool = Pool with { Alert = state.Level, Lows = state.Lows };
    }
}
