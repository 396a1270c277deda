using System.Diagnostics;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// What a lane does with the requests that wait for it: load all they touch, decide each in its order, write everything
/// in one transaction, and only then answer. Each request is granted or refused on its own; if the database refuses the
/// transaction, the requests are tried one by one, so that a bad one fails alone.
/// </summary>
internal sealed class LedgerBatch
{
    /// <summary>So many entries are sent to the database while the rest of the batch is being decided.</summary>
    public const int EntriesAhead = 128;

    // A lock that a dead server still holds costs its whole patience for every request that wants it, and others wait behind.
    private static readonly TimeSpan AloneMax = TimeSpan.FromSeconds(4);

    private readonly ILaneConnection connection;
    private readonly CatalogCache catalogs;
    private readonly Outbox outbox;
    private readonly TimeProvider clock;
    private readonly TimeZoneInfo zone;
    private readonly LedgerMetrics metrics;
    private readonly ILogger log;
    private readonly bool chained;

    private readonly Dictionary<string, TenantState> tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<PoolKey, PoolState> pools = [];
    private readonly Dictionary<TenantKey, KeyedEntry> keys = [];
    private readonly Dictionary<LedgerRequest, LedgerRefusal> unpriced = [];
    private readonly Dictionary<LedgerId, EntryState> originals = [];
    private readonly List<(LedgerRequest Request, LedgerOutcome Outcome)> outcomes = [];
    private readonly Alongside alongside = new();
    private readonly LedgerMeter meter;
    private readonly Dictionary<CompanionKey, object?> companions = [];
    private readonly Dictionary<CompanionKind, Rows> loadCompanions = [];
    private readonly EntryNumbers? numbers;

    private readonly Rows catalogVersion = new(LedgerStore.CatalogVersion);
    private readonly Rows lockTenants = new(LedgerStore.LockTenants);
    private readonly Rows loadPools = new(LedgerStore.LoadPools);
    private readonly Rows loadOpenLots = new(LedgerStore.LoadOpenLots);
    private readonly Rows loadDueHolds = new(LedgerStore.LoadDueHolds);
    private readonly Rows loadHold = new(LedgerStore.LoadHold);
    private readonly Rows loadLot = new(LedgerStore.LoadLot);
    private readonly Rows loadEntry = new(LedgerStore.LoadEntry);
    private readonly Rows loadKeys = new(LedgerStore.LoadKeys);
    private readonly Rows lastNumber = new(LedgerStore.LastNumber);
    private Rows saveEntries = new(LedgerStore.SaveEntries);
    private Rows sentEntries = new(LedgerStore.SaveEntries);
    private readonly Rows saveMarks = new(LedgerStore.SaveMarks);
    private readonly Rows savePools = new(LedgerStore.SavePools);
    private readonly Rows saveWarnings = new(LedgerStore.SaveWarnings);
    private readonly Rows saveLots = new(LedgerStore.SaveLots);
    private readonly Rows saveHolds = new(LedgerStore.SaveHolds);
    private readonly Rows saveReversals = new(LedgerStore.SaveReversals);
    private readonly Rows saveEvents = new(Outbox.Insert);
    private long catalogNumber;
    private int entries;
    private Task sending = Task.CompletedTask;

    /// <param name="chained">The database keeps the entries of all pools under one sequence of numbers, and finds those of a pool along their chain.</param>
    /// <param name="usageByDay">False only in benchmarks, which say what counting costs.</param>
    public LedgerBatch(
        ILaneConnection connection, CatalogCache catalogs, Outbox outbox, TimeProvider clock, TimeZoneInfo zone, LedgerMetrics metrics, ILogger log,
        bool chained, bool usageByDay = true)
    {
        (this.connection, this.catalogs, this.outbox, this.clock, this.zone, this.metrics, this.log, this.chained) =
            (connection, catalogs, outbox, clock, zone, metrics, log, chained);
        meter = new LedgerMeter(alongside, zone, usageByDay);
        numbers = chained ? new EntryNumbers() : null;
    }

    public async Task Run(List<LedgerRequest> requests, CancellationToken stop)
    {
        var failure = await Try(requests, stop);
        if (failure is null) return;
        if (failure == LaneFailure.RolledBack && requests.Count > 1)
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var request in requests)
            {
                if (Stopwatch.GetElapsedTime(started) < AloneMax) await Run([request], stop);
                else request.Complete(LedgerOutcome.Failed(LaneFailure.RolledBack));
            }
            return;
        }
        foreach (var request in requests) request.Complete(LedgerOutcome.Failed(failure.Value));
    }

    private async Task<LaneFailure?> Try(List<LedgerRequest> requests, CancellationToken stop)
    {
        try
        {
            Clear();
            var catalog = await Load(requests, stop);
            await Decide(requests, catalog);
            await Save(stop);
        }
        catch (LaneException failed)
        {
            log.LogWarning(failed, "A batch of {Count} changes was not saved: {Failure}", requests.Count, failed.Failure);
            await Rollback();
            return failed.Failure;
        }
        catch (Exception bug)
        {
            // Whichever request it is that breaks a rule's own assumptions: tried alone, it fails alone.
            log.LogError(bug, "A batch of {Count} changes could not be decided", requests.Count);
            await Rollback();
            return LaneFailure.RolledBack;
        }
        Answer();
        return null;
    }

    private async Task<CatalogSnapshot> Load(List<LedgerRequest> requests, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        catalogVersion.Add().Text("catalog");
        numbers?.Ask(lastNumber, now);
        foreach (var request in requests)
        {
            if (tenants.TryAdd(request.Tenant, TenantState.Unknown))
                lockTenants.Add().Long(request.Bucket).Text(request.Tenant);
            foreach (var type in request.PoolsOf(catalogs.Current)) Ask(request, type);
            if (request.OtherType.Length > 0) Ask(request, request.OtherType);
            if (request.HoldId > 0) AskThing(loadHold, request, request.HoldId);
            if (request.LotId > 0) AskThing(loadLot, request, request.LotId);
            if (request.EntryId > 0 && originals.TryAdd(new LedgerId(request.Tenant, request.Type, request.EntryId), EntryState.Unknown))
                AskThing(loadEntry, request, request.EntryId);
            if (request.Companion is { } companion && companions.TryAdd(companion, null)) AskCompanion(companion, request.Bucket);
            if (request.Note.Key.Length > 0 && keys.TryAdd(new TenantKey(request.Tenant, request.Note.Key), KeyedEntry.None))
                loadKeys.Add().Long(request.Bucket).Text(request.Tenant).Text(request.Note.Key);
        }

        // The tenants come first: what is read after them is read under their locks.
        await connection.Load(
        [
            new Load(lockTenants, TakeTenant),
            new Load(catalogVersion, row => { catalogNumber = row.Long(0); meter.TakeTotals(row.Long(1)); }),
            new Load(loadKeys, row => { var entry = LedgerStore.ReadEntry(row); keys[new TenantKey(row.Text(0), entry.Note.Key)] = new KeyedEntry(entry, row.Text(1)); }),
            new Load(loadPools, TakePool),
            new Load(loadLot, TakeLot),
            new Load(loadHold, TakeHold),
            new Load(loadEntry, TakeOriginal),
            new Load(lastNumber, row => numbers!.Load(row.Long(0))),
            .. loadCompanions.Select(kind => new Load(kind.Value, row => companions[new CompanionKey(kind.Key, row.Text(0), row.Text(1))] = kind.Key.Read(row))),
        ], stop);
        var catalog = await catalogs.AtLeast(catalogNumber);
        await Price(requests, catalog, now, stop);
        await LoadMore(now, stop);
        return catalog;
    }

    /// <summary>Finds the pools of the uses that a rate card prices. They are there already, unless the catalogue has only just changed.</summary>
    private async Task Price(List<LedgerRequest> requests, CatalogSnapshot catalog, Instant now, CancellationToken stop)
    {
        loadPools.Clear();
        foreach (var request in requests)
        {
            if (!request.IsPriced || tenants[request.Tenant].Tenant is not { } tenant) continue;
            if (request.Price(catalog, tenant.Plan, now) is var refusal && refusal != LedgerRefusal.None) unpriced[request] = refusal;
            else Ask(request, request.Type);
        }
        if (loadPools.Count > 0) await connection.Load([new Load(loadPools, TakePool)], stop);
    }

    /// <summary>What only the rows loaded first can tell: many pools have no lots and no holds, and so nothing more to load.</summary>
    private async Task LoadMore(Instant now, CancellationToken stop)
    {
        loadLot.Clear();
        foreach (var pool in pools.Values)
        {
            if (pool.HasOpenLots) loadOpenLots.Add().Long(pool.Bucket).Text(pool.Key.Tenant).Text(pool.Key.Type);
            if (pool.HasOpenHolds) loadDueHolds.Add().Long(pool.Bucket).Text(pool.Key.Tenant).Text(pool.Key.Type).Long(now.UnixMs);
        }
        foreach (var (id, original) in originals)
        {
            // A reversal gives back to lots that may be closed by now; which ones, the entry says.
            if (original.Entry is null) continue;
            foreach (var part in original.Entry.Draw.Parts)
                if (part.Source == DrawSource.Lot)
                    loadLot.Add().Long(TenantId.Bucket(id.Tenant)).Text(id.Tenant).Text(id.Type).Long(part.Of);
        }
        if (loadOpenLots.Count + loadDueHolds.Count + loadLot.Count == 0) return;
        await connection.Load(
            [new Load(loadOpenLots, TakeLot), new Load(loadLot, TakeLot), new Load(loadDueHolds, TakeHold)], stop);
    }

    private async ValueTask Decide(List<LedgerRequest> requests, CatalogSnapshot catalog)
    {
        var now = Instant.From(clock.GetUtcNow());
        foreach (var request in requests)
        {
            outcomes.Add((request, Decide(request, catalog, now)));
            if (saveEntries.Count >= EntriesAhead) await SendEntries();
        }
    }

    /// <summary>
    /// Entries never change once written, so they need not wait for the rest of the batch: lane and database work at the same
    /// time, in the same transaction. BatchAheadTests prove that none of them outlives a batch that fails.
    /// </summary>
    private async ValueTask SendEntries()
    {
        await sending;
        (saveEntries, sentEntries) = (sentEntries, saveEntries);
        saveEntries.Clear();
        sending = connection.Save([sentEntries]).AsTask();
    }

    private LedgerOutcome Decide(LedgerRequest request, CatalogSnapshot catalog, Instant now)
    {
        if (tenants[request.Tenant] is not { Tenant: { } tenant } state) return Refused(LedgerRefusal.TenantUnknown);
        if (state.Period == default)
            tenants[request.Tenant] = state = state with { Period = tenant.Period.At(now, tenant.RenewalDay, zone) };
        if (request.Note.Key.Length > 0 && keys[new TenantKey(request.Tenant, request.Note.Key)] is { Entry: { } earlier } keyed)
            return earlier.Note.Fingerprint != request.Note.Fingerprint ? Refused(LedgerRefusal.KeyReused) : new LedgerOutcome
            {
                Main = earlier, Replayed = true, Shortfall = earlier.Asked - earlier.Amount, Type = catalog.Types.GetValueOrDefault(keyed.Type),
            };
        if (unpriced.TryGetValue(request, out var unsold)) return meter.Refused(request, Refused(unsold), now);
        if (!catalog.Types.TryGetValue(request.Type, out var type)) return Refused(LedgerRefusal.TypeUnknown);

        var plan = tenant.Plan is null ? null : catalog.Plans.GetValueOrDefault(tenant.Plan);
        var pool = pools[new PoolKey(request.Tenant, request.Type)];
        var original = request.EntryId > 0 ? originals[new LedgerId(request.Tenant, request.Type, request.EntryId)] : EntryState.Unknown;
        var companion = request.Companion is { } key ? alongside.Changed(key) ?? companions[key] : null;
        var terms = Terms.Of(tenant, plan, type, state.Period);
        if (request is UseRequest && meter.HasLimits(request.Tenant)) Settle(request, pool, type, terms, now);
        var current = pool.Ask(numbers);
        if (request is UseRequest use && meter.Refusal(use, type, terms, current, now) is { } limited) return meter.Refused(request, limited, now);
        var decision = request.Decide(new LedgerCase(current, terms, now, original.Entry, original.Reversed, companion, tenant, catalog));
        if (!decision.IsAllowed) return meter.Refused(request, Refused(decision, type), now);
        numbers?.Take(decision.Entries);
        if (request.OtherType.Length == 0)
        {
            Post(request, pool, type, decision);
            return Told(request, new LedgerOutcome { Main = decision.Main, Pool = decision.Pool, Shortfall = decision.Shortfall, Type = type });
        }

        if (!catalog.Types.TryGetValue(request.OtherType, out var otherType)) return Refused(LedgerRefusal.TypeUnknown);
        var other = pools[new PoolKey(request.Tenant, request.OtherType)];
        var otherDecision = request.DecideOther(
            new LedgerCase(other.Ask(numbers), Terms.Of(tenant, plan, otherType, state.Period), now, null, 0, null, tenant, catalog));
        if (!otherDecision.IsAllowed) return Refused(otherDecision, otherType);
        numbers?.Take(otherDecision.Entries);
        Post(request, pool, type, decision);
        Post(request, other, otherType, otherDecision);
        return Told(request, new LedgerOutcome { Main = decision.Main, Other = otherDecision.Main, Pool = decision.Pool, Type = type });
    }

    /// <summary>Holds that have expired make room under limits, so they are let go before a limit is asked.</summary>
    private void Settle(LedgerRequest request, PoolState pool, CreditType type, Terms terms, Instant now)
    {
        var settled = Settlement.Decide(pool.Ask(numbers), terms, now);
        if (settled.Entries.IsEmpty) return;
        numbers?.Take(settled.Entries);
        Post(request, pool, type, settled);
    }

    private LedgerOutcome Told(LedgerRequest request, LedgerOutcome outcome)
    {
        request.WriteAlongside(outcome, alongside);
        return outcome;
    }

    private void Post(LedgerRequest request, PoolState pool, CreditType type, LedgerDecision decision)
    {
        pool.Take(decision);
        var count = decision.Pool.Entries - decision.Entries.Length;
        foreach (var entry in decision.Entries)
        {
            LedgerStore.WriteEntry(saveEntries, pool.Bucket, pool.Key, entry);
            entries++;
            if (chained && ++count % LedgerHistory.EntriesPerMark == 0)
                saveMarks.Add().Long(pool.Bucket).Text(pool.Key.Tenant).Text(pool.Key.Type).Long(entry.Id);
            if (entry.Note.Key.Length > 0) keys[new TenantKey(request.Tenant, entry.Note.Key)] = new KeyedEntry(entry, pool.Key.Type);
            var original = entry.Kind == EntryKind.Reversal ? Reverse(pool, entry) : null;
            meter.Count(pool.Key, type, pool.Usage, decision.Pool, entry, original);
        }
        foreach (var news in decision.Events)
            alongside.Tell(LedgerNews.Of(pool.Key, type, news));
    }

    private Entry? Reverse(PoolState pool, Entry reversal)
    {
        var id = new LedgerId(pool.Key.Tenant, pool.Key.Type, reversal.Related);
        var original = originals[id];
        original = original with { Reversed = original.Reversed + reversal.Asked };
        originals[id] = original;
        saveReversals.Add().Long(pool.Bucket).Text(pool.Key.Tenant).Text(pool.Key.Type).Long(reversal.Related).Long(original.Reversed);
        return original.Entry;
    }

    private async Task Save(CancellationToken stop)
    {
        foreach (var pool in pools.Values)
        {
            pool.Save(savePools, saveWarnings, saveLots, saveHolds);
            meter.Write(pool.Key, pool.Usage);
        }
        meter.Write();
        alongside.WriteCompanions();
        foreach (var news in alongside.Events) Outbox.Write(saveEvents, news);
        Rows[] writes =
        [
            saveEntries, saveMarks, savePools, saveWarnings, saveLots, saveHolds, saveReversals, .. meter.Written, saveEvents, .. alongside.Buffers,
        ];
        await sending;
        if (entries == 0 && Array.TrueForAll(writes, rows => rows.Count == 0))
        {
            await connection.Rollback();
            return;
        }
        var started = Stopwatch.GetTimestamp();
        await connection.SaveAndCommit(writes, stop);
        metrics.Committed(entries, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>The connection serves one call at a time, so what is on its way comes first; how it fared no longer matters.</summary>
    private async ValueTask Rollback()
    {
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.Rollback();
    }

    private void Answer()
    {
        if (saveEvents.Count > 0) outbox.Nudge();
        metrics.Answered(outcomes);
        foreach (var (request, outcome) in outcomes) request.Complete(outcome);
    }

    private void Ask(LedgerRequest request, string type)
    {
        var key = new PoolKey(request.Tenant, type);
        if (pools.TryAdd(key, new PoolState(key, request.Bucket)))
            loadPools.Add().Long(request.Bucket).Text(request.Tenant).Text(type);
    }

    private void AskCompanion(CompanionKey companion, int bucket)
    {
        if (!loadCompanions.TryGetValue(companion.Kind, out var rows)) loadCompanions.Add(companion.Kind, rows = new Rows(companion.Kind.Load));
        rows.Add().Long(bucket).Text(companion.Tenant).Text(companion.Id);
    }

    private static void AskThing(Rows rows, LedgerRequest request, long id) =>
        rows.Add().Long(request.Bucket).Text(request.Tenant).Text(request.Type).Long(id);

    private void TakeTenant(IRow row)
    {
        var tenant = LedgerStore.ReadTenant(row);
        tenants[tenant.Id] = new TenantState(tenant, default);
        meter.Take(tenant.Id, row.Text(7));
    }

    private void TakePool(IRow row)
    {
        var pool = pools[LedgerStore.ReadKey(row)];
        pool.Take(LedgerStore.ReadPool(row));
        pool.Usage.Take(LedgerStore.ReadUsageLine(row));
    }

    private void TakeLot(IRow row) => pools[LedgerStore.ReadKey(row)].Take(LedgerStore.ReadLot(row));

    private void TakeHold(IRow row) => pools[LedgerStore.ReadKey(row)].Take(LedgerStore.ReadHold(row));

    private void TakeOriginal(IRow row)
    {
        var (key, entry) = (LedgerStore.ReadKey(row), LedgerStore.ReadEntry(row));
        originals[new LedgerId(key.Tenant, key.Type, entry.Id)] = new EntryState(entry, LedgerStore.ReadReversed(row));
    }

    private static LedgerOutcome Refused(LedgerRefusal refusal) => new() { Refusal = refusal };

    private static LedgerOutcome Refused(LedgerDecision decision, CreditType type) =>
        new() { Refusal = decision.Refusal, Shortfall = decision.Shortfall, Pool = decision.Settled, Type = type };

    private void Clear()
    {
        tenants.Clear();
        pools.Clear();
        keys.Clear();
        originals.Clear();
        unpriced.Clear();
        meter.Clear();
        outcomes.Clear();
        entries = 0;
        sending = Task.CompletedTask;
        alongside.Clear();
        companions.Clear();
        foreach (var rows in loadCompanions.Values) rows.Clear();
        foreach (var rows in (ReadOnlySpan<Rows>)[catalogVersion, lockTenants, loadPools, loadOpenLots, loadDueHolds, loadHold, loadLot,
            loadEntry, loadKeys, lastNumber, saveEntries, saveMarks, savePools, saveWarnings, saveLots, saveHolds, saveReversals, saveEvents])
            rows.Clear();
    }

    private readonly record struct TenantKey(string Tenant, string Key);

    private sealed record TenantState(Tenant? Tenant, BillingPeriod Period)
    {
        public static readonly TenantState Unknown = new(null, default);
    }

    private readonly record struct KeyedEntry(Entry? Entry, string Type)
    {
        public static readonly KeyedEntry None = new(null, "");
    }

    private readonly record struct EntryState(Entry? Entry, long Reversed)
    {
        public static readonly EntryState Unknown = new(null, 0);
    }

    /// <summary>A pool as it was loaded and as the batch has changed it. The difference is what is written.</summary>
    private sealed class PoolState(PoolKey key, int bucket)
    {
        // By number: a lot or hold may come twice, named by a request and among the open ones. Most pools have none.
        private Dictionary<long, Lot>? lots;
        private Dictionary<long, Hold>? holds;
        private Pool row = Pool.Empty;
        private Pool? current;
        private Pool? asked;
        private Pool loaded = Pool.Empty;

        public PoolKey Key => key;
        public PoolUsage Usage { get; } = new();
        public int Bucket => bucket;
        public bool HasOpenLots => row.OpenLots > 0;
        public bool HasOpenHolds => row.OpenHolds > 0;

        /// <summary>The pool for a decision, with what numbers its entries may have.</summary>
        public Pool Ask(EntryNumbers? numbers)
        {
            current ??= loaded = Assemble();
            return asked = numbers is null ? current : current with { NumbersTaken = numbers.TakenBefore(current.LastEntry) };
        }

        public void Take(LedgerDecision decision)
        {
            if (!ReferenceEquals(decision.Pool, asked)) current = decision.Pool;
        }

        public void Take(Pool read) => row = read;

        public void Take(Lot lot) => (lots ??= [])[lot.Id] = lot;

        public void Take(Hold hold) => (holds ??= [])[hold.Id] = hold;

        private Pool Assemble()
        {
            var pool = holds is null ? row : row with { Holds = [.. holds.Values] };
            return lots is null ? pool : pool.WithLots(lots.Values);
        }

        public void Save(Rows poolRows, Rows warningRows, Rows lotRows, Rows holdRows)
        {
            if (current is null || ReferenceEquals(current, loaded)) return;
            LedgerStore.WritePool(poolRows, bucket, key, current, Usage.Open);
            if (current.Thresholds != loaded.Thresholds || current.Forewarned != loaded.Forewarned) LedgerStore.WriteWarnings(warningRows, bucket, key, current);
            if (current.Lots != loaded.Lots)
            {
                var before = 0;
                foreach (var lot in current.Lots)
                {
                    // New lots only ever come between the known ones, so one walk over both lists finds every difference.
                    var known = before < loaded.Lots.Length && loaded.Lots[before].Id == lot.Id ? loaded.Lots[before++] : null;
                    if (!ReferenceEquals(known, lot)) LedgerStore.WriteLot(lotRows, bucket, key, lot);
                }
            }
            foreach (var hold in current.Holds)
                if (!ReferenceEquals(loaded.FindHold(hold.Id), hold)) LedgerStore.WriteHold(holdRows, bucket, key, hold);
        }
    }
}
