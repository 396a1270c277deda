using Dapper;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Checkout.Providers;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>All SQL of saved cards. One that was forgotten leaves a row without a card, so that it stays forgotten.</summary>
internal sealed class SavedCardStore(Database database)
{
    private const string Columns =
        "tenant_id as Tenant, method as Method, customer as Customer, card as Card, brand as Brand, last4 as Last4, saved_at as SavedAt";

    /// <summary>A tenant's, also those that were forgotten, in the order of their methods.</summary>
    public async Task<List<SavedCardRow>> List(string tenant, CancellationToken stop) =>
        [.. await database.Read(connection => connection.QueryAsync<SavedCardRow>(
            $"select {Columns} from saved_cards where bucket = @bucket and tenant_id = @tenant order by method",
            new { bucket = (long)TenantId.Bucket(tenant), tenant }), stop)];

    /// <summary>The order of the last purchase that was paid after a moment, and whose buyer agreed to have the card saved; null: none.</summary>
    public Task<string?> LastOrderThatSaves(string tenant, string method, Instant after, CancellationToken stop) =>
        database.Read(connection => connection.ExecuteScalarAsync<string?>(
            """
            select id from purchases where bucket = @bucket and tenant_id = @tenant and method = @method and saves_card = 1
                and paid > 0 and paid_at > @after
            order by id desc limit 1
            """, new { bucket = (long)TenantId.Bucket(tenant), tenant, method, after = after.UnixMs }), stop);

    public Task Save(string tenant, string method, SavedCard card, Instant now, CancellationToken stop) =>
        database.Transact((connection, transaction) => connection.ExecuteAsync(
            """
            insert into saved_cards (bucket, tenant_id, method, customer, card, brand, last4, saved_at)
            values (@bucket, @tenant, @method, @Customer, @Card, @Brand, @Last4, @now)
            on conflict (bucket, tenant_id, method) do update set customer = excluded.customer, card = excluded.card, brand = excluded.brand,
                last4 = excluded.last4, saved_at = excluded.saved_at
            """,
            new { bucket = (long)TenantId.Bucket(tenant), tenant, method, card.Customer, card.Card, card.Brand, card.Last4, now = now.UnixMs },
            transaction), stop);

    /// <summary>False: there is none. Also a card that was paid with before, and was not to be had then, is not remembered any more.</summary>
    public Task<bool> Forget(string tenant, string method, Author author, Instant now, CancellationToken stop) =>
        database.Transact(async (connection, transaction) =>
        {
            var args = new { bucket = (long)TenantId.Bucket(tenant), tenant, method, now = now.UnixMs };
            var had = (await connection.QueryAsync<SavedCardRow>(
                $"select {Columns} from saved_cards where bucket = @bucket and tenant_id = @tenant and method = @method{database.Dialect.Lock}",
                args, transaction)).Any(row => row.Card.Length > 0);
            await connection.ExecuteAsync(
                """
                insert into saved_cards (bucket, tenant_id, method, customer, card, brand, last4, saved_at)
                values (@bucket, @tenant, @method, '', '', '', '', @now)
                on conflict (bucket, tenant_id, method) do update set card = '', brand = '', last4 = '', saved_at = excluded.saved_at
                """, args, transaction);
            if (had) await Audit.Add(connection, transaction, author, now, "card.deleted", method, tenant, null, null);
            return had;
        }, stop);
}

/// <param name="Card">Empty: forgotten at <paramref name="SavedAt"/>.</param>
internal sealed record SavedCardRow(string Tenant, string Method, string Customer, string Card, string Brand, string Last4, long SavedAt);
