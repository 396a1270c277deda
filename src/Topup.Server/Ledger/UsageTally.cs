using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>What a batch uses and refuses, summed by day, type, usage type and subject, and written in its transaction.</summary>
internal sealed class UsageTally(TimeZoneInfo zone)
{
    private readonly Dictionary<Key, UsageCount> used = [];
    private readonly Dictionary<(Key Key, string Reason), (long Refused, long Asked, Instant At)> refused = [];
    private Instant now;
    private int day;

    public void Add(PoolKey pool, Entry entry)
    {
        if (UsageCount.Of(entry) is var usage && usage == default) return;
        var key = KeyOf(pool, entry.Note, entry.At);
        used[key] = used.TryGetValue(key, out var sum) ? sum.Plus(usage) : usage;
    }

    /// <param name="units">What was asked for; 0 where nobody could tell, because it has no price.</param>
    public void Refuse(PoolKey pool, Note note, string reason, long units, Instant at)
    {
        var key = (KeyOf(pool, note, at), reason);
        var sum = refused.GetValueOrDefault(key);
        refused[key] = (sum.Refused + 1, sum.Asked + units, at);
    }

    public void Write(Rows usageRows, Rows refusalRows)
    {
        foreach (var (key, usage) in used)
            Write(usageRows, key).Long(usage.Uses).Long(usage.Allowance).Long(usage.Purchased).Long(usage.Debt).Long(usage.Returned).Long(usage.Cost);
        foreach (var ((key, reason), (count, asked, at)) in refused)
            Write(refusalRows, key).Text(reason).Long(count).Long(asked).Long(at.UnixMs).Long(at.UnixMs);
    }

    public void Clear()
    {
        used.Clear();
        refused.Clear();
    }

    private Key KeyOf(PoolKey pool, Note note, Instant at)
    {
        // A batch has one moment, so the calendar is asked once.
        if (at != now) (now, day) = (at, LocalTime.DayOf(at, zone));
        return new Key(pool, day, note.UsageType, note.Subject);
    }

    private static Rows Write(Rows rows, Key key) =>
        rows.Add().Long(TenantId.Bucket(key.Pool.Tenant)).Text(key.Pool.Tenant).Long(key.Day).Text(key.Pool.Type).Text(key.UsageType).Text(key.Subject);

    private readonly record struct Key(PoolKey Pool, int Day, string UsageType, string Subject);
}
