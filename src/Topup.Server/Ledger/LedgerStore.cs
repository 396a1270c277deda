using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;
using static Topup.Server.Storage.Column;

namespace Topup.Server.Ledger;

/// <summary>
/// The SQL of the write path, once for both databases, and how its rows become values of the rules and back. Every
/// statement names bucket and tenant, so that it touches one tenant's rows and, on a cluster, one machine.
/// </summary>
internal static class LedgerStore
{
    private const long Unlimited = -1;
    private const long NoCost = -1;
    private const long AsTypeSays = -1;

    public const string PoolColumns =
        "p.tenant_id, p.type, p.period, p.resets_at, p.allowance_limit, p.rolled_over, p.allowance_used, p.allowance_held, " +
        "p.earlier_held, p.purchased, p.held, p.debt, p.open_lots, p.open_holds, p.alert, p.refill_mark, p.last_entry, p.entries, " +
        "p.lows, p.forewarned, p.thresholds, p.runway_days, p.expiring_days, " +
        "p.day, p.day_usage_type, p.day_subject, p.day_uses, p.day_allowance, p.day_purchased, p.day_debt, p.day_returned, p.day_cost";

    public const string LotColumns =
        "l.tenant_id, l.type, l.id, l.source, l.priority, l.effective_at, l.expires_at, l.granted, l.remaining, l.held, l.drawn, " +
        "l.expired, l.taken_back, l.owed, l.active, l.voided, l.expiry_told";

    public const string HoldColumns =
        "h.tenant_id, h.type, h.id, h.amount, h.draw, h.expires_at, h.placed_at, h.status, h.captured, " +
        "h.subject, h.usage_type, h.quantity, h.rate, h.unit_cost, h.seconds";

    public const string EntryColumns =
        "e.tenant_id, e.type, e.id, e.kind, e.asked, e.amount, e.draw, e.allowance_before, e.purchased_before, e.held_before, " +
        "e.debt_before, e.allowance_after, e.purchased_after, e.held_after, e.debt_after, e.unlimited, e.resets_at, e.related, " +
        "e.expires_at, e.at, e.key, e.fingerprint, e.actor, e.reference, e.subject, e.usage_type, e.reason, e.previous, " +
        "e.quantity, e.rate, e.cost";

    private static readonly Column[] TenantKey = [Long("bucket"), Text("tenant_id")];
    private static readonly Column[] PoolKey = [.. TenantKey, Text("type")];
    private static readonly Column[] PoolAndTime = [.. PoolKey, Long("now")];
    private static readonly Column[] ThingKey = [.. PoolKey, Long("id")];
    private static readonly Column[] UsageKey = [.. TenantKey, Long("day"), Text("type"), Text("usage_type"), Text("subject")];

    /// <summary>The catalogue's version, and the last day up to which the totals of all tenants are complete.</summary>
    public static readonly Statement CatalogVersion = new(
        "select v.number, t.number from {rows} join versions v on v.name = r.name join versions t on t.name = 'usage_totals'", Text("name"));

    /// <summary>Says that the totals of all tenants are not complete from a day on, because something more was counted on it.</summary>
    public static readonly Statement ReopenTotals = new(
        """
        update versions set number = case when versions.number < r.day then versions.number else r.day - 1 end
        from {rows} where versions.name = r.name
        """, Text("name"), Long("day"));

    /// <summary>Locks the tenants of the batch, in order: whoever holds a tenant's row may change its pools.</summary>
    public static readonly Statement LockTenants = new(
        """
        select t.tenant_id, t.plan, t.status, t.renewal_day, t.period_number, t.period_start, t.period_end, t.limits
        from {rows} join tenants t on t.bucket = r.bucket and t.tenant_id = r.tenant_id
        order by t.bucket, t.tenant_id {lock:t}
        """, TenantKey);

    public static readonly Statement LoadPools = new(
        $"select {PoolColumns} from {{rows}} join pools p on p.bucket = r.bucket and p.tenant_id = r.tenant_id and p.type = r.type",
        PoolKey);

    // A planner takes bucket and tenant for independent, and so every tenant for small: it would read all of a large tenant's
    // history by its primary key as gladly as the one row that a narrower index leads to. "bucket + 0", in this and the other
    // statements that have an index of their own, leaves it only that one.
    public static readonly Statement LoadOpenLots = new(
        $"""
        select {LotColumns} from {"{rows}"}
        join {"{each:lots l}"} on l.bucket + 0 = r.bucket and l.tenant_id = r.tenant_id and l.type = r.type and l.is_open = 1
        """, PoolKey);

    public static readonly Statement LoadDueHolds = new(
        $"""
        select {HoldColumns} from {"{rows}"}
        join {"{each:holds h}"} on h.bucket + 0 = r.bucket and h.tenant_id = r.tenant_id and h.type = r.type and h.status = 0 and h.expires_at <= r.now
        """, PoolAndTime);

    public static readonly Statement LoadHold = new(
        $"""
        select {HoldColumns} from {"{rows}"}
        join holds h on h.bucket = r.bucket and h.tenant_id = r.tenant_id and h.type = r.type and h.id = r.id
        """, ThingKey);

    public static readonly Statement LoadLot = new(
        $"""
        select {LotColumns} from {"{rows}"}
        join lots l on l.bucket = r.bucket and l.tenant_id = r.tenant_id and l.type = r.type and l.id = r.id
        """, ThingKey);

    public static readonly Statement LoadEntry = new(
        $"""
        select {EntryColumns}, coalesce(x.reversed, 0) from {"{rows}"}
        join entries e on e.bucket = r.bucket and e.tenant_id = r.tenant_id and e.id = r.id and e.type = r.type
        left join reversals x on x.bucket = r.bucket and x.tenant_id = r.tenant_id and x.type = r.type and x.entry = r.id
        """, ThingKey);

    public static readonly Statement LoadKeys = new(
        $"""
        select {EntryColumns} from {"{rows}"}
        join entries e on e.bucket + 0 = r.bucket and e.tenant_id = r.tenant_id and e.key = r.key and e.key <> ''
        """, [.. TenantKey, Text("key")]);

    /// <summary>The last number of an entry below a bound, of whichever pool; only for SQLite, where an entry's number is its row.</summary>
    public static readonly Statement LastNumber = new(
        "select coalesce((select e.id from entries e where e.id < r.below order by e.id desc limit 1), 0) from {rows}", Long("below"));

    public static readonly Statement SaveEntries = Insert("entries",
        Long("bucket"), Text("tenant_id"), Text("type"), Long("id"), Long("previous"), Long("kind"), Long("asked"), Long("amount"), Text("draw"),
        Long("allowance_before"), Long("purchased_before"), Long("held_before"), Long("debt_before"),
        Long("allowance_after"), Long("purchased_after"), Long("held_after"), Long("debt_after"),
        Long("unlimited"), Long("resets_at"), Long("related"), Long("expires_at"), Long("at"), Text("key"), Long("fingerprint"),
        Text("actor"), Text("reference"), Text("subject"), Text("usage_type"), Text("reason"), Long("quantity"), Long("rate"), Long("cost"));

    public static readonly Statement SaveMarks = Insert("entry_marks", ThingKey);

    public static readonly Statement SavePools = Upsert("pools", PoolKey,
        Long("period"), Long("resets_at"), Long("allowance_limit"), Long("rolled_over"), Long("allowance_used"), Long("allowance_held"),
        Long("earlier_held"), Long("purchased"), Long("held"), Long("debt"),
        Long("open_lots"), Long("open_holds"), Long("alert"), Long("refill_mark"),
        Long("last_entry"), Long("entries"), Long("lows"),
        Long("day"), Text("day_usage_type"), Text("day_subject"), Long("day_uses"), Long("day_allowance"), Long("day_purchased"), Long("day_debt"),
        Long("day_returned"), Long("day_cost"));

    /// <summary>What draws never change of a pool, written only when it was changed.</summary>
    public static readonly Statement SaveWarnings = new(
        """
        update pools set forewarned = r.forewarned, thresholds = r.thresholds, runway_days = r.runway_days, expiring_days = r.expiring_days
        from {rows} where pools.bucket = r.bucket and pools.tenant_id = r.tenant_id and pools.type = r.type
        """, [.. PoolKey, Long("forewarned"), Text("thresholds"), Long("runway_days"), Long("expiring_days")]);

    public static readonly Statement SaveLots = Upsert("lots", ThingKey,
        Long("source"), Long("priority"), Long("effective_at"), Long("expires_at"), Long("granted"), Long("remaining"), Long("held"),
        Long("drawn"), Long("expired"), Long("taken_back"), Long("owed"), Long("active"), Long("voided"), Long("is_open"), Long("due_at"),
        Long("expiry_told"));

    public static readonly Statement SaveHolds = Upsert("holds", ThingKey,
        Long("amount"), Text("draw"), Long("expires_at"), Long("placed_at"), Long("status"), Long("captured"),
        Text("subject"), Text("usage_type"), Long("quantity"), Long("rate"), Long("unit_cost"), Long("seconds"));

    public static readonly Statement SaveLimits = new(
        "update tenants set limits = r.limits from {rows} where tenants.bucket = r.bucket and tenants.tenant_id = r.tenant_id",
        [.. TenantKey, Text("limits")]);

    /// <summary>Adds to what was counted of a day: nothing has to be read for it.</summary>
    public static readonly Statement CountUsage = Add("usage_days", UsageKey,
        [Long("uses"), Long("allowance"), Long("purchased"), Long("debt"), Long("returned"), Long("cost")]);

    public static readonly Statement CountRefusals = Add("usage_refusals", [.. UsageKey, Text("reason")],
        [Long("refused"), Long("asked")], once: [Long("first_at")], latest: [Long("last_at")]);

    public static readonly Statement SaveReversals = Upsert("reversals", [.. PoolKey, Long("entry")], Long("reversed"));

    public static Tenant ReadTenant(IRow row) => new(
        row.Text(0), row.Text(1) is { Length: > 0 } plan ? plan : null, (TenantStatus)row.Long(2), (int)row.Long(3),
        new BillingPeriod((int)row.Long(4), new Instant(row.Long(5)), new Instant(row.Long(6))));

    public static PoolKey ReadKey(IRow row) => new(row.Text(0), row.Text(1));

    public static Pool ReadPool(IRow row) => new()
    {
        Allowance = new Allowance((int)row.Long(2), new Instant(row.Long(3)), row.Long(4) is >= 0 and var limit ? limit : null,
            row.Long(5), row.Long(6), row.Long(7), row.Long(8)),
        Purchased = row.Long(9),
        Held = row.Long(10),
        Debt = row.Long(11),
        OpenLots = (int)row.Long(12),
        OpenHolds = (int)row.Long(13),
        Alert = (AlertLevel)row.Long(14),
        RefillMark = row.Long(15),
        LastEntry = row.Long(16),
        Entries = row.Long(17),
        Lows = (int)row.Long(18),
        Forewarned = (Forewarning)row.Long(19),
        Thresholds = ReadThresholds(row.Text(20), row.Long(21), row.Long(22)),
    };

    public static UsageLine ReadUsageLine(IRow row) => new((int)row.Long(23), row.Text(24), row.Text(25),
        new UsageCount(row.Long(26), row.Long(27), row.Long(28), row.Long(29), row.Long(30), row.Long(31)));

    public static void WritePool(Rows rows, int bucket, PoolKey key, Pool pool, UsageLine line)
    {
        var allowance = pool.Allowance;
        rows.Add().Long(bucket).Text(key.Tenant).Text(key.Type)
            .Long(allowance.Period).Long(allowance.ResetsAt.UnixMs).Long(allowance.Limit ?? Unlimited).Long(allowance.RolledOver)
            .Long(allowance.Used).Long(allowance.Held).Long(allowance.EarlierHeld)
            .Long(pool.Purchased).Long(pool.Held).Long(pool.Debt).Long(pool.OpenLots).Long(pool.OpenHolds)
            .Long((long)pool.Alert).Long(pool.RefillMark).Long(pool.LastEntry).Long(pool.Entries).Long(pool.Lows)
            .Long(line.Day).Text(line.UsageType).Text(line.Subject).Long(line.Sum.Uses).Long(line.Sum.Allowance).Long(line.Sum.Purchased)
            .Long(line.Sum.Debt).Long(line.Sum.Returned).Long(line.Sum.Cost);
    }

    public static void WriteWarnings(Rows rows, int bucket, PoolKey key, Pool pool)
    {
        var thresholds = pool.Thresholds;
        rows.Add().Long(bucket).Text(key.Tenant).Text(key.Type).Long((long)pool.Forewarned).Text(thresholds.MarksText())
            .Long(thresholds.RunwayDays ?? AsTypeSays).Long(thresholds.ExpiringDays ?? AsTypeSays);
    }

    public static Lot ReadLot(IRow row) => new()
    {
        Id = row.Long(2),
        Source = (LotSource)row.Long(3),
        Priority = (int)row.Long(4),
        EffectiveAt = new Instant(row.Long(5)),
        ExpiresAt = new Instant(row.Long(6)),
        Granted = row.Long(7),
        Remaining = row.Long(8),
        Held = row.Long(9),
        Drawn = row.Long(10),
        Expired = row.Long(11),
        TakenBack = row.Long(12),
        Owed = row.Long(13),
        Active = row.Long(14) == 1,
        Voided = row.Long(15) == 1,
        ExpiryTold = row.Long(16) == 1,
    };

    public static void WriteLot(Rows rows, int bucket, PoolKey key, Lot lot)
    {
        var dueAt = lot.Remaining == 0 ? Instant.Never : lot.Active ? lot.ExpiresAt : lot.EffectiveAt;
        rows.Add().Long(bucket).Text(key.Tenant).Text(key.Type).Long(lot.Id)
            .Long((long)lot.Source).Long(lot.Priority).Long(lot.EffectiveAt.UnixMs).Long(lot.ExpiresAt.UnixMs)
            .Long(lot.Granted).Long(lot.Remaining).Long(lot.Held).Long(lot.Drawn).Long(lot.Expired).Long(lot.TakenBack).Long(lot.Owed)
            .Long(lot.Active ? 1 : 0).Long(lot.Voided ? 1 : 0).Long(lot.IsOpen ? 1 : 0).Long(dueAt.UnixMs)
            .Long(lot.ExpiryTold ? 1 : 0);
    }

    public static Hold ReadHold(IRow row) => new()
    {
        Id = row.Long(2),
        Amount = row.Long(3),
        Draw = Draw.Parse(row.Text(4)),
        ExpiresAt = new Instant(row.Long(5)),
        PlacedAt = new Instant(row.Long(6)),
        Status = (HoldStatus)row.Long(7),
        Captured = row.Long(8),
        Subject = row.Text(9),
        UsageType = row.Text(10),
        Pricing = new Pricing(row.Long(11), row.Long(12), row.Long(13) is >= 0 and var cost ? cost : null, row.Long(14) is > 0 and var seconds ? (int)seconds : null),
    };

    public static void WriteHold(Rows rows, int bucket, PoolKey key, Hold hold) =>
        rows.Add().Long(bucket).Text(key.Tenant).Text(key.Type).Long(hold.Id).Long(hold.Amount).Text(hold.Draw.ToString())
            .Long(hold.ExpiresAt.UnixMs).Long(hold.PlacedAt.UnixMs).Long((long)hold.Status).Long(hold.Captured)
            .Text(hold.Subject).Text(hold.UsageType).Long(hold.Pricing.Quantity).Long(hold.Pricing.Rate)
            .Long(hold.Pricing.UnitCost ?? NoCost).Long(hold.Pricing.Seconds ?? 0);

    public static Entry ReadEntry(IRow row) => new()
    {
        Id = row.Long(2),
        Kind = (EntryKind)row.Long(3),
        Asked = row.Long(4),
        Amount = row.Long(5),
        Draw = Draw.Parse(row.Text(6)),
        Before = new Balance(row.Long(7), row.Long(8), row.Long(9), row.Long(10)),
        After = new Balance(row.Long(11), row.Long(12), row.Long(13), row.Long(14)),
        Unlimited = row.Long(15) == 1,
        ResetsAt = new Instant(row.Long(16)),
        Related = row.Long(17),
        ExpiresAt = new Instant(row.Long(18)),
        At = new Instant(row.Long(19)),
        Note = new Note(row.Text(20), row.Long(21), row.Text(22), row.Text(23), row.Text(24), row.Text(25), row.Text(26),
            new Pricing(row.Long(28), row.Long(29))),
        Previous = row.Long(27),
        Cost = row.Long(30),
    };

    /// <summary>Column of <see cref="LoadEntry"/> after those of the entry.</summary>
    public static long ReadReversed(IRow row) => row.Long(31);

    public static void WriteEntry(Rows rows, int bucket, PoolKey key, Entry entry)
    {
        var (before, after, note) = (entry.Before, entry.After, entry.Note);
        rows.Add().Long(bucket).Text(key.Tenant).Text(key.Type).Long(entry.Id).Long(entry.Previous).Long((long)entry.Kind)
            .Long(entry.Asked).Long(entry.Amount).Text(entry.Draw.ToString())
            .Long(before.Allowance).Long(before.Purchased).Long(before.Held).Long(before.Debt)
            .Long(after.Allowance).Long(after.Purchased).Long(after.Held).Long(after.Debt)
            .Long(entry.Unlimited ? 1 : 0).Long(entry.ResetsAt.UnixMs).Long(entry.Related).Long(entry.ExpiresAt.UnixMs).Long(entry.At.UnixMs)
            .Text(note.Key).Long(note.Fingerprint).Text(note.Actor).Text(note.Reference).Text(note.Subject).Text(note.UsageType).Text(note.Reason)
            .Long(note.Pricing.Quantity).Long(note.Pricing.Rate).Long(entry.Cost);
    }

    private static Thresholds ReadThresholds(string marks, long runwayDays, long expiringDays) =>
        marks.Length == 0 && runwayDays == AsTypeSays && expiringDays == AsTypeSays
            ? Thresholds.OfType
            : new Thresholds
            {
                RunwayDays = runwayDays == AsTypeSays ? null : (int)runwayDays,
                ExpiringDays = expiringDays == AsTypeSays ? null : (int)expiringDays,
            }.WithMarks(marks);

    private static Statement Insert(string table, params Column[] columns)
    {
        var names = columns.Select(column => column.Name).ToArray();
        return new Statement(
            $"insert into {table} ({string.Join(", ", names)}) select {string.Join(", ", names.Select(name => "r." + name))} from {{rows}}",
            columns);
    }

    /// <summary>Writes rows, whether they are there already or not.</summary>
    public static Statement Upsert(string table, Column[] key, params Column[] values)
    {
        var columns = key.Concat(values).ToArray();
        var names = columns.Select(column => column.Name).ToArray();
        return new Statement(
            $"""
            insert into {table} ({string.Join(", ", names)}) select {string.Join(", ", names.Select(name => "r." + name))} from {"{rows}"} where true
            on conflict ({string.Join(", ", key.Select(column => column.Name))})
            do update set {string.Join(", ", values.Select(column => $"{column.Name} = excluded.{column.Name}"))}
            """, columns);
    }
    /// <summary>Adds numbers to those of a row, or makes the row.</summary>
    /// <param name="once">Kept as the row had them.</param>
    /// <param name="latest">Replaced.</param>
    private static Statement Add(string table, Column[] key, Column[] sums, Column[]? once = null, Column[]? latest = null)
    {
        Column[] columns = [.. key, .. sums, .. once ?? [], .. latest ?? []];
        var names = columns.Select(column => column.Name).ToArray();
        var changes = sums.Select(column => $"{column.Name} = {table}.{column.Name} + excluded.{column.Name}")
            .Concat((latest ?? []).Select(column => $"{column.Name} = excluded.{column.Name}"));
        return new Statement(
            $"""
            insert into {table} ({string.Join(", ", names)}) select {string.Join(", ", names.Select(name => "r." + name))} from {"{rows}"} where true
            on conflict ({string.Join(", ", key.Select(column => column.Name))}) do update set {string.Join(", ", changes)}
            """, columns);
    }
}

/// <summary>One tenant's credits of one type.</summary>
internal readonly record struct PoolKey(string Tenant, string Type);
