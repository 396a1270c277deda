using System.Data.Common;
using System.Globalization;
using Dapper;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Checkout.Providers;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;
using static Topup.Server.Storage.Column;

namespace Topup.Server.Checkout;

/// <summary>
/// All SQL of purchases. Once one is made, it changes only through the ledger's
/// lane, under the lock of its tenant, as <see cref="Kind"/>.
/// </summary>
internal sealed class CheckoutStore(Database database)
{
    private const int FindAtOnce = 500;

    private static readonly Column[] Key = [Long("bucket"), Text("tenant_id"), Text("id")];

    private static readonly Column[] Values =
    [
        Long("status"), Text("method"), Text("pack"), Text("title"), Text("type"), Long("credits"), Long("price"), Text("currency"),
        Long("paid"), Text("payments"), Long("refunded"), Long("returned"), Long("dispute"), Long("disputed"), Long("surplus"),
        Long("surplus_credited"), Text("lot_type"), Long("lot"), Long("granted"), Long("claim_taken"), Long("claim_owed"), Long("claim_forgiven"),
        Long("dispute_hold"), Long("review"), Text("failure"), Text("checkout"), Text("checkout_url"), Text("return_token"), Long("saves_card"),
        Text("auto_top_up"), Text("key"), Long("fingerprint"), Text("open_slot"), Text("reference"), Text("actor"), Text("payment_type"),
        Long("payment"), Text("return_url"), Long("created_at"), Long("expires_at"), Long("paid_at"), Long("check_at"), Long("checks"), Long("version"),
    ];

    private static readonly string Columns = string.Join(", ", Values.Select(column => "p." + column.Name));

    private static readonly Statement Load = new(
        $"select p.tenant_id, p.id, {Columns} from {"{rows}"} join purchases p on p.bucket = r.bucket and p.tenant_id = r.tenant_id and p.id = r.id",
        Key);

    private static readonly Statement SavePurchases = LedgerStore.Upsert("purchases", Key, Values);

    private static readonly Statement SavePayments = LedgerStore.Upsert("payments",
        [Long("bucket"), Text("tenant_id"), Text("method"), Text("payment")], [Text("order_id")]);

    private static readonly Statement SaveSteps = LedgerStore.Upsert("purchase_steps",
        [Long("bucket"), Text("tenant_id"), Text("order_id"), Text("id")], [Long("at"), Long("status"), Text("words"), Text("source")]);

    private static readonly Statement SaveRefunds = LedgerStore.Upsert("refunds",
        [Long("bucket"), Text("tenant_id"), Text("order_id"), Text("id")],
        [
            Long("amount"), Long("status"), Text("provider_id"), Text("payment"), Text("failure"), Text("reason"), Text("key"), Long("fingerprint"),
            Text("actor"), Long("created_at"), Long("changed_at"),
        ]);

    /// <summary>Purchases as the ledger loads and saves them together with a pool.</summary>
    public static readonly CompanionKind Kind = new(Load, Read, (row, writes) => Save((PurchaseRow)row, writes));

    public static CompanionKey KeyOf(PurchaseId id) => new(Kind, id.Tenant, id.Number);

    public static void Save(PurchaseRow row, Alongside writes)
    {
        Add(writes.RowsOf(SavePurchases), row);
        foreach (var payment in row.Purchase.Payments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            writes.RowsOf(SavePayments).Add().Long(row.Bucket).Text(row.Tenant).Text(row.Purchase.Method).Text(payment).Text(row.Purchase.Order);
    }

    public static void Save(RefundRow refund, Alongside writes) => Add(writes.RowsOf(SaveRefunds), refund);

    private static void Add(Rows rows, RefundRow refund) => rows.Add()
        .Long(TenantId.Bucket(refund.Tenant)).Text(refund.Tenant).Text(refund.Order).Text(refund.Id).Long(refund.Amount).Long((long)refund.Status)
        .Text(refund.ProviderId).Text(refund.Payment).Text(refund.Failure).Text(refund.Reason).Text(refund.Key).Long(refund.Fingerprint)
        .Text(refund.Actor).Long(refund.CreatedAt.UnixMs).Long(refund.ChangedAt.UnixMs);

    public static void Save(PurchaseId purchase, PurchaseStep step, Alongside writes) => Add(writes.RowsOf(SaveSteps), purchase, step);

    private static void Add(Rows rows, PurchaseId purchase, PurchaseStep step) => rows.Add()
        .Long(TenantId.Bucket(purchase.Tenant)).Text(purchase.Tenant).Text(purchase.Number).Text(step.Id).Long(step.At.UnixMs)
        .Long((long)step.Status).Text(step.Words).Text(step.Source);

    /// <summary>
    /// Writes a new purchase, or finds the one that the same key has made, or the same thing that is open already. Of
    /// any number of callers at once, one makes it and all get it.
    /// </summary>
    public Task<PurchaseRow> Create(PurchaseRow row, PurchaseStep step, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        // Under the lock that the lanes take too: nobody else changes a purchase of the tenant meanwhile.
        var args = new { bucket = (long)row.Bucket, tenant = row.Tenant, key = row.Key, slot = row.OpenSlot };
        await TenancyStore.LockTenantRow(connection, transaction, database.Dialect, row.Tenant);
        if (await Query(connection, "p.bucket + 0 = @bucket and p.tenant_id = @tenant and p.key = @key and p.key <> ''", args) is [var made]) return made;
        if (await Query(connection, "p.bucket + 0 = @bucket and p.tenant_id = @tenant and p.open_slot = @slot and p.open_slot <> ''", args) is [var open])
        {
            if (open.ExpiresAt > row.CreatedAt) return open;
            await connection.ExecuteAsync(
                "update purchases set open_slot = '', version = version + 1 where bucket = @bucket and tenant_id = @tenant and open_slot = @slot",
                args, transaction);
        }
        var rows = new Rows(SavePurchases);
        Add(rows, row);
        await Insert(connection, transaction, "purchases", rows);
        rows = new Rows(SaveSteps);
        Add(rows, row.Id, step);
        await Insert(connection, transaction, "purchase_steps", rows);
        return row;
    }, stop);

    /// <summary>Sets when the provider is asked next, unless the purchase has changed meanwhile.</summary>
    /// <param name="answered">False: the provider did not say, or nothing could be made of it.</param>
    public Task Postpone(PurchaseRow row, bool answered, Instant now, CancellationToken stop) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        """
        update purchases set check_at = @next, checks = checks + 1
        where bucket = @bucket and tenant_id = @tenant and id = @order and version = @version
        """,
        new
        {
            bucket = (long)row.Bucket, tenant = row.Tenant, order = row.Purchase.Order, version = row.Version,
            next = (answered ? CheckSchedule.Next(row.Purchase.Status, row.CreatedAt, row.Checks + 1, now) : CheckSchedule.Again(row.Checks + 1, now)).UnixMs,
        }, transaction), stop);

    public Task<PurchaseRow?> Find(PurchaseId id, CancellationToken stop) =>
        One("p.bucket = @bucket and p.tenant_id = @tenant and p.id = @order", new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number }, stop);

    /// <summary>By what the provider knows of it: the order's id, or a payment's.</summary>
    public async Task<PurchaseRow?> Find(string method, NotificationSubject subject, CancellationToken stop)
    {
        if (subject.Order.Length > 0) return await One("p.id = @order and p.method = @method", new { order = subject.Order, method }, stop);
        return subject.Payment.Length == 0 ? null : await One(
            """
            p.method = @method and (p.bucket, p.tenant_id, p.id) in
                (select x.bucket, x.tenant_id, x.order_id from payments x where x.payment = @payment and x.method = @method)
            """, new { method, payment = subject.Payment }, stop);
    }

    /// <summary>By a number that somebody has of it: the order's, or that of a payment at whichever provider.</summary>
    public async Task<PurchaseRow?> FindByNumber(string number, CancellationToken stop) =>
        await One("p.id = @number", new { number }, stop) ?? await One(
            "(p.bucket, p.tenant_id, p.id) in (select x.bucket, x.tenant_id, x.order_id from payments x where x.payment = @number limit 1)", new { number }, stop);

    public Task<PurchaseRow?> FindByReturnToken(string token, CancellationToken stop) => One("p.return_token = @token", new { token }, stop);

    public Task<PurchaseRow?> FindByKey(string tenant, string key, CancellationToken stop) => One(
        "p.bucket + 0 = @bucket and p.tenant_id = @tenant and p.key = @key and p.key <> ''",
        new { bucket = (long)TenantId.Bucket(tenant), tenant, key }, stop);

    /// <summary>The purchase that was paid from the balance under an idempotency key, and the fingerprint of its request.</summary>
    public async Task<(PurchaseRow Purchase, long Fingerprint)?> FindPaidByKey(string tenant, string key, CancellationToken stop)
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

    /// <summary>A tenant's, the newest first; ids sort by time.</summary>
    public Task<List<PurchaseRow>> List(string tenant, string before, int limit, CancellationToken stop) => Many(
        "p.bucket = @bucket and p.tenant_id = @tenant and (@before = '' or p.id < @before) order by p.id desc limit @limit",
        new { bucket = (long)TenantId.Bucket(tenant), tenant, before, limit = (long)limit }, stop);

    /// <summary>Of all tenants, the newest first.</summary>
    public Task<List<PurchaseRow>> ListAll(PurchaseFilter filter, int limit, CancellationToken stop) => Many(
        $"""
        (@before = '' or p.id < @before) {(filter.Tenant is null ? "" : "and p.bucket = @bucket and p.tenant_id = @tenant")}
        {(filter.Status is null ? "" : "and p.status = @status")} {(filter.OnlyReview ? "and p.review <> 0" : "")}
        {(filter.Method is null ? "" : "and p.method = @method")}
        order by p.id desc limit @limit
        """,
        new
        {
            bucket = filter.Tenant is null ? 0L : TenantId.Bucket(filter.Tenant), tenant = filter.Tenant ?? "", before = filter.Before,
            status = (long)(filter.Status ?? 0), method = filter.Method ?? "", limit = (long)limit,
        }, stop);

    /// <summary>Purchases that were ordered from a moment on and failed; ids sort by time.</summary>
    public Task<long> CountFailed(Instant since, CancellationToken stop) => database.Read(connection => connection.ExecuteScalarAsync<long>(
        "select count(*) from purchases where id >= @first and status = @failed", new { first = FirstIdAt(since), failed = (long)PurchaseStatus.Failed }), stop);

    public Task<long> CountInReview(CancellationToken stop) => database.Read(connection => connection.ExecuteScalarAsync<long>(
        "select count(*) from purchases where review <> 0"), stop);

    /// <summary>Purchases that the provider should be asked about by now, those that wait longest first.</summary>
    public Task<List<PurchaseRow>> DueForCheck(Instant now, int limit, CancellationToken stop) => Many(
        "p.check_at <= @now order by p.check_at limit @limit", new { now = now.UnixMs, limit = (long)limit }, stop);

    /// <summary>Purchases of a method that were paid to a provider in a span of time.</summary>
    public Task<List<PurchaseRow>> PaidBetween(string method, Instant from, Instant until, CancellationToken stop) => Many(
        "p.method = @method and p.paid_at >= @from and p.paid_at < @until and p.payments <> ''", new { method, from = from.UnixMs, until = until.UnixMs }, stop);

    /// <summary>Those of the orders that are of a method.</summary>
    public async Task<List<PurchaseRow>> FindAll(string method, IEnumerable<string> orders, CancellationToken stop)
    {
        var found = new List<PurchaseRow>();
        foreach (var some in orders.Chunk(FindAtOnce))
            found.AddRange(await Many($"p.method = @method and p.id {database.Dialect.In("@orders")}", new { method, orders = some }, stop));
        return found;
    }

    public async Task<List<PurchaseStep>> Steps(PurchaseId id, CancellationToken stop) =>
        [.. (await database.Read(connection => connection.QueryAsync<StepRow>(
            """
            select id as Id, at as At, status as Status, words as Words, source as Source from purchase_steps
            where bucket = @bucket and tenant_id = @tenant and order_id = @order order by id
            """, new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number }), stop))
            .Select(row => new PurchaseStep(row.Id, new Instant(row.At), (PurchaseStatus)row.Status, row.Words, row.Source))];

    /// <summary>
    /// Writes a refund down before the provider is asked for it, if that much of the purchase is left to refund beside
    /// the refunds that are under way. Null: it is not.
    /// </summary>
    public Task<RefundRow?> Create(RefundRow refund, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var args = new { bucket = (long)TenantId.Bucket(refund.Tenant), tenant = refund.Tenant, order = refund.Order, key = refund.Key };
        await TenancyStore.LockTenantRow(connection, transaction, database.Dialect, refund.Tenant);
        if (await QueryRefunds(connection, "where f.bucket + 0 = @bucket and f.tenant_id = @tenant and f.key = @key", args) is [var made]) return made;
        if (await Query(connection, "p.bucket = @bucket and p.tenant_id = @tenant and p.id = @order", args) is not [var row]) return null;
        var earlier = await QueryRefunds(connection, "where f.bucket = @bucket and f.tenant_id = @tenant and f.order_id = @order", args);
        if (refund.Amount > RefundPurchase.Left(row.Purchase, earlier)) return null;
        var rows = new Rows(SaveRefunds);
        Add(rows, refund);
        await Insert(connection, transaction, "refunds", rows);
        return refund;
    }, stop);

    /// <summary>
    /// What became of a refund at the provider. With it the purchase is due to be looked at: if whoever saves this is cut
    /// off before the credits are claimed, the reconciler claims them.
    /// </summary>
    public Task Save(RefundRow refund, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var args = new
        {
            bucket = (long)TenantId.Bucket(refund.Tenant), tenant = refund.Tenant, order = refund.Order, id = refund.Id, status = (long)refund.Status,
            providerId = refund.ProviderId, failure = refund.Failure, changedAt = refund.ChangedAt.UnixMs,
        };
        await TenancyStore.LockTenantRow(connection, transaction, database.Dialect, refund.Tenant);
        await connection.ExecuteAsync(
            "update purchases set check_at = @changedAt, version = version + 1 where bucket = @bucket and tenant_id = @tenant and id = @order", args, transaction);
        return await connection.ExecuteAsync(
            """
            update refunds set status = @status, provider_id = @providerId, failure = @failure, changed_at = @changedAt
            where bucket = @bucket and tenant_id = @tenant and order_id = @order and id = @id
            """, args, transaction);
    }, stop);

    public Task<List<RefundRow>> Refunds(PurchaseId id, CancellationToken stop) => ManyRefunds(
        "where f.bucket = @bucket and f.tenant_id = @tenant and f.order_id = @order order by f.id",
        new { bucket = (long)TenantId.Bucket(id.Tenant), tenant = id.Tenant, order = id.Number }, stop);

    public async Task<RefundRow?> FindRefundByKey(string tenant, string key, CancellationToken stop) => (await ManyRefunds(
        "where f.bucket + 0 = @bucket and f.tenant_id = @tenant and f.key = @key and f.key <> ''",
        new { bucket = (long)TenantId.Bucket(tenant), tenant, key }, stop)).FirstOrDefault();

    /// <summary>Refunds that the provider has not confirmed yet, the oldest first.</summary>
    public Task<List<RefundRow>> RequestedRefunds(Instant before, int limit, CancellationToken stop) => ManyRefunds(
        "where f.status = 0 and f.created_at <= @before order by f.created_at limit @limit", new { before = before.UnixMs, limit = (long)limit }, stop);

    /// <summary>Ids are UUIDs of version 7, which begin with the time.</summary>
    private static string FirstIdAt(Instant time) => time.UnixMs.ToString("x12", CultureInfo.InvariantCulture).Insert(8, "-");

    private static PurchaseRow Read(IRow row) => new()
    {
        Tenant = row.Text(0),
        Purchase = new Purchase
        {
            Order = row.Text(1),
            Status = (PurchaseStatus)row.Long(2),
            Method = row.Text(3),
            Type = row.Text(6),
            Credits = row.Long(7),
            Price = row.Long(8),
            Currency = row.Text(9),
            Paid = row.Long(10),
            Payments = row.Text(11),
            Refunded = row.Long(12),
            Returned = row.Long(13),
            Dispute = (DisputeState)row.Long(14),
            Disputed = row.Long(15),
            Surplus = row.Long(16),
            SurplusCredited = row.Long(17),
            LotType = row.Text(18),
            Lot = row.Long(19),
            Granted = row.Long(20),
            Claim = new Claim(row.Long(21), row.Long(22), row.Long(23)),
            DisputeHold = row.Long(24),
            Review = (ReviewReason)row.Long(25),
            Failure = row.Text(26),
        },
        Pack = row.Text(4),
        Title = row.Text(5),
        Checkout = row.Text(27),
        CheckoutUrl = row.Text(28),
        ReturnToken = row.Text(29),
        SavesCard = row.Long(30) == 1,
        AutoTopUp = row.Text(31),
        Key = row.Text(32),
        Fingerprint = row.Long(33),
        OpenSlot = row.Text(34),
        Reference = row.Text(35),
        Actor = row.Text(36),
        PaymentType = row.Text(37),
        Payment = row.Long(38),
        ReturnUrl = row.Text(39),
        CreatedAt = new Instant(row.Long(40)),
        ExpiresAt = new Instant(row.Long(41)),
        PaidAt = new Instant(row.Long(42)),
        CheckAt = new Instant(row.Long(43)),
        Checks = (int)row.Long(44),
        Version = row.Long(45),
    };

    private static void Add(Rows rows, PurchaseRow row)
    {
        var purchase = row.Purchase;
        rows.Add().Long(row.Bucket).Text(row.Tenant).Text(purchase.Order)
            .Long((long)purchase.Status).Text(purchase.Method).Text(row.Pack).Text(row.Title).Text(purchase.Type).Long(purchase.Credits)
            .Long(purchase.Price).Text(purchase.Currency).Long(purchase.Paid).Text(purchase.Payments).Long(purchase.Refunded).Long(purchase.Returned)
            .Long((long)purchase.Dispute).Long(purchase.Disputed).Long(purchase.Surplus).Long(purchase.SurplusCredited).Text(purchase.LotType)
            .Long(purchase.Lot).Long(purchase.Granted).Long(purchase.Claim.Taken).Long(purchase.Claim.Owed).Long(purchase.Claim.Forgiven)
            .Long(purchase.DisputeHold).Long((long)purchase.Review).Text(purchase.Failure).Text(row.Checkout).Text(row.CheckoutUrl)
            .Text(row.ReturnToken).Long(row.SavesCard ? 1 : 0).Text(row.AutoTopUp).Text(row.Key).Long(row.Fingerprint).Text(row.OpenSlot)
            .Text(row.Reference).Text(row.Actor).Text(row.PaymentType).Long(row.Payment).Text(row.ReturnUrl).Long(row.CreatedAt.UnixMs)
            .Long(row.ExpiresAt.UnixMs).Long(row.PaidAt.UnixMs).Long(row.CheckAt.UnixMs).Long(row.Checks).Long(row.Version);
    }

    private async Task<PurchaseRow?> One(string condition, object args, CancellationToken stop) => (await Many(condition, args, stop)).FirstOrDefault();

    private Task<List<PurchaseRow>> Many(string condition, object args, CancellationToken stop) =>
        database.Read(connection => Query(connection, condition, args), stop);

    private static async Task<List<PurchaseRow>> Query(DbConnection connection, string condition, object args)
    {
        var found = new List<PurchaseRow>();
        await LedgerHistory.Each(connection, $"select p.tenant_id, p.id, {Columns} from purchases p where {condition}", args, row => found.Add(Read(row)));
        return found;
    }

    private static Task<int> Insert(DbConnection connection, DbTransaction transaction, string table, Rows rows)
    {
        var columns = rows.Statement.Columns;
        var values = new DynamicParameters();
        for (var i = 0; i < columns.Count; i++)
            values.Add(columns[i].Name, columns[i].Kind == ColumnKind.Long ? rows.Longs(i)[0] : rows.Texts(i)[0]);
        return connection.ExecuteAsync(
            $"insert into {table} ({string.Join(", ", columns.Select(column => column.Name))}) values ({string.Join(", ", columns.Select(column => "@" + column.Name))})",
            values, transaction);
    }

    private Task<List<RefundRow>> ManyRefunds(string condition, object args, CancellationToken stop) =>
        database.Read(connection => QueryRefunds(connection, condition, args), stop);

    private static async Task<List<RefundRow>> QueryRefunds(DbConnection connection, string condition, object args)
    {
        var found = new List<RefundRow>();
        await LedgerHistory.Each(connection,
            $"""
            select f.tenant_id, f.order_id, f.id, f.amount, f.status, f.provider_id, f.payment, f.failure, f.reason, f.key, f.fingerprint, f.actor,
                f.created_at, f.changed_at
            from refunds f {condition}
            """, args, row => found.Add(new RefundRow
            {
                Tenant = row.Text(0), Order = row.Text(1), Id = row.Text(2), Amount = row.Long(3), Status = (RefundStatus)row.Long(4),
                ProviderId = row.Text(5), Payment = row.Text(6), Failure = row.Text(7), Reason = row.Text(8), Key = row.Text(9),
                Fingerprint = row.Long(10), Actor = row.Text(11), CreatedAt = new Instant(row.Long(12)), ChangedAt = new Instant(row.Long(13)),
            }));
        return found;
    }

    private sealed record PaidRow(string Reference, long Fingerprint);

    private sealed record StepRow(string Id, long At, long Status, string Words, string Source);
}

/// <summary>What happened to a purchase, in words for the operator.</summary>
/// <param name="Id">Sorts by time.</param>
/// <param name="Source">Who said so: <c>buyer</c>, <c>webhook</c>, <c>return</c>, <c>reconciler</c>, <c>key:…</c>.</param>
internal sealed record PurchaseStep(string Id, Instant At, PurchaseStatus Status, string Words, string Source)
{
    public static PurchaseStep Of(Instant at, PurchaseStatus status, string words, string source) =>
        new(Storage.EventId.Next(at.ToDateTimeOffset()), at, status, words, source);
}
