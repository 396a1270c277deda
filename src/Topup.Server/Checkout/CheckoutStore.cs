using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using static Topup.Server.Storage.Column;

namespace Topup.Server.Checkout;

/// <summary>All SQL of purchases. What was bought, and at what price, is fixed on the row when it is written.</summary>
internal sealed class CheckoutStore(Database database, CatalogCache catalogs)
{
    private const string Columns =
        """
        tenant_id as Tenant, id as Id, status as Status, method as Method, pack as Pack, type as Type, credits as Credits, price as Price,
        currency as Currency, lot as Lot, payment_type as PaymentType, payment as Payment, reference as Reference, created_at as CreatedAt
        """;

    /// <summary>Written by the ledger, in the transaction that takes the price and adds the lot.</summary>
    public static readonly Statement Insert = new(
        """
        insert into purchases (bucket, tenant_id, id, status, method, pack, type, credits, price, currency, lot, payment_type, payment, reference, created_at)
        select r.bucket, r.tenant_id, r.id, r.status, r.method, r.pack, r.type, r.credits, r.price, r.currency, r.lot, r.payment_type, r.payment,
            r.reference, r.created_at
        from {rows}
        """,
        Long("bucket"), Text("tenant_id"), Text("id"), Text("status"), Text("method"), Text("pack"), Text("type"), Long("credits"), Long("price"),
        Text("currency"), Long("lot"), Text("payment_type"), Long("payment"), Text("reference"), Long("created_at"));

    public static void Add(Rows rows, PurchaseRow row) => rows.Add()
        .Long(TenantId.Bucket(row.Tenant)).Text(row.Tenant).Text(row.Id).Text(row.Status).Text(row.Method).Text(row.Pack).Text(row.Type)
        .Long(row.Credits).Long(row.Price).Text(row.Currency).Long(row.Lot).Text(row.PaymentType).Long(row.Payment).Text(row.Reference).Long(row.CreatedAt);

    public Task<PurchaseRow?> Find(PurchaseId id, CancellationToken stop) =>
        database.Read(connection => connection.QuerySingleOrDefaultAsync<PurchaseRow>(
            $"select {Columns} from purchases where bucket = @bucket and tenant_id = @tenant and id = @id",
            new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, id = id.Number }), stop);

    /// <summary>The purchase that was made under an idempotency key, and the fingerprint of its request.</summary>
    public async Task<(PurchaseRow Purchase, long Fingerprint)?> FindByKey(string tenant, string key, CancellationToken stop)
    {
        var paid = await database.Read(connection => connection.QuerySingleOrDefaultAsync<PaidRow>(
            """
            select reference as Reference, fingerprint as Fingerprint from entries
            where bucket + 0 = @bucket and tenant_id = @tenant and key = @key and key <> ''
            """, new { bucket = (long)TenantId.Bucket(tenant), tenant, key }), stop);
        if (paid is null) return null;
        var purchase = await Find(new PurchaseId(tenant, paid.Reference), stop);
        return purchase is null ? null : (purchase, paid.Fingerprint);
    }

    /// <summary>The newest first; ids sort by time.</summary>
    public async Task<List<PurchaseRow>> List(string tenant, string before, int limit, CancellationToken stop) =>
        (await database.Read(connection => connection.QueryAsync<PurchaseRow>(
            $"""
            select {Columns} from purchases where bucket = @bucket and tenant_id = @tenant and (@before = '' or id < @before)
            order by id desc limit @limit
            """, new { bucket = (long)TenantId.Bucket(tenant), tenant, before, limit = (long)limit }), stop)).AsList();

    public PurchaseView View(PurchaseRow row) => new()
    {
        Id = new PurchaseId(row.Tenant, row.Id).ToString(),
        Tenant = row.Tenant,
        Status = row.Status,
        Method = row.Method,
        Pack = row.Pack,
        Type = row.Type,
        Credits = LedgerViews.Decimal(row.Credits, catalogs.Current.Types[row.Type]),
        Price = Amount.FromUnits(row.Price, Currency.Digits(row.Currency)),
        Currency = row.Currency,
        Lot = row.Lot == 0 ? null : new LedgerId(row.Tenant, row.Type, row.Lot).ToString(),
        Payment = row.Payment == 0 ? null : new LedgerId(row.Tenant, row.PaymentType, row.Payment).ToString(),
        CreatedAt = new Instant(row.CreatedAt).ToDateTimeOffset(),
        Reference = row.Reference.Length == 0 ? null : row.Reference,
    };
}

internal sealed record PurchaseRow(
    string Tenant, string Id, string Status, string Method, string Pack, string Type, long Credits, long Price, string Currency,
    long Lot, string PaymentType, long Payment, string Reference, long CreatedAt);

internal sealed record PaidRow(string Reference, long Fingerprint);

/// <summary>The public id of a purchase, <c>tenant~number</c>: it says whose it is.</summary>
internal readonly record struct PurchaseId(string Tenant, string Number)
{
    private const int NumberLength = 36;

    public override string ToString() => $"{Tenant}~{Number}";

    public static bool TryParse(string text, out PurchaseId id)
    {
        id = default;
        if (text.Split('~') is not [var tenant, { Length: NumberLength } number] || !TenantId.IsValid(tenant)) return false;
        id = new PurchaseId(tenant, number);
        return true;
    }
}
