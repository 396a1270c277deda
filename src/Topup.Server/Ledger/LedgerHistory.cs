using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger.Limits;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// The SQL of the read path. It reads the writer's database, never a copy of it, and what belongs together in one
/// snapshot; nothing it answers is kept for the next question.
/// </summary>
internal sealed class LedgerHistory(Database database)
{
    /// <summary>Of so many entries of a pool one is marked, where the database walks a history entry by entry.</summary>
    public const int EntriesPerMark = 32;

    private const string OfTenant = "where x.bucket = @bucket and x.tenant_id = @tenant";

    /// <summary>A tenant's pools by type, as stored; null: there is no such tenant.</summary>
    /// <param name="type">Only this type; null: all.</param>
    public Task<TenantPools?> Pools(string tenant, string? type, Instant now, CancellationToken stop) =>
        database.ReadSnapshot(async connection =>
        {
            Tenant? found = null;
            var args = new { bucket = (long)TenantId.Bucket(tenant), tenant, type = type ?? "", now = now.UnixMs };
            await Each(connection,
                $"""
                select x.tenant_id, x.plan, x.status, x.renewal_day, x.period_number, x.period_start, x.period_end
                from tenants x {OfTenant}
                """, args, row => found = LedgerStore.ReadTenant(row));
            if (found is null) return null;
            var pools = await PoolsOf(connection, args, onlyOpen: true);
            return new TenantPools(found, pools);
        }, stop);

    public Task<Tenant?> Tenant(string tenant, CancellationToken stop) => database.Read(async connection =>
    {
        Tenant? found = null;
        await Each(connection,
            $"""
            select x.tenant_id, x.plan, x.status, x.renewal_day, x.period_number, x.period_start, x.period_end
            from tenants x {OfTenant}
            """, new { bucket = (long)TenantId.Bucket(tenant), tenant }, row => found = LedgerStore.ReadTenant(row));
        return found;
    }, stop);

    public Task<bool> HasTenant(string tenant, CancellationToken stop) => database.Read(async connection =>
    {
        var found = false;
        await Each(connection, $"select x.tenant_id from tenants x {OfTenant}", new { bucket = (long)TenantId.Bucket(tenant), tenant }, _ => found = true);
        return found;
    }, stop);

    /// <summary>A tenant's limits, by code.</summary>
    public Task<List<Limit>> Limits(string tenant, CancellationToken stop) => database.Read(async connection =>
        StoredLimits.Read(await connection.ExecuteScalarAsync<string>(
            $"select x.limits from tenants x {OfTenant}", new { bucket = (long)TenantId.Bucket(tenant), tenant }) ?? ""), stop);

    /// <summary>Pools, lots and holds of a tenant, for use inside a snapshot.</summary>
    public static async Task<Dictionary<string, Pool>> PoolsOf(DbConnection connection, object args, bool onlyOpen)
    {
        var pools = new Dictionary<string, Pool>(StringComparer.Ordinal);
        var lots = new List<(string Type, Lot Lot)>();
        var holds = new List<(string Type, Hold Hold)>();
        await Each(connection,
            $"select {LedgerStore.PoolColumns} from pools p where p.bucket = @bucket and p.tenant_id = @tenant and (@type = '' or p.type = @type)",
            args, row => pools[row.Text(1)] = LedgerStore.ReadPool(row));
        await Each(connection,
            $"""
            select {LedgerStore.LotColumns} from lots l
            where l.bucket = @bucket and l.tenant_id = @tenant and (@type = '' or l.type = @type) {(onlyOpen ? "and l.is_open = 1" : "")}
            """, args, row => lots.Add((row.Text(1), LedgerStore.ReadLot(row))));
        await Each(connection,
            $"""
            select {LedgerStore.HoldColumns} from holds h
            where h.bucket = @bucket and h.tenant_id = @tenant and (@type = '' or h.type = @type) and h.status = 0
              {(onlyOpen ? "and h.expires_at <= @now" : "")}
            """, args, row => holds.Add((row.Text(1), LedgerStore.ReadHold(row))));
        foreach (var type in pools.Keys.ToArray())
            pools[type] = (pools[type] with { Holds = [.. holds.Where(hold => hold.Type == type).Select(hold => hold.Hold)] })
                .WithLots(lots.Where(lot => lot.Type == type).Select(lot => lot.Lot));
        return pools;
    }

    /// <summary>What was counted of a tenant's uses over all days, by type, then by usage type and subject; for use inside a snapshot.</summary>
    public static async Task<Dictionary<string, Dictionary<(string UsageType, string Subject), UsageCount>>> UsageOf(DbConnection connection, object args)
    {
        var counted = new Dictionary<string, Dictionary<(string, string), UsageCount>>(StringComparer.Ordinal);
        await Each(connection,
            """
            select u.type, u.usage_type, u.subject, u.uses, u.allowance, u.purchased, u.debt, u.returned, u.cost
            from usage_by_day u where u.bucket = @bucket and u.tenant_id = @tenant
            """, args, row =>
            {
                if (!counted.TryGetValue(row.Text(0), out var uses)) counted.Add(row.Text(0), uses = []);
                var day = new UsageCount(row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8));
                uses[(row.Text(1), row.Text(2))] = uses.GetValueOrDefault((row.Text(1), row.Text(2))).Plus(day);
            });
        return counted;
    }

    /// <summary>The days whose totals of all tenants are not what their usage adds up to, by type; for use inside a snapshot.</summary>
    public static async Task EachWrongTotal(DbConnection connection, Action<int, string, string, string> each)
    {
        await Each(connection,
            """
            with counted as (
                select u.day, u.type, u.usage_type, u.uses, u.allowance, u.purchased, u.debt, u.returned, u.cost,
                    0 as t_uses, 0 as t_allowance, 0 as t_purchased, 0 as t_debt, 0 as t_returned, 0 as t_cost
                from usage_by_day u where u.day <= (select v.number from versions v where v.name = 'usage_totals')
                union all
                select t.day, t.type, t.usage_type, 0, 0, 0, 0, 0, 0, t.uses, t.allowance, t.purchased, t.debt, t.returned, t.cost
                from usage_totals t where t.day <= (select v.number from versions v where v.name = 'usage_totals'))
            select day, type, cast(sum(uses) as bigint), cast(sum(allowance) as bigint), cast(sum(purchased) as bigint), cast(sum(debt) as bigint),
                cast(sum(returned) as bigint), cast(sum(cost) as bigint), cast(sum(t_uses) as bigint), cast(sum(t_allowance) as bigint),
                cast(sum(t_purchased) as bigint), cast(sum(t_debt) as bigint), cast(sum(t_returned) as bigint), cast(sum(t_cost) as bigint)
            from counted group by day, type, usage_type
            having sum(uses) <> sum(t_uses) or sum(allowance) <> sum(t_allowance) or sum(purchased) <> sum(t_purchased)
                or sum(debt) <> sum(t_debt) or sum(returned) <> sum(t_returned) or sum(cost) <> sum(t_cost)
            order by day, type, usage_type
            """, new { }, row => each((int)row.Long(0), row.Text(1), CountAt(row, 2).ToString(), CountAt(row, 8).ToString()));
        await Each(connection,
            """
            with counted as (
                select u.day, u.type, u.usage_type, u.reason, u.refused, 0 as t_refused
                from usage_refusals u where u.day <= (select v.number from versions v where v.name = 'usage_totals')
                union all
                select t.day, t.type, t.usage_type, t.reason, 0, t.refused
                from refusal_totals t where t.day <= (select v.number from versions v where v.name = 'usage_totals'))
            select day, type, cast(sum(refused) as bigint), cast(sum(t_refused) as bigint) from counted
            group by day, type, usage_type, reason having sum(refused) <> sum(t_refused) order by day, type, usage_type, reason
            """, new { }, row => each((int)row.Long(0), row.Text(1), $"{row.Long(2)} refused", $"{row.Long(3)} refused"));
    }

    /// <summary>Entries of a tenant, the newest first.</summary>
    public Task<List<StoredEntry>> Entries(string tenant, EntryFilter filter, CancellationToken stop) =>
        database.Read(async connection =>
        {
            var found = new List<StoredEntry>();
            await Each(connection,
                $"""
                {Backwards(filter.Type)}
                where e.bucket = @bucket and e.tenant_id = @tenant
                  and (e.id < @beforeId or (e.id = @beforeId and e.type < @beforeType)) and e.id >= @from
                  {(filter.Type is null ? "" : "and e.type = @type")}
                  {(filter.Kind is null ? "" : "and e.kind = @kind")}
                  {(filter.Subject is null ? "" : "and e.subject = @subject")}
                  {(filter.UsageType is null ? "" : "and e.usage_type = @usageType")}
                  {(filter.Reference is null ? "" : "and e.reference = @reference")}
                {(IsChained ? "" : "order by e.id desc, e.type desc")} limit @limit
                """,
                new
                {
                    bucket = (long)TenantId.Bucket(tenant), tenant, beforeId = filter.BeforeId, beforeType = filter.BeforeType,
                    from = filter.FromId, type = filter.Type, kind = (long)(filter.Kind ?? EntryKind.None), subject = filter.Subject,
                    usageType = filter.UsageType, reference = filter.Reference, limit = (long)filter.Limit,
                },
                row => found.Add(new StoredEntry(row.Text(1), LedgerStore.ReadEntry(row))));
            return found;
        }, stop);

    /// <summary>Every entry of a tenant in order, for use inside a snapshot.</summary>
    /// <param name="args">With a bucket and a tenant.</param>
    public Task EachEntry(DbConnection connection, object args, Action<StoredEntry> each)
    {
        // Numbers sort faster than rows.
        var walked =
            $"""
            with recursive walk(id) as (
                select p.last_entry from pools p where p.bucket = @bucket and p.tenant_id = @tenant and p.last_entry > 0
                union all
                select e.previous from walk cross join entries e on e.id = walk.id where e.previous between 1 and e.id - 1)
            select {LedgerStore.EntryColumns} from entries e
            where e.id in (select id from walk) and e.bucket = @bucket and e.tenant_id = @tenant order by e.id
            """;
        var indexed = $"select {LedgerStore.EntryColumns} from entries e where e.bucket = @bucket and e.tenant_id = @tenant order by e.id, e.type";
        return Each(connection, IsChained ? walked : indexed, args, row => each(new StoredEntry(row.Text(1), LedgerStore.ReadEntry(row))));
    }

    /// <summary>The last entry of a pool up to a moment; null: there was none.</summary>
    public async Task<Entry?> LastEntry(string tenant, string type, Instant at, CancellationToken stop)
    {
        var after = EntryId.FirstAt(at.Plus(TimeSpan.FromMilliseconds(1)));
        var entries = await Entries(tenant, new EntryFilter { Type = type, BeforeId = after, BeforeType = "", Limit = 1 }, stop);
        return entries.Count == 0 ? null : entries[0].Entry;
    }

    public Task<List<(string Type, Hold Hold)>> Holds(
        string tenant, string? type, HoldStatus? status, long afterId, string afterType, int limit, CancellationToken stop) =>
        database.Read(async connection =>
        {
            var found = new List<(string, Hold)>();
            await Each(connection,
                $"""
                select {LedgerStore.HoldColumns} from holds h
                where h.bucket = @bucket and h.tenant_id = @tenant and (h.type > @afterType or (h.type = @afterType and h.id > @afterId))
                  {(type is null ? "" : "and h.type = @type")} {(status is null ? "" : "and h.status = @status")}
                order by h.type, h.id limit @limit
                """,
                new { bucket = (long)TenantId.Bucket(tenant), tenant, type, status = (long)(status ?? 0), afterId, afterType, limit = (long)limit },
                row => found.Add((row.Text(1), LedgerStore.ReadHold(row))));
            return found;
        }, stop);

    public Task<Hold?> FindHold(LedgerId id, CancellationToken stop) =>
        database.Read(async connection =>
        {
            Hold? found = null;
            await Each(connection,
                $"""
                select {LedgerStore.HoldColumns} from holds h
                where h.bucket = @bucket and h.tenant_id = @tenant and h.type = @type and h.id = @id
                """,
                new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, type = id.Type, id = id.Number },
                row => found = LedgerStore.ReadHold(row));
            return found;
        }, stop);

    /// <summary>Every lot of a tenant, done or not, by type and number.</summary>
    public Task<List<(string Type, Lot Lot)>> Lots(
        string tenant, string? type, long afterId, string afterType, int limit, CancellationToken stop) =>
        database.Read(async connection =>
        {
            var found = new List<(string, Lot)>();
            await Each(connection,
                $"""
                select {LedgerStore.LotColumns} from lots l
                where l.bucket = @bucket and l.tenant_id = @tenant and (l.type > @afterType or (l.type = @afterType and l.id > @afterId))
                  {(type is null ? "" : "and l.type = @type")}
                order by l.type, l.id limit @limit
                """,
                new { bucket = (long)TenantId.Bucket(tenant), tenant, type, afterId, afterType, limit = (long)limit },
                row => found.Add((row.Text(1), LedgerStore.ReadLot(row))));
            return found;
        }, stop);

    /// <summary>Pools in which time has ended or begun something that nobody has touched since, or is about to and nobody was told.</summary>
    public Task<List<PoolKey>> DuePools(Instant now, int limit, CancellationToken stop) =>
        database.Read(async connection =>
        {
            var found = new List<PoolKey>();
            // "cross join" keeps SQLite from reading all lots for the few that expire soon; PostgreSQL plans it like any other join.
            await Each(connection,
                """
                select tenant_id, type from lots where due_at <= @now and due_at < 9223372036854775807
                union
                select tenant_id, type from holds where status = 0 and expires_at <= @now
                union
                select l.tenant_id, l.type from credit_types t cross join lots l cross join pools p
                where t.expiring_days > 0 and l.type = t.code and l.expiry_told = 0 and l.is_open = 1 and l.remaining > 0
                    and l.expires_at <= @now + t.expiring_days * @day and l.expires_at < 9223372036854775807
                    and p.bucket = l.bucket and p.tenant_id = l.tenant_id and p.type = l.type and p.expiring_days < 0
                union
                select p.tenant_id, p.type from pools p cross join lots l
                where p.expiring_days > 0 and l.bucket + 0 = p.bucket and l.tenant_id = p.tenant_id and l.type = p.type
                    and l.expiry_told = 0 and l.is_open = 1 and l.remaining > 0 and l.expires_at <= @now + p.expiring_days * @day
                limit @limit
                """, new { now = now.UnixMs, limit = (long)limit, day = (long)TimeSpan.FromDays(1).TotalMilliseconds }, row => found.Add(LedgerStore.ReadKey(row)));
            return found;
        }, stop);

    /// <summary>On SQLite entries have no index by tenant: see the migration.</summary>
    private bool IsChained => database.Dialect == Dialect.Sqlite;

    /// <summary>
    /// Entries from the newest down, ready for their conditions. A walk takes each pool's chain up near <c>@beforeId</c>, at
    /// the mark that is not before it, and goes on with the highest number of all of them; it ends with whoever reads it.
    /// </summary>
    private string Backwards(string? type) => IsChained
        ? $"""
        with recursive walk(id) as (
            select coalesce(
                (select m.id from entry_marks m
                 where m.bucket = p.bucket and m.tenant_id = p.tenant_id and m.type = p.type and m.id >= @beforeId order by m.id limit 1),
                p.last_entry)
            from pools p where p.bucket = @bucket and p.tenant_id = @tenant and p.last_entry > 0 {(type is null ? "" : "and p.type = @type")}
            union all
            select e.previous from walk cross join entries e on e.id = walk.id where e.previous between max(@from, 1) and e.id - 1
            order by 1 desc limit -1)
        select {LedgerStore.EntryColumns} from walk cross join entries e on e.id = walk.id
        """
        : $"select {LedgerStore.EntryColumns} from entries e";

    private static UsageCount CountAt(IRow row, int first) => new(
        row.Long(first), row.Long(first + 1), row.Long(first + 2), row.Long(first + 3), row.Long(first + 4), row.Long(first + 5));

    public static async Task Each(DbConnection connection, string sql, object args, Action<IRow> each)
    {
        // Not "await using": the reader that Dapper gives ends its command only when it is disposed of without waiting.
        using var reader = await connection.ExecuteReaderAsync(sql, args);
        var row = new ReaderRow(reader);
        while (await reader.ReadAsync()) each(row);
    }

    private sealed class ReaderRow(DbDataReader reader) : IRow
    {
        public long Long(int i) => reader.GetInt64(i);

        public string Text(int i) => reader.GetString(i);

        public byte[] Bytes(int i) => reader.GetFieldValue<byte[]>(i);
    }
}

internal sealed record TenantPools(Tenant Tenant, IReadOnlyDictionary<string, Pool> Pools)
{
    public Pool Of(string type) => Pools.GetValueOrDefault(type, Pool.Empty);
}

internal readonly record struct StoredEntry(string Type, Entry Entry);

/// <summary>Which entries to list; entries come before <see cref="BeforeId"/>, and with that number before <see cref="BeforeType"/>.</summary>
internal sealed record EntryFilter
{
    public string? Type { get; init; }
    public EntryKind? Kind { get; init; }
    public string? Subject { get; init; }
    public string? UsageType { get; init; }
    public string? Reference { get; init; }
    public long FromId { get; init; }
    public long BeforeId { get; init; } = long.MaxValue;
    public string BeforeType { get; init; } = "";
    public int Limit { get; init; } = 100;
}
