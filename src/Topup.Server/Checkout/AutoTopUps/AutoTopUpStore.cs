using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>All SQL of automatic top-ups.</summary>
internal sealed class AutoTopUpStore(Database database, Outbox outbox)
{
    private const string Columns =
        "a.tenant_id as Tenant, a.type as Type, a.rule as Rule, a.state as State, a.check_at as CheckAt, a.version as Version";

    public async Task<AutoTopUpRow?> Find(string tenant, string type, CancellationToken stop) =>
        (await database.Read(connection => connection.QueryAsync<StoredRow>(
            $"select {Columns} from auto_top_ups a where a.bucket = @bucket and a.tenant_id = @tenant and a.type = @type", Key(tenant, type)), stop))
        .Select(Of).FirstOrDefault();

    /// <summary>A tenant's, in the order of their types.</summary>
    public async Task<List<AutoTopUpRow>> List(string tenant, CancellationToken stop) =>
        [.. (await database.Read(connection => connection.QueryAsync<StoredRow>(
            $"select {Columns} from auto_top_ups a where a.bucket = @bucket and a.tenant_id = @tenant order by a.type", Key(tenant, "")), stop)).Select(Of)];

    /// <summary>Those that may order by now, page by page: the ones after <paramref name="after"/> in the order of the table.</summary>
    public async Task<List<DueAutoTopUp>> Due(Instant now, AutoTopUpRow? after, int limit, CancellationToken stop)
    {
        var rows = await database.Read(connection => connection.QueryAsync<DueRow>(
            $"""
            select {Columns}, coalesce(p.last_entry, 0) as LastEntry
            from auto_top_ups a left join pools p on p.bucket = a.bucket and p.tenant_id = a.tenant_id and p.type = a.type
            where a.is_active = 1 and a.check_at <= @now and (a.bucket, a.tenant_id, a.type) > (@bucket, @tenant, @type)
            order by a.bucket, a.tenant_id, a.type limit @limit
            """,
            new
            {
                now = now.UnixMs, limit = (long)limit, bucket = after is null ? -1L : TenantId.Bucket(after.Tenant), tenant = after?.Tenant ?? "",
                type = after?.Type ?? "",
            }), stop);
        return [.. rows.Select(row => new DueAutoTopUp(
            Of(new StoredRow(row.Tenant, row.Type, row.Rule, row.State, row.CheckAt, row.Version)), row.LastEntry))];
    }

    public Task<AutoTopUpSums> Sums(string tenant, string type, string currency, Instant since, CancellationToken stop) =>
        database.Read(connection => connection.QuerySingleAsync<AutoTopUpSums>(
            """
            select
                cast(coalesce(sum(case when p.status in (@processing, @paid) and p.lot = 0 then p.credits else 0 end), 0) as bigint) as Pending,
                cast(coalesce(sum(case when p.auto_top_up = @type and p.currency = @currency and p.created_at >= @since
                    and p.status not in (@failed, @expired, @canceled) then p.price else 0 end), 0) as bigint) as Spent
            from purchases p where p.bucket = @bucket and p.tenant_id = @tenant and p.type = @type
            """,
            new
            {
                bucket = (long)TenantId.Bucket(tenant), tenant, type, currency, since = since.UnixMs, processing = (long)PurchaseStatus.Processing,
                paid = (long)PurchaseStatus.Paid, failed = (long)PurchaseStatus.Failed, expired = (long)PurchaseStatus.Expired,
                canceled = (long)PurchaseStatus.Canceled,
            }), stop);

    /// <summary>
    /// Changes a row under its lock; null: there is none, or the change does not want it. Events are written in the same
    /// transaction.
    /// </summary>
    /// <param name="change">What becomes of the row as it is; null: nothing.</param>
    public async Task<AutoTopUpRow?> Change(
        string tenant, string type, Func<AutoTopUpRow, (AutoTopUpRow Row, OutboxEvent? News)?> change, CancellationToken stop)
    {
        var saved = await database.Transact(async (connection, transaction) =>
        {
            if (await Lock(connection, transaction, database.Dialect, tenant, type) is not { } row || change(row) is not { } changed) return null;
            var next = await Update(connection, transaction, changed.Row);
            if (changed.News is { } news) await Outbox.Add(connection, transaction, news);
            return next;
        }, stop);
        outbox.Nudge();
        return saved;
    }

    /// <summary>The row, which nobody else can change until the transaction ends.</summary>
    public static async Task<AutoTopUpRow?> Lock(DbConnection connection, DbTransaction transaction, Dialect dialect, string tenant, string type) =>
        (await connection.QueryAsync<StoredRow>(
            $"select {Columns} from auto_top_ups a where a.bucket = @bucket and a.tenant_id = @tenant and a.type = @type{dialect.Lock}",
            Key(tenant, type), transaction)).Select(Of).FirstOrDefault();

    /// <summary>False: there is one already.</summary>
    public static async Task<bool> Insert(DbConnection connection, DbTransaction transaction, AutoTopUpRow row) => await connection.ExecuteAsync(
        """
        insert into auto_top_ups (bucket, tenant_id, type, rule, state, is_active, check_at, version)
        values (@bucket, @tenant, @type, @rule, @state, @active, @checkAt, @version)
        on conflict (bucket, tenant_id, type) do nothing
        """, ValuesOf(row), transaction) == 1;

    /// <summary>To be called under <see cref="Lock"/>.</summary>
    public static async Task<AutoTopUpRow> Update(DbConnection connection, DbTransaction transaction, AutoTopUpRow row)
    {
        var next = row with { Version = row.Version + 1 };
        await connection.ExecuteAsync(
            """
            update auto_top_ups set rule = @rule, state = @state, is_active = @active, check_at = @checkAt, version = @version
            where bucket = @bucket and tenant_id = @tenant and type = @type
            """, ValuesOf(next), transaction);
        return next;
    }

    /// <summary>To be called under <see cref="Lock"/>.</summary>
    public static Task Delete(DbConnection connection, DbTransaction transaction, string tenant, string type) => connection.ExecuteAsync(
        "delete from auto_top_ups where bucket = @bucket and tenant_id = @tenant and type = @type", Key(tenant, type), transaction);

    private static object Key(string tenant, string type) => new { bucket = (long)TenantId.Bucket(tenant), tenant, type };

    private static object ValuesOf(AutoTopUpRow row) => new
    {
        bucket = (long)TenantId.Bucket(row.Tenant), tenant = row.Tenant, type = row.Type,
        rule = JsonSerializer.Serialize(row.Rule, AutoTopUpStoreJson.Default.AutoTopUpRule),
        state = JsonSerializer.Serialize(row.State, AutoTopUpStoreJson.Default.AutoTopUpState),
        active = row.State.IsSuspended ? 0L : 1L, checkAt = row.CheckAt.UnixMs, version = row.Version,
    };

    private static AutoTopUpRow Of(StoredRow row) => new()
    {
        Tenant = row.Tenant,
        Type = row.Type,
        Rule = JsonSerializer.Deserialize(row.Rule, AutoTopUpStoreJson.Default.AutoTopUpRule)!,
        State = JsonSerializer.Deserialize(row.State, AutoTopUpStoreJson.Default.AutoTopUpState)!,
        CheckAt = new Instant(row.CheckAt),
        Version = row.Version,
    };

    private sealed record StoredRow(string Tenant, string Type, string Rule, string State, long CheckAt, long Version);

    private sealed record DueRow(string Tenant, string Type, string Rule, string State, long CheckAt, long Version, long LastEntry);
}
