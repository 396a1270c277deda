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
        select
            (select count(*) from (select distinct p.bucket, p.tenant_id from pools p where p.alert = @low and (p.allowance_limit = 0 or p.resets_at > @now)) as l) as Low,
            (select count(*) from (select distinct p.bucket, p.tenant_id from pools p where p.alert = @exhausted and (p.allowance_limit = 0 or p.resets_at > @now)) as e) as Exhausted
        """, new { low = (long)AlertLevel.Low, exhausted = (long)AlertLevel.Exhausted, now = Instant.From(clock.GetUtcNow()).UnixMs }), stop);
}

/// <summary>Tenants, not pools; one may be both.</summary>
internal sealed record Shortages(long Low, long Exhausted);
