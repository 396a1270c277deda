using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>What a batch counts beside its entries, in the same transaction: usage by day, what was refused, and what limits let through.</summary>
/// <param name="usageByDay">False only in benchmarks, which say what counting costs.</param>
internal sealed class LedgerMeter(Alongside alongside, TimeZoneInfo zone, bool usageByDay)
{
    private readonly UsageTally tally = new(zone);
    private readonly Dictionary<string, LimitsState> limits = new(StringComparer.Ordinal);
    private readonly Rows loadLimits = new(LedgerStore.LoadLimits);
    private readonly Rows saveLimits = new(LedgerStore.SaveLimits);
    private readonly Rows countUsage = new(LedgerStore.CountUsage);
    private readonly Rows countRefusals = new(LedgerStore.CountRefusals);

    /// <summary>How many tenants' limits are still to be loaded.</summary>
    public int Asked => loadLimits.Count;

    public Load Loading => new(loadLimits, row => limits[row.Text(0)].Take(LedgerStore.ReadLimit(row, first: 1)));

    public ReadOnlySpan<Rows> Written => new[] { saveLimits, countUsage, countRefusals };

    /// <summary>The tenant has limits, and they shall be loaded.</summary>
    public void Ask(string tenant)
    {
        limits.Add(tenant, new LimitsState(zone));
        loadLimits.Add().Long(TenantId.Bucket(tenant)).Text(tenant);
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
            tally.Refuse(new PoolKey(use.Tenant, refused.Type?.Code ?? ""), use.Note, reason, use.Units, now);
        return refused;
    }

    /// <param name="after">The pool with the hold that the entry ends, if it ends one.</param>
    /// <param name="original">What the entry reverses; null: nothing.</param>
    public void Count(PoolKey pool, CreditType type, Pool after, Entry entry, Entry? original)
    {
        tally.Add(pool, entry);
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

    public void Write()
    {
        foreach (var (tenant, state) in limits) state.Write(saveLimits, tenant);
        if (usageByDay) tally.Write(countUsage, countRefusals);
    }

    public void Clear()
    {
        limits.Clear();
        tally.Clear();
        foreach (var rows in (ReadOnlySpan<Rows>)[loadLimits, saveLimits, countUsage, countRefusals]) rows.Clear();
    }

    private static string? ReasonOf(LedgerRefusal refusal) =>
        refusal == LedgerRefusal.UsageTypeUnknown ? ProblemCodes.UsageTypeUnknown : LedgerProblems.ReasonOf(refusal);

    /// <summary>The limits of a tenant as they were loaded and as the batch has counted them. The difference is what is written.</summary>
    private sealed class LimitsState(TimeZoneInfo zone)
    {
        private readonly List<Limit> loaded = [];
        private TenantLimits? limits;

        public TenantLimits Limits => limits ??= new TenantLimits(loaded, zone);

        public void Take(Limit limit) => loaded.Add(limit);

        public void Write(Rows rows, string tenant)
        {
            foreach (var (before, after) in loaded.Zip(Limits.All))
                if (!ReferenceEquals(before, after)) LedgerStore.WriteLimit(rows, TenantId.Bucket(tenant), tenant, after);
        }
    }
}
