using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;

namespace Topup.Server.Storage;

/// <summary>News of one change, written in the transaction of the change.</summary>
internal sealed record OutboxEvent(string Tenant, string Id, string Type, Instant At, string Payload)
{
    public static OutboxEvent Create(string tenant, string type, Instant at, string payload) =>
        new(tenant, EventId.Next(at.ToDateTimeOffset()), type, at, payload);
}

/// <summary>An event everybody may read: positions count 1, 2, 3... in the order in which events became readable.</summary>
internal sealed record SequencedEvent(long Position, string Tenant, string Id, string Type, Instant At, string Payload);

/// <summary>
/// How news travels upward. Transactions of several lanes and servers commit in an order of their own, so a reader
/// that remembered the last id it saw would miss whatever commits late. Therefore a committed event gets its position
/// from <see cref="Sequence(CancellationToken)"/>, one at a time under a lock, and a reader that remembers a position misses nothing.
/// </summary>
internal sealed class Outbox(Database database) : IDisposable
{
    public const int SequenceMax = 500;

    /// <summary>How a lane writes events; cold transactions use <see cref="Add"/>.</summary>
    public static readonly Statement Insert = new(
        """
        insert into outbox(bucket, tenant_id, id, type, at, payload)
        select r.bucket, r.tenant_id, r.id, r.type, r.at, r.payload from {rows}
        """,
        Column.Long("bucket"), Column.Text("tenant_id"), Column.Text("id"),
        Column.Text("type"), Column.Long("at"), Column.Text("payload"));

    private readonly SemaphoreSlim news = new(0, 1);

    /// <summary>One row for <see cref="Insert"/>.</summary>
    public static void Write(Rows rows, OutboxEvent @event) => rows.Add()
        .Long(TenantId.Bucket(@event.Tenant)).Text(@event.Tenant).Text(@event.Id)
        .Text(@event.Type).Long(@event.At.UnixMs).Text(@event.Payload);

    /// <summary>Writes an event in a cold transaction. Call <see cref="Nudge"/> once it is committed.</summary>
    public static Task Add(DbConnection connection, DbTransaction transaction, OutboxEvent @event) =>
        connection.ExecuteAsync(
            """
            insert into outbox(bucket, tenant_id, id, type, at, payload)
            values (@bucket, @tenant, @id, @type, @at, @payload)
            """,
            new
            {
                bucket = (long)TenantId.Bucket(@event.Tenant),
                tenant = @event.Tenant,
                id = @event.Id,
                type = @event.Type,
                at = @event.At.UnixMs,
                payload = @event.Payload,
            }, transaction);

    /// <summary>Says that events were committed, so that they need not wait for the clock.</summary>
    public void Nudge()
    {
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has said so already.
        }
    }

    public Task WaitForNudge(TimeSpan patience, CancellationToken stop) => news.WaitAsync(patience, stop);

    /// <summary>
    /// Gives positions to committed events that have none, at most <see cref="SequenceMax"/>, and says to how many. The
    /// lock on the counter is held until the commit, so positions become visible in their own order, without gaps.
    /// </summary>
    public async Task<int> Sequence(CancellationToken stop)
    {
        var waiting = await database.Read(connection => connection.QueryAsync<long>(
            "select at from outbox where position = 0 order by at, id limit 1"), stop);
        if (!waiting.Any()) return 0;
        return await database.Transact(Sequence, stop);
    }

    /// <summary>Since when the first event waits for its position; null: none does.</summary>
    public async Task<Instant?> WaitsSince(CancellationToken stop) => await database.Read(connection => connection.ExecuteScalarAsync<long?>(
        "select at from outbox where position = 0 order by at, id limit 1"), stop) is { } at ? new Instant(at) : null;

    /// <summary>Events after a position, in order. A reader that asks again after the last position it got sees each once.</summary>
    public async Task<List<SequencedEvent>> Read(
        long afterPosition, string? tenant, string? type, int limit, CancellationToken stop)
    {
        var sql =
            $"""
            select position, tenant_id as tenant, id, type, at, payload from outbox
            where position > 0 and position > @afterPosition
            {(tenant is null ? "" : "and bucket = @bucket and tenant_id = @tenant")}
            {(type is null ? "" : "and type = @type")}
            order by position limit @limit
            """;
        var bucket = tenant is null ? 0L : TenantId.Bucket(tenant);
        var rows = await database.Read(connection => connection.QueryAsync<OutboxRow>(
            sql, new { afterPosition, bucket, tenant, type, limit = (long)limit }), stop);
        return [.. rows.Select(row =>
            new SequencedEvent(row.Position, row.Tenant, row.Id, row.Type, new Instant(row.At), row.Payload))];
    }

    public void Dispose() => news.Dispose();

    private async Task<int> Sequence(DbConnection connection, DbTransaction transaction)
    {
        var last = await connection.ExecuteScalarAsync<long>(
            "select value from counters where name = 'outbox'" + database.Dialect.Lock, transaction: transaction);
        var count = await connection.ExecuteAsync(
            """
            update outbox set position = numbered.position
            from (select bucket, tenant_id, id, @last + row_number() over (order by at, id) as position
                  from (select bucket, tenant_id, id, at from outbox
                        where position = 0 order by at, id limit @limit) as waiting) as numbered
            where outbox.bucket = numbered.bucket and outbox.tenant_id = numbered.tenant_id and outbox.id = numbered.id
            """,
            new { last, limit = (long)SequenceMax }, transaction);
        await connection.ExecuteAsync(
            "update counters set value = @next where name = 'outbox'", new { next = last + count }, transaction);
        return count;
    }

    private sealed record OutboxRow(long Position, string Tenant, string Id, string Type, long At, string Payload);
}
