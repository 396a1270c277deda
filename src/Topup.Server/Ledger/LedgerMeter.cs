using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger.Limits;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>What a batch counts beside its entries, in the same transaction: usage by day, what was refused, and what limits let through.</summary>
/// <param name="usageByDay">False only in benchmarks, which say what counting costs.</param>
internal sealed class LedgerMeter(Alongside alongside, TimeZoneInfo zone, bool usageByDay)
{
    private readonly RefusalTally refusals = new();
    private readonly Dictionary<string, LimitsState> limits = new(StringComparer.Ordinal);
    private readonly Rows saveLimits = new(LedgerStore.SaveLimits);
    private readonly Rows countUsage = new(LedgerStore.CountUsage);
    private readonly Rows countRefusals = new(LedgerStore.CountRefusals);
    private readonly Rows reopenTotals = new(LedgerStore.ReopenTotals);
    private Instant moment;
    private int day;
    private long summedUpTo;
    private int firstDay = int.MaxValue;

    public ReadOnlySpan<Rows> Written => new[] { saveLimits, countUsage, countRefusals, reopenTotals };

    /// <param name="upTo">The last day of which the totals of all tenants are kept: days that are over, as long as no clock goes back.</param>
    public void TakeTotals(long upTo) => summedUpTo = upTo;

    /// <param name="text">The tenant's limits as they are stored; empty: none.</param>
    public void Take(string tenant, string text)
    {
        if (text.Length > 0) limits.Add(tenant, new LimitsState(text, zone));
    }

    public bool HasLimits(string tenant) => limits.ContainsKey(tenant);

    /// <summary>The refusal of a use by a limit; null: none forbids it. Where nothing may be spent at all, no limit is asked.</summary>
    public LedgerOutcome? Refusal(UseRequest use, CreditType type, Terms terms, Pool pool, Instant now)
    {
        if (terms.SpendingRefusal != LedgerRefusal.None || !limits.TryGetValue(use.Tenant, out var state)) return null;
        if (state.Limits.Forbidding(use.Type, use.Note, use.Units, now) is not { } limit) return null;
        if (state.Limits.Tell(limit)) alongside.Tell(LedgerNews.Of(use.Tenant, limit, type, zone, now));
        var refusal = limit.Kind == LimitKind.Off ? LedgerRefusal.UsageTypeOff : LedgerRefusal.LimitReached;
        return new LedgerOutcome { Refusal = refusal, Pool = Settlement.Decide(pool, terms, now).Settled, Type = type, Limit = limit };
    }

    /// <summary>Counts a use that is refused for what the tenant has or may, not for what is wrong with the request.</summary>
    public LedgerOutcome Refused(LedgerRequest request, LedgerOutcome refused, Instant now)
    {
        if (request is UseRequest use && ReasonOf(refused.Refusal) is { } reason)
            refusals.Add(new PoolKey(use.Tenant, refused.Type?.Code ?? ""), CountedOn(now), use.Note, reason, use.Units, now);
        return refused;
    }

    /// <param name="after">The pool with the hold that the entry ends, if it ends one.</param>
    /// <param name="original">What the entry reverses; null: nothing.</param>
    public void Count(PoolKey pool, CreditType type, PoolUsage usage, Pool after, Entry entry, Entry? original)
    {
        if (usageByDay && UsageCount.Of(entry) is var used && used != default) usage.Add(CountedOn(entry.At), entry.Note, used);
        if (!limits.TryGetValue(pool.Tenant, out var state)) return;
        var first = entry.Kind switch
        {
            EntryKind.Capture or EntryKind.Release or EntryKind.HoldExpiry => Counted.Of(after.FindHold(entry.Related)!),
            EntryKind.Reversal => Counted.Of(original!),
            _ => default,
        };
        foreach (var reached in state.Limits.Count(pool.Type, entry, first))
            alongside.Tell(LedgerNews.Of(pool.Tenant, reached, type, zone, entry.At));
    }

    public void Write(PoolKey pool, PoolUsage usage) => usage.WriteClosed(countUsage, pool);

    public void Write()
    {
        foreach (var (tenant, state) in limits) state.Write(saveLimits, tenant);
        refusals.Write(countRefusals);
        if (firstDay <= summedUpTo) reopenTotals.Add().Text("usage_totals").Long(firstDay);
    }

    public void Clear()
    {
        limits.Clear();
        refusals.Clear();
        firstDay = int.MaxValue;
        foreach (var rows in Written) rows.Clear();
    }

    /// <summary>The day on which something is counted now.</summary>
    private int CountedOn(Instant at)
    {
        var counted = DayOf(at);
        firstDay = Math.Min(firstDay, counted);
        return counted;
    }

    /// <summary>A batch has one moment, so the calendar is asked once.</summary>
    private int DayOf(Instant at)
    {
        if (at != moment) (moment, day) = (at, LocalTime.DayOf(at, zone));
        return day;
    }

    private static string? ReasonOf(LedgerRefusal refusal) =>
        refusal == LedgerRefusal.UsageTypeUnknown ? ProblemCodes.UsageTypeUnknown : LedgerProblems.ReasonOf(refusal);

    /// <summary>The limits of a tenant, written again if the batch has counted anything.</summary>
    private sealed class LimitsState(string text, TimeZoneInfo zone)
    {
        public TenantLimits Limits { get; } = new(StoredLimits.Read(text), zone);

        public void Write(Rows rows, string tenant)
        {
            if (Limits.HasChanged) rows.Add().Long(TenantId.Bucket(tenant)).Text(tenant).Text(StoredLimits.Write(Limits.All));
        }
    }
}
