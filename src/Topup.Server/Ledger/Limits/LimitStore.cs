using System.Data.Common;
using Dapper;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Server.Ledger.Limits;

/// <summary>
/// The SQL that sets limits, always under the lock on the tenant's row, as the lanes count them. The tenant's row says how
/// many there are, so that a tenant without limits costs nothing.
/// </summary>
internal static class LimitStore
{
    public static async Task<List<Limit>> Load(DbConnection connection, string tenant)
    {
        var limits = new List<Limit>();
        await LedgerHistory.Each(connection,
            $"select {LedgerStore.LimitColumns} from limits l where l.bucket = @bucket and l.tenant_id = @tenant order by l.code",
            new { bucket = (long)TenantId.Bucket(tenant), tenant }, row => limits.Add(LedgerStore.ReadLimit(row, first: 0)));
        return limits;
    }

    public static async Task Save(DbConnection connection, DbTransaction transaction, string tenant, Limit limit)
    {
        await connection.ExecuteAsync(
            """
            insert into limits (bucket, tenant_id, code, subject, usage_type, type, kind, per, amount, until, window_start, used, told)
            values (@bucket, @tenant, @code, @subject, @usageType, @type, @kind, @per, @amount, @until, @windowStart, @used, @told)
            on conflict (bucket, tenant_id, code) do update set subject = excluded.subject, usage_type = excluded.usage_type,
                type = excluded.type, kind = excluded.kind, per = excluded.per, amount = excluded.amount, until = excluded.until,
                window_start = excluded.window_start, used = excluded.used, told = excluded.told
            """,
            new
            {
                bucket = (long)TenantId.Bucket(tenant), tenant, code = limit.Code, subject = limit.Subject, usageType = limit.UsageType, type = limit.Type,
                kind = (long)limit.Kind, per = (long)limit.Per, amount = limit.Amount, until = limit.Until.UnixMs,
                windowStart = limit.WindowStart.UnixMs, used = limit.Used, told = limit.Told ? 1L : 0L,
            }, transaction);
        await Count(connection, transaction, tenant);
    }

    public static async Task Delete(DbConnection connection, DbTransaction transaction, string tenant, string code)
    {
        await connection.ExecuteAsync("delete from limits where bucket = @bucket and tenant_id = @tenant and code = @code",
            new { bucket = (long)TenantId.Bucket(tenant), tenant, code }, transaction);
        await Count(connection, transaction, tenant);
    }

    private static Task<int> Count(DbConnection connection, DbTransaction transaction, string tenant) => connection.ExecuteAsync(
        """
        update tenants set limits = (select count(*) from limits l where l.bucket = @bucket and l.tenant_id = @tenant)
        where bucket = @bucket and tenant_id = @tenant
        """, new { bucket = (long)TenantId.Bucket(tenant), tenant }, transaction);
}
