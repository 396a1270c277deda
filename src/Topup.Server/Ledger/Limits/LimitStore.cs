using System.Data.Common;
using Dapper;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Ledger.Limits;

/// <summary>The SQL that sets limits, under the lock on the tenant's row, as the lanes count them.</summary>
internal static class LimitStore
{
    /// <summary>The tenant's limits, which nobody else counts or changes until the transaction ends; null: there is no such tenant.</summary>
    public static async Task<List<Limit>?> Lock(DbConnection connection, DbTransaction transaction, Dialect dialect, string tenant) =>
        await connection.ExecuteScalarAsync<string>(
            $"select limits from tenants where bucket = @bucket and tenant_id = @tenant{dialect.Lock}",
            new { bucket = (long)TenantId.Bucket(tenant), tenant }, transaction) is { } text ? StoredLimits.Read(text) : null;

    public static Task<int> Save(DbConnection connection, DbTransaction transaction, string tenant, IEnumerable<Limit> limits) => connection.ExecuteAsync(
        "update tenants set limits = @limits where bucket = @bucket and tenant_id = @tenant",
        new { bucket = (long)TenantId.Bucket(tenant), tenant, limits = StoredLimits.Write(limits) }, transaction);
}
