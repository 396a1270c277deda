using System.Data.Common;
using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>All SQL of this room.</summary>
internal static class TenancyStore
{
    private const string TenantColumns =
        """
        t.tenant_id as Id, t.plan as Plan, t.status as Status, t.renewal_day as RenewalDay, t.period_number as PeriodNumber,
        t.period_start as PeriodStart, t.period_end as PeriodEnd, t.created_at as CreatedAt, t.updated_at as UpdatedAt,
        c.name as Name, c.email as Email, c.phone as Phone, c.locale as Locale
        """;

    private const string FromTenants =
        "from tenants t join contacts c on c.bucket = t.bucket and c.tenant_id = t.tenant_id";

    /// <summary>The same, along the index of names: "cross join" keeps SQLite from reading all tenants for the first of them.</summary>
    private const string FromNames = "from contacts c cross join tenants t";

    private const string AndSaysSo =
        """
        and (lower(action) like @like escape '\' or lower(actor) like @like escape '\' or lower(target) like @like escape '\'
            or lower(tenant_id) like @like escape '\' or lower(reason) like @like escape '\')
        """;

    private const string AndMatches =
        """
        and (lower(t.tenant_id) like @like escape '\' or lower(c.name) like @like escape '\'
            or lower(c.email) like @like escape '\' or c.phone like @like escape '\')
        """;

    /// <summary>As its last entry left it; a pool whose allowance has come back since is neither.</summary>
    private const string AndHasPool =
        """
        and exists (select 1 from pools p where p.bucket = t.bucket and p.tenant_id = t.tenant_id and p.alert = @alert
            and (p.allowance_limit = 0 or p.resets_at > @now))
        """;

    // As the ledger stores them; see AlertLevel.
    private const long PoolIsLow = 1;
    private const long PoolIsExhausted = 2;

    private const string KeyColumns =
        """
        id as Id, name as Name, hash as Hash, prefix as Prefix, scopes as Scopes, tenant_id as TenantId,
        created_at as CreatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt, last_used_at as LastUsedAt
        """;

    public static Task<TenantRow?> FindTenant(DbConnection connection, string id) =>
        connection.QuerySingleOrDefaultAsync<TenantRow>(
            $"select {TenantColumns} {FromTenants} where t.bucket = @bucket and t.tenant_id = @id",
            new { bucket = TenantId.Bucket(id), id });

    public static async Task<List<TenantRow>> ListTenants(
        DbConnection connection, Paging page, string? only, TenantSearch asked, TenantStatus? status, Instant now)
    {
        var (from, after, order) = asked.Sort switch
        {
            "name" => (FromNames, "(lower(c.name), c.tenant_id) > (select lower(x.name), x.tenant_id from contacts x where x.bucket = @bucket and x.tenant_id = @after)",
                "lower(c.name), c.tenant_id"),
            "newest" => (FromTenants, "(t.created_at, t.tenant_id) < (select x.created_at, x.tenant_id from tenants x where x.bucket = @bucket and x.tenant_id = @after)",
                "t.created_at desc, t.tenant_id desc"),
            // The order is that of the key, so a page is a range of it wherever it begins.
            _ => (FromTenants, "(t.bucket > @bucket or (t.bucket = @bucket and t.tenant_id > @after))", "t.bucket, t.tenant_id"),
        };
        var words = asked.Words?.Trim().ToLowerInvariant() ?? "";
        var rows = await connection.QueryAsync<TenantRow>(
            $"""
            select {TenantColumns} {from}
            where c.bucket = t.bucket and c.tenant_id = t.tenant_id
              {(page.After.Length == 0 ? "" : "and " + after)}
              and (@only = '' or t.tenant_id = @only)
              and (@plan = '' or t.plan = @plan)
              and (@status = -1 or t.status = @status)
              {(words.Length == 0 ? "" : AndMatches)}
              {(asked.Pools is null ? "" : AndHasPool)}
            order by {order}
            limit @rows
            """,
            new
            {
                bucket = page.After.Length == 0 ? -1 : TenantId.Bucket(page.After),
                after = page.After,
                only = only ?? "",
                plan = asked.Plan ?? "",
                status = status is { } wanted ? (long)wanted : -1,
                like = "%" + words.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%",
                alert = asked.Pools == "low" ? PoolIsLow : PoolIsExhausted,
                now = now.UnixMs,
                rows = page.Rows,
            });
        return rows.AsList();
    }

    /// <summary>The tenant, locked until the transaction ends.</summary>
    public static Task<TenantRow> LockTenant(DbConnection connection, DbTransaction transaction, Dialect dialect, string id) =>
        connection.QuerySingleAsync<TenantRow>(
            $"select {TenantColumns} {FromTenants} where t.bucket = @bucket and t.tenant_id = @id{dialect.Lock}",
            new { bucket = TenantId.Bucket(id), id }, transaction);

    /// <summary>Locks the tenant's row, as the lanes do, until the transaction ends; false: there is no such tenant.</summary>
    public static async Task<bool> LockTenantRow(DbConnection connection, DbTransaction transaction, Dialect dialect, string id) =>
        await connection.ExecuteScalarAsync<string>(
            $"select tenant_id from tenants where bucket = @bucket and tenant_id = @id{dialect.Lock}",
            new { bucket = (long)TenantId.Bucket(id), id }, transaction) is not null;

    /// <summary>Whether the plan exists. It is locked until the transaction ends, so that it stays.</summary>
    public static async Task<bool> LockPlan(DbConnection connection, DbTransaction transaction, Dialect dialect, string plan) =>
        await connection.ExecuteScalarAsync<string>(
            $"select code from plans where code = @plan{dialect.Lock}", new { plan }, transaction) is not null;

    /// <summary>Whether the tenant was new.</summary>
    public static async Task<bool> InsertTenant(DbConnection connection, DbTransaction transaction, TenantRow row)
    {
        var inserted = await connection.ExecuteAsync(
            """
            insert into tenants (bucket, tenant_id, plan, status, renewal_day, period_number, period_start, period_end,
                created_at, updated_at)
            values (@Bucket, @Id, @Plan, @Status, @RenewalDay, @PeriodNumber, @PeriodStart, @PeriodEnd, @CreatedAt, @UpdatedAt)
            on conflict (bucket, tenant_id) do nothing
            """, row, transaction);
        if (inserted == 0) return false;
        await connection.ExecuteAsync(
            """
            insert into contacts (bucket, tenant_id, name, email, phone, locale)
            values (@Bucket, @Id, @Name, @Email, @Phone, @Locale)
            """, row, transaction);
        return true;
    }

    public static async Task UpdateTenant(DbConnection connection, DbTransaction transaction, TenantRow row)
    {
        await connection.ExecuteAsync(
            """
            update tenants set plan = @Plan, status = @Status, renewal_day = @RenewalDay, period_number = @PeriodNumber,
                period_start = @PeriodStart, period_end = @PeriodEnd, updated_at = @UpdatedAt
            where bucket = @Bucket and tenant_id = @Id
            """, row, transaction);
        await connection.ExecuteAsync(
            """
            update contacts set name = @Name, email = @Email, phone = @Phone, locale = @Locale
            where bucket = @Bucket and tenant_id = @Id
            """, row, transaction);
    }

    public static Task<ApiKeyRow?> FindApiKey(DbConnection connection, byte[] hash) =>
        connection.QuerySingleOrDefaultAsync<ApiKeyRow>($"select {KeyColumns} from api_keys where hash = @hash", new { hash });

    public static Task<ApiKeyRow?> FindApiKey(DbConnection connection, DbTransaction transaction, string id) =>
        connection.QuerySingleOrDefaultAsync<ApiKeyRow>($"select {KeyColumns} from api_keys where id = @id", new { id }, transaction);

    public static async Task<bool> HasApiKeys(DbConnection connection, DbTransaction transaction) =>
        await connection.ExecuteScalarAsync<long>("select count(*) from (select 1 from api_keys limit 1) k", transaction: transaction) > 0;

    public static async Task<List<ApiKeyRow>> ListApiKeys(DbConnection connection, Paging page, string? tenant)
    {
        var rows = await connection.QueryAsync<ApiKeyRow>(
            $"""
            select {KeyColumns} from api_keys
            where id > @after and (@tenant = '' or tenant_id = @tenant)
            order by id limit @rows
            """, new { after = page.After, tenant = tenant ?? "", rows = page.Rows });
        return rows.AsList();
    }

    /// <summary>Nothing happens when the same key is there already: two servers may start at once.</summary>
    public static Task InsertApiKey(DbConnection connection, DbTransaction transaction, ApiKeyRow row) =>
        connection.ExecuteAsync(
            """
            insert into api_keys (id, name, hash, prefix, scopes, tenant_id, created_at, expires_at, revoked_at, last_used_at)
            values (@Id, @Name, @Hash, @Prefix, @Scopes, @TenantId, @CreatedAt, @ExpiresAt, @RevokedAt, @LastUsedAt)
            on conflict (hash) do nothing
            """, row, transaction);

    public static Task RevokeApiKey(DbConnection connection, DbTransaction transaction, string id, Instant at) =>
        connection.ExecuteAsync("update api_keys set revoked_at = @at where id = @id and revoked_at = 0",
            new { id, at = at.UnixMs }, transaction);

    public static Task SaveKeyUse(DbConnection connection, DbTransaction transaction, string id, long at) =>
        connection.ExecuteAsync("update api_keys set last_used_at = @at where id = @id and last_used_at < @at",
            new { id, at }, transaction);

    public static Task InsertAudit(DbConnection connection, DbTransaction transaction, AuditRow row) =>
        connection.ExecuteAsync(
            """
            insert into audit (id, at, actor, action, target, tenant_id, before, after, reason)
            values (@Id, @At, @Actor, @Action, @Target, @TenantId, @Before, @After, @Reason)
            """, row, transaction);

    /// <summary>The newest first.</summary>
    public static async Task<List<AuditRow>> ListAudit(DbConnection connection, Paging page, string? tenant, string search)
    {
        var rows = await connection.QueryAsync<AuditRow>(
            $"""
            select id as Id, at as At, actor as Actor, action as Action, target as Target, tenant_id as TenantId,
                before as Before, after as After, reason as Reason
            from audit
            where (@after = '' or id < @after) and (@tenant = '' or tenant_id = @tenant)
            {(search.Length == 0 ? "" : AndSaysSo)}
            order by id desc limit @rows
            """,
            new
            {
                after = page.After, tenant = tenant ?? "", rows = page.Rows,
                like = "%" + search.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%",
            });
        return rows.AsList();
    }
}

internal sealed record TenantRow(
    string Id, string Plan, long Status, long RenewalDay, long PeriodNumber, long PeriodStart, long PeriodEnd,
    long CreatedAt, long UpdatedAt, string Name, string Email, string Phone, string Locale)
{
    public long Bucket => TenantId.Bucket(Id);

    public BillingPeriod Period => new((int)PeriodNumber, new Instant(PeriodStart), new Instant(PeriodEnd));

    public TenantRow With(BillingPeriod period) => this with
    {
        PeriodNumber = period.Number,
        PeriodStart = period.Start.UnixMs,
        PeriodEnd = period.End.UnixMs,
    };
}

internal sealed record ApiKeyRow(
    string Id, string Name, byte[] Hash, string Prefix, string Scopes, string TenantId,
    long CreatedAt, long ExpiresAt, long RevokedAt, long LastUsedAt);

internal sealed record AuditRow(
    string Id, long At, string Actor, string Action, string Target, string TenantId, string Before, string After, string Reason);
