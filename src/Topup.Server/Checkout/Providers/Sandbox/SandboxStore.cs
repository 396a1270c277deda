using Dapper;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Checkout.Providers.Sandbox;

internal sealed class SandboxStore(Database database)
{
    private const string Columns =
        "order_id as \"Order\", state as State, paid as Amount, currency as Currency, refunds as Refunds, created_at as CreatedAt";

    private const string OfOrder = "where bucket = @bucket and tenant_id = @tenant and order_id = @order";

    public Task<SandboxPayment?> Find(PurchaseId id, CancellationToken stop) => database.Read(connection =>
        connection.QuerySingleOrDefaultAsync<SandboxPayment>($"select {Columns} from sandbox_payments {OfOrder}", Key(id)), stop);

    /// <summary>What the buyer pressed. A payment that has ended stays as it is.</summary>
    public Task Tell(PurchaseRow row, string state, Instant now, CancellationToken stop) => database.Transact((connection, transaction) =>
        connection.ExecuteAsync(
            """
            insert into sandbox_payments (bucket, tenant_id, order_id, state, paid, currency, refunds, created_at)
            values (@bucket, @tenant, @order, @state, @amount, @currency, '', @now)
            on conflict (bucket, tenant_id, order_id) do update set state = excluded.state
            where sandbox_payments.state not in ('paid', 'failed', 'closed')
            """,
            new
            {
                bucket = (long)row.Bucket, tenant = row.Tenant, order = row.Purchase.Order, state, amount = row.Purchase.Price,
                currency = row.Purchase.Currency, now = now.UnixMs,
            }, transaction), stop);

    /// <summary>Refunds once under an id; false: so much of the payment is not left.</summary>
    public Task<bool> Refund(PurchaseId id, string refund, long amount, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var payment = await connection.QuerySingleOrDefaultAsync<SandboxPayment>(
            $"select {Columns} from sandbox_payments {OfOrder}" + database.Dialect.Lock, Key(id), transaction);
        if (payment is not { State: SandboxPayment.Paid }) return false;
        if (payment.Refunds.Contains(refund, StringComparison.Ordinal)) return true;
        if (amount > payment.Amount - payment.Refunded) return false;
        await connection.ExecuteAsync($"update sandbox_payments set refunds = @refunds {OfOrder}",
            new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number, refunds = $"{payment.Refunds} {refund}:{amount}" }, transaction);
        return true;
    }, stop);

    public async Task<List<ListedPayment>> List(Instant from, Instant until, CancellationToken stop) =>
        [.. (await database.Read(connection => connection.QueryAsync<SandboxPayment>(
            $"select {Columns} from sandbox_payments where state = 'paid' and created_at >= @from and created_at < @until",
            new { from = from.UnixMs, until = until.UnixMs }), stop))
            .Select(payment => new ListedPayment("sandbox_" + payment.Order, payment.Order, payment.Amount, payment.Currency, payment.Refunded,
                new Instant(payment.CreatedAt).ToDateTimeOffset()))];

    private static object Key(PurchaseId id) => new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number };
}
