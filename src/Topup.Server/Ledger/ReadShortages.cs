using Dapper;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>How many tenants are low on credits of some type, or out of them, as the last entry of each pool left it.</summary>
internal sealed class ReadShortages(Database database, TimeProvider clock)
{
    public Task<Shortages> Run(CancellationToken stop) => database.Read(connection => connection.QuerySingleAsync<Shortages>(
        """
        select cast(coalesce(sum(s.low), 0) as bigint) as Low, cast(coalesce(sum(s.exhausted), 0) as bigint) as Exhausted
        from (
            select max(case when p.alert = @low then 1 else 0 end) as low, max(case when p.alert = @exhausted then 1 else 0 end) as exhausted
            from pools p where p.alert <> 0 and (p.allowance_limit = 0 or p.resets_at > @now) group by p.bucket, p.tenant_id) s
        """, new { low = (long)AlertLevel.Low, exhausted = (long)AlertLevel.Exhausted, now = Instant.From(clock.GetUtcNow()).UnixMs }), stop);
}

/// <summary>Tenants, not pools; one may be both.</summary>
internal sealed record Shortages(long Low, long Exhausted);
