using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Usage;

/// <summary>The SQL of who wants to hear what a forecast says, and of when it is next looked at.</summary>
internal sealed class ForewarningStore(Database database)
{
    /// <summary>Pools whose tenant or type has set days of runway, page by page: the ones after <paramref name="after"/> in the order of the table.</summary>
    public Task<List<PoolKey>> Watched(PoolKey? after, int limit, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<PoolKey>();
        await LedgerHistory.Each(connection,
            """
            select p.tenant_id, p.type from pools p join credit_types t on t.code = p.type
            where (p.runway_days > 0 or (p.runway_days < 0 and t.runway_days > 0)) and (p.bucket, p.tenant_id, p.type) > (@bucket, @tenant, @type)
            order by p.bucket, p.tenant_id, p.type limit @limit
            """,
            new { bucket = after is { } key ? TenantId.Bucket(key.Tenant) : -1L, tenant = after?.Tenant ?? "", type = after?.Type ?? "", limit = (long)limit },
            row => found.Add(LedgerStore.ReadKey(row)));
        return found;
    }, stop);

    /// <summary>When they are next looked at, in Unix milliseconds; 0: nobody has said so yet.</summary>
    public Task<long> DueAt(CancellationToken stop) => database.Read(connection =>
        connection.ExecuteScalarAsync<long>("select value from counters where name = 'forecast'"), stop);

    /// <summary>Sets when they are next, if it is still as it was; of several servers one does.</summary>
    public Task<bool> MoveDue(long from, Instant to, CancellationToken stop) => database.Transact(async (connection, transaction) =>
        await connection.ExecuteAsync("update counters set value = @to where name = 'forecast' and value = @from",
            new { from, to = to.UnixMs }, transaction) == 1, stop);
}
