using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Automation.Workflows;

/// <summary>How far the statements of a week are.</summary>
/// <param name="Week">Day number of its Monday; 0: nobody has looked yet.</param>
/// <param name="Tenant">The last that was told; empty: none.</param>
internal sealed record StatementProgress(long Week, long Bucket, string Tenant, bool IsDone);

/// <summary>The SQL of weekly statements.</summary>
internal sealed class StatementStore(Database database)
{
    private const string Columns = "select week as Week, bucket as Bucket, tenant_id as Tenant, done as Done from statement_progress where name = 'weekly'";

    public Task<StatementProgress> Progress(CancellationToken stop) => database.Read(async connection => Of(await connection.QuerySingleAsync<Row>(Columns)), stop);

    /// <summary>Goes on from where it was seen, and tells in the same transaction. False: somebody else has meanwhile.</summary>
    public Task<bool> Advance(StatementProgress seen, StatementProgress next, IReadOnlyList<OutboxEvent> news, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            if (Of(await connection.QuerySingleAsync<Row>(Columns + database.Dialect.Lock, transaction: transaction)) != seen) return false;
            await connection.ExecuteAsync(
                "update statement_progress set week = @Week, bucket = @Bucket, tenant_id = @Tenant, done = @done where name = 'weekly'",
                new { next.Week, next.Bucket, next.Tenant, done = next.IsDone ? 1L : 0L }, transaction);
            foreach (var @event in news) await Outbox.Add(connection, transaction, @event);
            return true;
        }, stop);

    /// <summary>Tenants behind the last that was told.</summary>
    public Task<List<string>> Tenants(StatementProgress after, int limit, CancellationToken stop) => database.Read(async connection =>
        (await connection.QueryAsync<string>(
            "select tenant_id from tenants where bucket > @Bucket or (bucket = @Bucket and tenant_id > @Tenant) order by bucket, tenant_id limit @limit",
            new { after.Bucket, after.Tenant, limit = (long)limit })).AsList(), stop);

    /// <summary>How many purchases of a tenant were paid between two moments.</summary>
    public Task<long> Purchases(string tenant, Instant from, Instant until, CancellationToken stop) => database.Read(connection => connection.ExecuteScalarAsync<long>(
        "select count(*) from purchases where bucket = @bucket and tenant_id = @tenant and granted > 0 and paid_at >= @from and paid_at < @until",
        new { bucket = (long)TenantId.Bucket(tenant), tenant, from = from.UnixMs, until = until.UnixMs }), stop);

    private static StatementProgress Of(Row row) => new(row.Week, row.Bucket, row.Tenant, row.Done == 1);

    private sealed record Row(long Week, long Bucket, string Tenant, long Done);
}
