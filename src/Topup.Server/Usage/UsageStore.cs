using System.Data.Common;
using System.Globalization;
using Dapper;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Domain.Usage;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Usage;

/// <summary>
/// The SQL of usage. The Ledger writes its rows in the transaction of each use; here they are only read, and of days that are over
/// only their totals where nobody asks whose they are. Of purchases it reads the table, not the room: what was sold stands beside
/// what was used on one page.
/// </summary>
internal sealed class UsageStore(Database database)
{
    private const string Keys = "span, tenant, type, usage_type, subject";

    // usage_by_day is both, but what a page asks for does not reach into a view that joins two tables.
    private static readonly Source Days = new("usage_days");
    private static readonly Source Pools = new("pools", "day_");
    private static readonly Source RefusalRows = new("usage_refusals");
    private static readonly Source UseTotals = new("usage_totals");
    private static readonly Source RefusalTotals = new("refusal_totals");

    private static readonly ILookup<UsageKey, Refusal> NoRefusals = Array.Empty<Refusal>().ToLookup(_ => new UsageKey(0, "", "", "", ""));

    /// <summary>One page of what was used, and the totals of all pages, as of one moment.</summary>
    public Task<(UsagePage Page, UsagePage Totals)> Answer(UsageQuestion question, CancellationToken stop) => database.ReadSnapshot(async connection =>
    {
        var page = question.Top is { } top
            ? await Top(connection, question.Filter, question.Grouping, top)
            : await Page(connection, question.Filter, question.Grouping, question.After, question.Paging.Rows);
        var isWhole = question.Top is null && question.After is null && page.Rows.Count < question.Paging.Rows;
        return (page, isWhole ? TotalsOf(page) : await Page(connection, question.Filter, UsageQuestion.Total, null, int.MaxValue));
    }, stop);

    /// <summary>One page in the order of its keys.</summary>
    /// <param name="after">The last key of the page before; null: the first page.</param>
    public Task<UsagePage> Page(UsageFilter filter, UsageGrouping grouping, UsageKey? after, int rows, CancellationToken stop) =>
        database.ReadSnapshot(connection => Page(connection, filter, grouping, after, rows), stop);

    /// <summary>The rows with the most credits, less what was given back.</summary>
    public Task<UsagePage> Top(UsageFilter filter, UsageGrouping grouping, int rows, CancellationToken stop) =>
        database.ReadSnapshot(connection => Top(connection, filter, grouping, rows), stop);

    /// <summary>Purchases that were credited, by the type that was credited and by currency.</summary>
    /// <param name="spans">When each span of days begins, in Unix milliseconds, and its key, in order; the last is the end.</param>
    public Task<List<SalesSum>> Sales(IReadOnlyList<(long From, int Span)> spans, string? type, CancellationToken stop) => database.Read(async connection =>
    {
        var span = spans.Count == 2 ? Number(spans[0].Span) : string.Concat(
            "case ", string.Concat(Enumerable.Range(0, spans.Count - 1).Select(i => $"when p.paid_at < {Number(spans[i + 1].From)} then {Number(spans[i].Span)} ")), "end");
        var sales = new List<SalesSum>();
        await LedgerHistory.Each(connection,
            $"""
            with sold as (
                select cast({span} as bigint) as span, p.lot_type as type, p.currency as currency, p.paid as paid, p.granted as granted,
                    p.refunded + p.returned + case when p.dispute = {Number((long)DisputeState.Lost)} then p.disputed else 0 end as gone,
                    p.claim_taken + p.claim_owed + p.claim_forgiven as taken
                from purchases p
                where p.granted > 0 and p.paid_at >= @from and p.paid_at < @until {(type is null ? "" : "and p.lot_type = @type")})
            select span, type, currency, count(*), cast(sum(paid) as bigint), cast(sum(case when gone < paid then gone else paid end) as bigint),
                cast(sum(granted) as bigint), cast(sum(taken) as bigint)
            from sold group by span, type, currency order by span, type, currency
            """, new { from = spans[0].From, until = spans[^1].From, type },
            row => sales.Add(new SalesSum((int)row.Long(0), row.Text(1), row.Text(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7))));
        return sales;
    }, stop);

    /// <summary>What was used of a pool up to today, day by day.</summary>
    public Task<PastUse> Past(string tenant, string type, int today, CancellationToken stop) => database.Read(async connection =>
    {
        var args = new { bucket = (long)TenantId.Bucket(tenant), tenant, type, from = (long)today - Forecast.DaysBackMax, today = (long)today };
        var first = today;
        await LedgerHistory.Each(connection,
            "select day from usage_by_day where bucket = @bucket and tenant_id = @tenant and type = @type order by day limit 1", args, row => first = (int)row.Long(0));
        var days = new long[Math.Clamp(today - first, 0, Forecast.DaysBackMax)];
        var usedToday = 0L;
        await LedgerHistory.Each(connection,
            """
            select day, cast(sum(allowance + purchased + debt - returned) as bigint) from usage_by_day
            where bucket = @bucket and tenant_id = @tenant and day between @from and @today and type = @type group by day
            """, args, row =>
            {
                var back = today - (int)row.Long(0);
                if (back == 0) usedToday = row.Long(1);
                else days[^back] = row.Long(1);
            });
        return new PastUse(today, [.. days], Math.Max(usedToday, 0));
    }, stop);

    private static async Task<UsagePage> Page(DbConnection connection, UsageFilter filter, UsageGrouping grouping, UsageKey? after, int rows)
    {
        // What lies before the span of the last page need not be counted again.
        if (after is not null && grouping.Span != UsageSpan.None) filter = filter with { FromDay = Math.Max(filter.FromDay, after.Span) };
        return grouping.ByTenant ? await PageByTenant(connection, filter, grouping, after, rows) : await PageOfAll(connection, filter, grouping, after, rows);
    }

    /// <summary>
    /// There are no totals by tenant, but a page ends long before all days and tenants are read: it reads one span, and if that does not
    /// fill it the next two, then four; and of one span only the first tenants that used something.
    /// </summary>
    private static async Task<UsagePage> PageByTenant(DbConnection connection, UsageFilter filter, UsageGrouping grouping, UsageKey? after, int rows)
    {
        var starts = UsageSpans.Starts(filter.FromDay, filter.ToDay, grouping.Span);
        var found = new List<UsagePage>();
        var left = rows;
        for (int first = 0, spans = 1; first < starts.Count && left > 0; first += spans, spans *= 2)
        {
            var next = first + spans;
            var part = filter with { FromDay = Math.Max(filter.FromDay, starts[first]), ToDay = next < starts.Count ? starts[next] - 1 : filter.ToDay };
            var from = after is not null && (grouping.Span == UsageSpan.None || after.Span == starts[first]) ? after.Tenant : "";
            if (spans == 1) part = part with { Tenants = (from, await LastTenant(connection, part, from, left)) };
            var page = await PageOfAll(connection, part, grouping, after, left);
            found.Add(page);
            left -= page.Rows.Count;
        }
        return found is [var only] ? only : new UsagePage(
            [.. found.SelectMany(page => page.Rows)],
            found.SelectMany(page => page.Refusals).SelectMany(refusals => refusals.Select(refusal => (refusals.Key, refusal))).ToLookup(pair => pair.Key, pair => pair.refusal));
    }

    /// <summary>The last of so many tenants that have rows, and one more, for of the first one all rows may stand on the page before.</summary>
    private static async Task<string> LastTenant(DbConnection connection, UsageFilter filter, string from, int rows)
    {
        string Has(Source source) => $"exists (select 1 from {source.Table} u where u.bucket = t.bucket and u.tenant_id = t.tenant_id and {Conditions(source, filter)})";
        return await connection.ExecuteScalarAsync<string?>(
            $"""
            select max(tenant_id) from (
                select t.tenant_id from tenants t where t.tenant_id >= @ofTenant and ({Has(Days)} or {Has(Pools)} or {Has(RefusalRows)})
                order by t.tenant_id limit @rows) n
            """, new { ofTenant = from, type = filter.Type ?? "", usageType = filter.UsageType ?? "", subject = filter.Subject ?? "", rows = (long)rows + 1 }) ?? "";
    }

    private static async Task<UsagePage> PageOfAll(DbConnection connection, UsageFilter filter, UsageGrouping grouping, UsageKey? after, int rows)
    {
        var where = after is null ? "" : $"where ({Keys}) > (@span, @tenant, @ofType, @ofUsageType, @ofSubject)";
        var page = await Sums(connection, filter, grouping, where, Keys, after, rows);
        return new UsagePage(page, page.Count == 0 ? NoRefusals : await Refusals(connection, filter, grouping, page[0].Key, page[^1].Key));
    }

    private static async Task<UsagePage> Top(DbConnection connection, UsageFilter filter, UsageGrouping grouping, int rows)
    {
        var page = await Sums(connection, filter, grouping, "", $"sum(allowance) + sum(purchased) + sum(debt) - sum(returned) desc, {Keys}", null, rows);
        return new UsagePage(page, page.Count == 0 ? NoRefusals : await Refusals(connection, filter, grouping, page.Min(row => row.Key)!, page.Max(row => row.Key)!));
    }

    private static async Task<List<UsageGroup>> Sums(
        DbConnection connection, UsageFilter filter, UsageGrouping grouping, string where, string order, UsageKey? after, int rows)
    {
        var found = new List<UsageGroup>();
        var summed = await SummedUpTo(connection, filter, grouping);
        // Each table is summed by itself first: SQLite sorts what it groups, and what is sorted is narrow there.
        string Uses(Source source, UsageFilter days) =>
            $"select {KeysOf(source, filter, grouping)}, sum(u.{source.Prefix}uses) as uses, sum(u.{source.Prefix}allowance) as allowance, " +
            $"sum(u.{source.Prefix}purchased) as purchased, sum(u.{source.Prefix}debt) as debt, sum(u.{source.Prefix}returned) as returned, sum(u.{source.Prefix}cost) as cost " +
            $"from {From(source, days)} where {Conditions(source, days)} group by {GroupsOf(grouping)}";
        string NoUses(Source source, UsageFilter days) =>
            $"select {KeysOf(source, filter, grouping)}, 0, 0, 0, 0, 0, 0 from {From(source, days)} where {Conditions(source, days)} group by {GroupsOf(grouping)}";
        await LedgerHistory.Each(connection,
            $"""
            with counted as (
                {Parts(filter, summed, UseTotals, Uses, Days, Pools)}
                union all
                {Parts(filter, summed, RefusalTotals, NoUses, RefusalRows)})
            select {(grouping.Span == UsageSpan.None ? "cast(0 as bigint) as span" : "span")}, {(grouping.ByTenant ? "tenant" : "'' as tenant")}, type,
                {(grouping.ByUsageType ? "usage_type" : "'' as usage_type")}, {(grouping.BySubject ? "subject" : "'' as subject")},
                cast(sum(uses) as bigint), cast(sum(allowance) as bigint), cast(sum(purchased) as bigint), cast(sum(debt) as bigint),
                cast(sum(returned) as bigint), cast(sum(cost) as bigint)
            from counted {where} group by {GroupsOf(grouping)} order by {order} limit @rows
            """, Args(filter, after, after, rows),
            row => found.Add(new UsageGroup(ReadKey(row), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9), row.Long(10))));
        return found;
    }

    private static async Task<ILookup<UsageKey, Refusal>> Refusals(
        DbConnection connection, UsageFilter filter, UsageGrouping grouping, UsageKey first, UsageKey last)
    {
        var found = new List<(UsageKey, Refusal)>();
        var summed = await SummedUpTo(connection, filter, grouping);
        string Refused(Source source, UsageFilter days) =>
            $"select {KeysOf(source, filter, grouping)}, u.reason as reason, u.refused as refused, u.asked as asked, u.first_at as first_at, u.last_at as last_at " +
            $"from {From(source, days)} where {Conditions(source, days)}";
        await LedgerHistory.Each(connection,
            $"""
            with counted as (
                {Parts(filter, summed, RefusalTotals, Refused, RefusalRows)})
            select {Keys}, reason, cast(sum(refused) as bigint), cast(sum(asked) as bigint), min(first_at), max(last_at) from counted
            where ({Keys}) >= (@span, @tenant, @ofType, @ofUsageType, @ofSubject)
                and ({Keys}) <= (@lastSpan, @lastTenant, @lastType, @lastUsageType, @lastSubject)
            group by {Keys}, reason order by {Keys}, reason
            """, Args(filter, first, last, 0),
            row => found.Add((ReadKey(row), new Refusal(row.Text(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9)))));
        return found.ToLookup(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>The totals of all pages, out of the rows of the only one.</summary>
    private static UsagePage TotalsOf(UsagePage page)
    {
        var totals = new List<UsageGroup>();
        var refused = new List<(UsageKey, Refusal)>();
        foreach (var rows in page.Rows.GroupBy(row => row.Key.Type, StringComparer.Ordinal).OrderBy(rows => rows.Key, StringComparer.Ordinal))
        {
            var key = new UsageKey(0, "", rows.Key, "", "");
            totals.Add(new UsageGroup(key, rows.Sum(row => row.Uses), rows.Sum(row => row.Allowance), rows.Sum(row => row.Purchased), rows.Sum(row => row.Debt),
                rows.Sum(row => row.Returned), rows.Sum(row => row.Cost)));
            refused.AddRange(rows.SelectMany(row => page.Refusals[row.Key]).GroupBy(refusal => refusal.Reason, StringComparer.Ordinal)
                .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => (key, new Refusal(same.Key, same.Sum(refusal => refusal.Count),
                    same.Sum(refusal => refusal.Asked), same.Min(refusal => refusal.FirstAt), same.Max(refusal => refusal.LastAt)))));
        }
        return new UsagePage(totals, refused.ToLookup(pair => pair.Item1, pair => pair.Item2));
    }

    /// <summary>The last day of which totals answer the question, in the snapshot that answers it; 0: of none do they.</summary>
    private static async Task<int> SummedUpTo(DbConnection connection, UsageFilter filter, UsageGrouping grouping) =>
        filter.Tenant is null && filter.Subject is null && !grouping.ByTenant && !grouping.BySubject
            ? await connection.ExecuteScalarAsync<int>("select number from versions where name = 'usage_totals'")
            : 0;

    /// <summary>The days that are summed out of their totals, and the others out of the tenants' rows: together each day once.</summary>
    private static string Parts(UsageFilter filter, int summed, Source totals, Func<Source, UsageFilter, string> part, params ReadOnlySpan<Source> rows)
    {
        var parts = new List<string>();
        if (summed >= filter.FromDay) parts.Add(part(totals, filter with { ToDay = Math.Min(summed, filter.ToDay) }));
        if (summed < filter.ToDay)
        {
            foreach (var source in rows) parts.Add(part(source, filter with { FromDay = Math.Max(summed + 1, filter.FromDay) }));
        }
        return string.Join(" union all ", parts);
    }

    /// <summary>What is not grouped by is the same for all.</summary>
    private static string KeysOf(Source source, UsageFilter filter, UsageGrouping grouping) =>
        $"cast({SpanOf(filter, grouping.Span)} as bigint) as span, {(grouping.ByTenant ? "u.tenant_id" : "''")} as tenant, u.type as type, " +
        $"{(grouping.ByUsageType ? $"u.{source.Prefix}usage_type" : "''")} as usage_type, {(grouping.BySubject ? $"u.{source.Prefix}subject" : "''")} as subject";

    /// <summary>The keys that differ: SQLite sorts all rows by what it groups by, and is slower for each column that it compares for nothing.</summary>
    private static string GroupsOf(UsageGrouping grouping) =>
        (grouping.Span == UsageSpan.None ? "" : "span, ") + (grouping.ByTenant ? "tenant, " : "") + "type" + (grouping.ByUsageType ? ", usage_type" : "") + (grouping.BySubject ? ", subject" : "");

    private static string SpanOf(UsageFilter filter, UsageSpan span)
    {
        if (span == UsageSpan.None) return "0";
        if (span == UsageSpan.Day) return "u.day";
        var starts = UsageSpans.Starts(filter.FromDay, filter.ToDay, span);
        return starts.Count == 1 ? Number(starts[0]) : string.Concat(
            "case ", string.Concat(Enumerable.Range(0, starts.Count - 1).Select(i => $"when u.day < {Number(starts[i + 1])} then {Number(starts[i])} ")),
            $"else {Number(starts[^1])} end");
    }

    /// <summary>Tenants first: their rows are found by the primary key, which SQLite does not do for pairs of columns in a list.</summary>
    private static string From(Source source, UsageFilter filter) => $"{(filter.Tenants is null ? "" : "tenants t cross join ")}{source.Table} u";

    private static string Conditions(Source source, UsageFilter filter) =>
        (filter.Tenant is null ? "" : "u.bucket = @bucket and u.tenant_id = @ofTenant and ")
        + (filter.Tenants is null ? "" : "t.tenant_id between @fromTenant and @toTenant and u.bucket = t.bucket and u.tenant_id = t.tenant_id and ")
        + $"u.day between {Number(filter.FromDay)} and {Number(filter.ToDay)}"
        + (filter.Type is null ? "" : " and u.type = @type")
        + (filter.UsageType is null ? "" : $" and u.{source.Prefix}usage_type = @usageType")
        + (filter.Subject is null ? "" : $" and u.{source.Prefix}subject = @subject");

    private static object Args(UsageFilter filter, UsageKey? first, UsageKey? last, int rows) => new
    {
        bucket = filter.Tenant is null ? 0L : TenantId.Bucket(filter.Tenant), ofTenant = filter.Tenant ?? "",
        fromTenant = filter.Tenants?.First ?? "", toTenant = filter.Tenants?.Last ?? "",
        type = filter.Type ?? "", usageType = filter.UsageType ?? "", subject = filter.Subject ?? "",
        span = (long)(first?.Span ?? 0), tenant = first?.Tenant ?? "", ofType = first?.Type ?? "", ofUsageType = first?.UsageType ?? "", ofSubject = first?.Subject ?? "",
        lastSpan = (long)(last?.Span ?? 0), lastTenant = last?.Tenant ?? "", lastType = last?.Type ?? "", lastUsageType = last?.UsageType ?? "",
        lastSubject = last?.Subject ?? "", rows = (long)rows,
    };

    private static UsageKey ReadKey(IRow row) => new((int)row.Long(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Prefix">What stands before the names of its columns that are about usage.</param>
    private sealed record Source(string Table, string Prefix = "");
}

/// <summary>Which rows count. What is null does not matter.</summary>
internal sealed record UsageFilter
{
    public string? Tenant { get; init; }

    /// <summary>Both count too.</summary>
    public (string First, string Last)? Tenants { get; init; }
    public required int FromDay { get; init; }

    /// <summary>It counts too.</summary>
    public required int ToDay { get; init; }
    public string? Type { get; init; }
    public string? UsageType { get; init; }
    public string? Subject { get; init; }
}

/// <summary>By what rows are apart, beside their credit type.</summary>
internal sealed record UsageGrouping(UsageSpan Span = UsageSpan.None, bool ByTenant = false, bool ByUsageType = false, bool BySubject = false);

/// <summary>What rows have in common; what they are not grouped by is 0 or empty.</summary>
/// <param name="Span">The first day of the day, week or month.</param>
internal sealed record UsageKey(int Span, string Tenant, string Type, string UsageType, string Subject) : IComparable<UsageKey>
{
    public int CompareTo(UsageKey? other)
    {
        if (other is null) return 1;
        var order = Span.CompareTo(other.Span);
        if (order == 0) order = string.CompareOrdinal(Tenant, other.Tenant);
        if (order == 0) order = string.CompareOrdinal(Type, other.Type);
        if (order == 0) order = string.CompareOrdinal(UsageType, other.UsageType);
        return order == 0 ? string.CompareOrdinal(Subject, other.Subject) : order;
    }
}

/// <summary>Smallest units of the type; the cost in millionths of the operator's currency.</summary>
internal sealed record UsageGroup(UsageKey Key, long Uses, long Allowance, long Purchased, long Debt, long Returned, long Cost);

internal sealed record Refusal(string Reason, long Count, long Asked, long FirstAt, long LastAt);

internal sealed record UsagePage(IReadOnlyList<UsageGroup> Rows, ILookup<UsageKey, Refusal> Refusals);

/// <summary>Minor units of the currency, smallest units of the type.</summary>
internal sealed record SalesSum(int Span, string Type, string Currency, long Purchases, long Paid, long Refunded, long CreditsSold, long CreditsTakenBack);
