using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Receipts;

/// <summary>All SQL of receipts. They are written once and never change.</summary>
internal sealed class ReceiptStore(Database database)
{
    private const string FindSql = "select snapshot from receipts where bucket = @bucket and tenant_id = @tenant and order_id = @order";

    /// <summary>JSON of the receipt as it was issued; null: none was.</summary>
    public Task<string?> Find(PurchaseId id, CancellationToken stop) =>
        database.Read(connection => connection.ExecuteScalarAsync<string?>(FindSql, KeyOf(id)), stop);

    /// <summary>Writes the receipt under the next number, or finds the one that somebody else was faster to write.</summary>
    public Task<string> Issue(PurchaseId id, Instant now, Func<long, string> snapshotOf, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var last = await connection.ExecuteScalarAsync<long>(
                "select value from counters where name = 'receipt'" + database.Dialect.Lock, transaction: transaction);
            if (await connection.ExecuteScalarAsync<string?>(FindSql, KeyOf(id), transaction) is { } issued) return issued;

            var (number, snapshot) = (last + 1, snapshotOf(last + 1));
            await connection.ExecuteAsync("update counters set value = @number where name = 'receipt'", new { number }, transaction);
            await connection.ExecuteAsync(
                """
                insert into receipts (bucket, tenant_id, order_id, number, issued_at, snapshot)
                values (@bucket, @tenant, @order, @number, @at, @snapshot)
                """,
                new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number, number, at = now.UnixMs, snapshot }, transaction);
            return snapshot;
        }, stop);

    private static object KeyOf(PurchaseId id) => new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number };
}
