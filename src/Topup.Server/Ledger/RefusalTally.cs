using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>What a batch refuses, summed by day, type, usage type, subject and reason, and written in its transaction.</summary>
internal sealed class RefusalTally
{
    private readonly Dictionary<Key, (long Refused, long Asked, Instant At)> refused = [];

    /// <param name="units">What was asked for; 0 where nobody could tell, because it has no price.</param>
    public void Add(PoolKey pool, int day, Note use, string reason, long units, Instant at)
    {
        var key = new Key(pool, day, use.UsageType, use.Subject, reason);
        var sum = refused.GetValueOrDefault(key);
        refused[key] = (sum.Refused + 1, sum.Asked + units, at);
    }

    public void Write(Rows rows)
    {
        foreach (var ((pool, day, usageType, subject, reason), (count, asked, at)) in refused)
            rows.Add().Long(TenantId.Bucket(pool.Tenant)).Text(pool.Tenant).Long(day).Text(pool.Type).Text(usageType).Text(subject).Text(reason)
                .Long(count).Long(asked).Long(at.UnixMs).Long(at.UnixMs);
    }

    public void Clear() => refused.Clear();

    private readonly record struct Key(PoolKey Pool, int Day, string UsageType, string Subject, string Reason);
}
