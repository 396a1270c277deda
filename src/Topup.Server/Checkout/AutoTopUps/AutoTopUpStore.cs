using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>All SQL of automatic top-ups.</summary>
internal sealed class AutoTopUpStore(Database database, Outbox outbox)
{
    private const string Select =
        "select tenant_id as Tenant, type as Type, rule as Rule, state as State, check_at as CheckAt, version as Version from auto_top_ups";

    private const string OfOne = "where bucket = @bucket and tenant_id = @tenant and type = @type";

    public async Task<AutoTopUpRow?> Find(string tenant, string type, CancellationToken stop) =>
        (await database.Read(connection => connection.QueryAsync<StoredRow>($"{Select} {OfOne}", Key(tenant, type)), stop)).Select(Of).FirstOrDefault();

    /// <summary>A tenant's, in the order of their types.</summary>
    public async Task<List<AutoTopUpRow>> List(string tenant, CancellationToken stop) =>
        [.. (await database.Read(connection => connection.QueryAsync<StoredRow>(
            $"{Select} where bucket = @bucket and tenant_id = @tenant order by type", Key(tenant, "")), stop)).Select(Of)];

    /// <summary>Those that may order by now, page by page: the ones after <paramref name="after"/> in the order of the table.</summary>
    public Task<List<DueAutoTopUp>> Due(Instant now, DueAutoTopUp? after, int limit, CancellationToken stop) => database.Read(async connection =>
    {
        var due = new List<DueAutoTopUp>();
        await LedgerHistory.Each(connection,
            """
            select a.tenant_id, a.type, a.version, coalesce(p.last_entry, 0)
            from auto_top_ups a left join pools p on p.bucket = a.bucket and p.tenant_id = a.tenant_id and p.type = a.type
            where a.is_active = 1 and a.check_at <= @now and (a.bucket, a.tenant_id, a.type) > (@bucket, @tenant, @type)
            order by a.bucket, a.tenant_id, a.type limit @limit
            """,
            new
            {
                now = now.UnixMs, limit = (long)limit, bucket = after is null ? -1L : TenantId.Bucket(after.Tenant), tenant = after?.Tenant ?? "",
                type = after?.Type ?? "",
            }, row => due.Add(new DueAutoTopUp(row.Text(0), row.Text(1), row.Long(2), row.Long(3))));
        return due;
    }, stop);

    /// <summary>Smallest units of purchases into a pool whose money is under way, whoever ordered them.</summary>
    public Task<long> Pending(string tenant, string type, CancellationToken stop) => Sum(
        $"""
        select sum(credits) from purchases
        where bucket = @bucket and tenant_id = @tenant and type = @type and status <= {(long)PurchaseStatus.Paid} and lot = 0
            and (status >= {(long)PurchaseStatus.Processing} or (status = {(long)PurchaseStatus.Created} and auto_top_up <> ''))
        """, Key(tenant, type), stop);

    /// <summary>What a tenant's automatic top-up of a type has ordered since a moment and did not fail, in minor units.</summary>
    public Task<long> Spent(string tenant, string type, string currency, Instant since, CancellationToken stop) => Sum(
        $"""
        select sum(price) from purchases
        where bucket = @bucket and tenant_id = @tenant and id >= @first and auto_top_up = @type and currency = @currency
            and status not in ({(long)PurchaseStatus.Failed}, {(long)PurchaseStatus.Expired}, {(long)PurchaseStatus.Canceled})
        """,
        new { bucket = (long)TenantId.Bucket(tenant), tenant, type, currency, first = FirstOrderOf(since) }, stop);

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
            var next = await Save(connection, transaction, changed.Row);
            if (changed.News is { } news) await Outbox.Add(connection, transaction, news);
            return next;
        }, stop);
        outbox.Nudge();
        return saved;
    }

    /// <summary>The row, which nobody else can change until the transaction ends.</summary>
    public static async Task<AutoTopUpRow?> Lock(DbConnection connection, DbTransaction transaction, Dialect dialect, string tenant, string type) =>
        (await connection.QueryAsync<StoredRow>($"{Select} {OfOne}{dialect.Lock}", Key(tenant, type), transaction)).Select(Of).FirstOrDefault();

    /// <summary>To be called under <see cref="Lock"/>, or, where there is no row, under <see cref="Tenancy.TenancyStore.LockTenantRow"/>. What has ended leaves no row.</summary>
    public static async Task<AutoTopUpRow> Save(DbConnection connection, DbTransaction transaction, AutoTopUpRow row)
    {
        var next = row with { Version = row.Version + 1 };
        if (next.State is { IsEnded: true, Attempt: null })
        {
            await connection.ExecuteAsync($"delete from auto_top_ups {OfOne}", Key(row.Tenant, row.Type), transaction);
            return next;
        }
        await connection.ExecuteAsync(
            """
            insert into auto_top_ups (bucket, tenant_id, type, rule, state, is_active, check_at, version)
            values (@bucket, @tenant, @type, @rule, @state, @active, @checkAt, @version)
            on conflict (bucket, tenant_id, type) do update set rule = excluded.rule, state = excluded.state, is_active = excluded.is_active,
                check_at = excluded.check_at, version = excluded.version
            """,
            new
            {
                bucket = (long)TenantId.Bucket(row.Tenant), tenant = row.Tenant, type = row.Type,
                rule = JsonSerializer.Serialize(next.Rule, AutoTopUpStoreJson.Default.AutoTopUpRule),
                state = JsonSerializer.Serialize(next.State, AutoTopUpStoreJson.Default.AutoTopUpState),
                active = next.State.IsSuspended ? 0L : 1L, checkAt = next.CheckAt.UnixMs, version = next.Version,
            }, transaction);
        return next;
    }

    private async Task<long> Sum(string sql, object args, CancellationToken stop) => await database.Read(async connection =>
    {
        var sum = 0L;
        await LedgerHistory.Each(connection, $"select cast(coalesce(({sql}), 0) as bigint)", args, row => sum = row.Long(0));
        return sum;
    }, stop);

    /// <summary>Ids of orders begin with their time: no order made at a moment or later has a smaller one.</summary>
    private static string FirstOrderOf(Instant since)
    {
        var hex = since.UnixMs.ToString("x12", CultureInfo.InvariantCulture);
        return $"{hex[..8]}-{hex[8..]}";
    }

    private static object Key(string tenant, string type) => new { bucket = (long)TenantId.Bucket(tenant), tenant, type };

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
}
