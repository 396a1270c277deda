using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using static Topup.Server.Storage.Column;

namespace Topup.Server.AddOns;

/// <summary>All SQL of this room. A tenant's add-ons change only through the ledger's lane, under the lock of the tenant, as <see cref="Kind"/>.</summary>
internal sealed class AddOnStore(Database database)
{
    private const string OfTenant = "where a.bucket = @bucket and a.tenant_id = @tenant";

    private static readonly Column[] Key = [Long("bucket"), Text("tenant_id"), Text("addon")];

    private static readonly Column[] Values =
    [
        Text("type"), Long("status"), Long("paid_from"), Long("paid_until"), Long("cycle_days"), Long("price"), Long("entry"), Long("used"),
        Long("used_until"), Long("enabled_at"), Long("grace_until"), Text("purchase"), Long("due_at"), Long("is_unpaid"), Long("seen_entry"),
        Long("seen_tenant"), Long("seen_purchase"), Long("version"),
    ];

    private static readonly string Columns = string.Join(", ", Values.Select(column => "a." + column.Name));

    private static readonly Statement Load = new(
        $"""
        select a.tenant_id, a.addon, {Columns} from {"{rows}"}
        join tenant_addons a on a.bucket = r.bucket and a.tenant_id = r.tenant_id and a.addon = r.addon
        """, Key);

    private static readonly Statement SaveAddOns = LedgerStore.Upsert("tenant_addons", Key, Values);

    private static readonly Statement SaveReplies = LedgerStore.Upsert("addon_replies",
        [Long("bucket"), Text("tenant_id"), Text("key")], Long("fingerprint"), Text("reply"), Long("at"));

    /// <summary>Add-ons as the ledger loads and saves them together with a pool.</summary>
    public static readonly CompanionKind Kind = new(Load, Read, (row, writes) => Save((AddOnRow)row, writes));

    private static readonly string ToLookAt =
        $"""
        select a.tenant_id, a.addon, {Columns}, coalesce(p.last_entry, 0), t.updated_at, coalesce(u.version, 0), coalesce(u.status, 0)
        from tenant_addons a
        join tenants t on t.bucket = a.bucket and t.tenant_id = a.tenant_id
        left join pools p on p.bucket = a.bucket and p.tenant_id = a.tenant_id and p.type = a.type
        left join purchases u on u.bucket = a.bucket and u.tenant_id = a.tenant_id and u.id = a.purchase
        """;

    public static CompanionKey KeyOf(AddOnRow row) => new(Kind, row.Tenant, row.AddOn.Code);

    public static void SaveReply(string tenant, Note note, string reply, Instant at, Alongside writes) => writes.RowsOf(SaveReplies).Add()
        .Long(TenantId.Bucket(tenant)).Text(tenant).Text(note.Key).Long(note.Fingerprint).Text(reply).Long(at.UnixMs);

    public async Task<AddOnRow?> Find(string tenant, string addOn, CancellationToken stop) =>
        (await Many($"{OfTenant} and a.addon = @addOn", new { bucket = (long)TenantId.Bucket(tenant), tenant, addOn }, stop)).FirstOrDefault();

    /// <summary>What was answered to a key of a tenant; null: nothing.</summary>
    public Task<KeptReply?> FindReply(string tenant, string key, CancellationToken stop) => database.Read(async connection =>
    {
        KeptReply? found = null;
        await LedgerHistory.Each(connection,
            "select k.fingerprint, k.reply from addon_replies k where k.bucket = @bucket and k.tenant_id = @tenant and k.key = @key",
            new { bucket = (long)TenantId.Bucket(tenant), tenant, key }, row => found = new KeptReply(row.Long(0), row.Text(1)));
        return found;
    }, stop);

    /// <summary>A tenant with its add-ons, its pools and the last charges, of one moment; null: there is no such tenant.</summary>
    /// <param name="onlyOpen">Without lots that are used up, to which a charge may yet be given back.</param>
    public Task<AddOnAccount?> Account(string tenant, Instant now, bool onlyOpen, CancellationToken stop) => database.ReadSnapshot(async connection =>
    {
        var args = new { bucket = (long)TenantId.Bucket(tenant), tenant, type = "", now = now.UnixMs };
        Tenant? found = null;
        await LedgerHistory.Each(connection,
            """
            select t.tenant_id, t.plan, t.status, t.renewal_day, t.period_number, t.period_start, t.period_end
            from tenants t where t.bucket = @bucket and t.tenant_id = @tenant
            """, args, row => found = LedgerStore.ReadTenant(row));
        if (found is null) return null;
        var rows = new List<AddOnRow>();
        await LedgerHistory.Each(connection, $"select a.tenant_id, a.addon, {Columns} from tenant_addons a {OfTenant}", args, row => rows.Add(Read(row)));
        var pools = await LedgerHistory.PoolsOf(connection, args, onlyOpen);
        var charges = new Dictionary<string, (Entry Entry, long Reversed)>(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => row.AddOn.Entry > 0))
        {
            await LedgerHistory.Each(connection,
                $"""
                select {LedgerStore.EntryColumns}, coalesce(x.reversed, 0) from entries e
                left join reversals x on x.bucket = e.bucket and x.tenant_id = e.tenant_id and x.type = e.type and x.entry = e.id
                where e.bucket = @bucket and e.tenant_id = @tenant and e.id = @entry and e.type = @type
                """,
                new { args.bucket, args.tenant, entry = row.AddOn.Entry, type = row.AddOn.Type },
                read => charges[row.AddOn.Code] = (LedgerStore.ReadEntry(read), LedgerStore.ReadReversed(read)));
        }
        return new AddOnAccount(found, pools, rows.ToDictionary(row => row.AddOn.Code, StringComparer.Ordinal), charges);
    }, stop);

    /// <summary>Those whose time has come, the longest waiting first.</summary>
    public Task<List<AddOnToLookAt>> Due(Instant now, int limit, CancellationToken stop) =>
        LookAt("where a.due_at <= @now and a.due_at < 9223372036854775807 order by a.due_at limit @limit", new { now = now.UnixMs, limit = (long)limit }, stop);

    /// <summary>Those that wait for credits, where pool, tenant or purchase have changed since, page by page.</summary>
    public Task<List<AddOnToLookAt>> Moved(AddOnRow? after, int limit, CancellationToken stop) => LookAt(
        """
        where a.is_unpaid = 1 and (a.bucket, a.tenant_id, a.addon) > (@bucket, @tenant, @addOn)
          and (a.seen_entry <> coalesce(p.last_entry, 0) or a.seen_tenant <> t.updated_at or a.seen_purchase <> coalesce(u.version, 0))
        order by a.bucket, a.tenant_id, a.addon limit @limit
        """,
        new
        {
            bucket = after is null ? -1L : TenantId.Bucket(after.Tenant), tenant = after?.Tenant ?? "", addOn = after?.AddOn.Code ?? "", limit = (long)limit,
        }, stop);

    private Task<List<AddOnToLookAt>> LookAt(string condition, object args, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<AddOnToLookAt>();
        await LedgerHistory.Each(connection, $"{ToLookAt} {condition}", args, row =>
        {
            var next = Key.Length - 1 + Values.Length;
            found.Add(new AddOnToLookAt(Read(row), new AddOnSight(row.Long(next), row.Long(next + 1), row.Long(next + 2)), (PurchaseStatus)row.Long(next + 3)));
        });
        return found;
    }, stop);

    private Task<List<AddOnRow>> Many(string condition, object args, CancellationToken stop) => database.Read(async connection =>
    {
        var found = new List<AddOnRow>();
        await LedgerHistory.Each(connection, $"select a.tenant_id, a.addon, {Columns} from tenant_addons a {condition}", args, row => found.Add(Read(row)));
        return found;
    }, stop);

    private static AddOnRow Read(IRow row) => new()
    {
        Tenant = row.Text(0),
        AddOn = new TenantAddOn
        {
            Code = row.Text(1),
            Type = row.Text(2),
            Status = (AddOnStatus)row.Long(3),
            PaidFrom = LocalTime.DateOf((int)row.Long(4)),
            PaidUntil = LocalTime.DateOf((int)row.Long(5)),
            CycleDays = (int)row.Long(6),
            Price = row.Long(7),
            Entry = row.Long(8),
            Used = row.Long(9),
            UsedUntil = LocalTime.DateOf((int)row.Long(10)),
            EnabledAt = new Instant(row.Long(11)),
            GraceUntil = LocalTime.DateOf((int)row.Long(12)),
            Purchase = row.Text(13),
        },
        DueAt = new Instant(row.Long(14)),
        Seen = new AddOnSight(row.Long(16), row.Long(17), row.Long(18)),
        Version = row.Long(19),
    };

    private static void Save(AddOnRow row, Alongside writes)
    {
        var addOn = row.AddOn;
        writes.RowsOf(SaveAddOns).Add().Long(TenantId.Bucket(row.Tenant)).Text(row.Tenant).Text(addOn.Code)
            .Text(addOn.Type).Long((long)addOn.Status).Long(LocalTime.DayOf(addOn.PaidFrom)).Long(LocalTime.DayOf(addOn.PaidUntil)).Long(addOn.CycleDays)
            .Long(addOn.Price).Long(addOn.Entry).Long(addOn.Used).Long(LocalTime.DayOf(addOn.UsedUntil)).Long(addOn.EnabledAt.UnixMs)
            .Long(LocalTime.DayOf(addOn.GraceUntil)).Text(addOn.Purchase).Long(row.DueAt.UnixMs)
            .Long(addOn.Status is AddOnStatus.Waiting or AddOnStatus.Grace or AddOnStatus.Suspended ? 1 : 0)
            .Long(row.Seen.Entry).Long(row.Seen.Tenant).Long(row.Seen.Purchase).Long(row.Version);
    }
}

/// <summary>All that decides about a tenant's add-ons.</summary>
/// <param name="Pools">As stored, by credit type.</param>
/// <param name="Rows">By the add-on's code.</param>
/// <param name="Charges">The entries of the last charges, and how much of them was given back, by the add-on's code.</param>
internal sealed record AddOnAccount(
    Tenant Tenant, IReadOnlyDictionary<string, Pool> Pools, IReadOnlyDictionary<string, AddOnRow> Rows,
    IReadOnlyDictionary<string, (Entry Entry, long Reversed)> Charges);
