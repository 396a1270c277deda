using System.Globalization;
using CsvHelper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>GET /v1/tenants/{id}/entries</c>: a tenant's history, the newest first; as CSV with <c>format=csv</c>.</summary>
internal sealed class ListEntries(LedgerHistory history, LedgerReader reader, CatalogCache catalogs)
{
    private const int CsvPage = 1_000;

    public async Task<IResult> Handle(HttpContext context, string id, [AsParameters] Query query)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return query.Format == "csv"
            ? await Csv(id, query, context.RequestAborted)
            : Reply.Of(await Run(id, query, context.RequestAborted), Json.Wire.PageEntryView);
    }

    /// <summary>All that the query finds, as a file.</summary>
    public async Task<IResult> Csv(string id, Query query, CancellationToken stop)
    {
        var filter = await Filter(id, query, stop);
        return filter.Problem is { } wrong ? wrong.AsResult() : new CsvResult(this, id, filter.Value.Filter);
    }

    public async Task<Outcome<Page<EntryView>>> Run(string id, Query query, CancellationToken stop)
    {
        var read = await Filter(id, query, stop);
        if (read.Problem is { } wrong) return wrong;
        var (filter, paging) = read.Value;
        var rows = await history.Entries(id, filter with { Limit = paging.Rows }, stop);
        var page = paging.Of(rows, row => CursorOf(row));
        return new Page<EntryView> { Data = [.. page.Data.Select(row => View(id, row))], NextCursor = page.NextCursor };
    }

    private async Task<Outcome<(EntryFilter Filter, Paging Paging)>> Filter(string id, Query query, CancellationToken stop)
    {
        var paging = Paging.Read(query.Limit, query.Cursor);
        if (paging.Problem is { } wrong) return wrong;
        var filter = Filter(query, paging.Value);
        if (filter.Problem is { } invalid) return invalid;
        var known = await reader.Pools(id, stop);
        return known.Problem is { } unknown ? unknown : (filter.Value, paging.Value);
    }

    private static Outcome<EntryFilter> Filter(Query query, Paging paging)
    {
        if (query.Format is not (null or "json" or "csv")) return Problems.Invalid("format", "format must be json or csv.");
        EntryKind? kind = query.Kind is null ? null : LedgerViews.KindOf(query.Kind) ?? EntryKind.None;
        if (kind == EntryKind.None) return Problems.Invalid("kind", "kind must be a kind of entry, such as consume or grant.");
        if ((Fields.Code("type", query.Type) ?? LedgerDesk.Words(query.UsageType, query.Subject, query.Reference)) is { } words) return words;
        var (from, to) = (default(DateTimeOffset), default(DateTimeOffset));
        if (query.From is not null && !Times.TryParse(query.From, out from)) return NoTime("from");
        if (query.To is not null && !Times.TryParse(query.To, out to)) return NoTime("to");
        var filter = new EntryFilter
        {
            Type = query.Type, Kind = kind, Subject = query.Subject, UsageType = query.UsageType, Reference = query.Reference,
            FromId = query.From is null ? 0 : EntryId.FirstAt(Instant.From(from)),
            BeforeId = query.To is null ? long.MaxValue : EntryId.FirstAt(Instant.From(to)),
        };
        if (paging.After.Length == 0) return filter;
        var parts = paging.After.Split(' ');
        return parts is [var number, var type] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? filter with { BeforeId = Math.Min(before, filter.BeforeId), BeforeType = type }
            : Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
    }

    private static Problem NoTime(string field) =>
        Problems.Invalid(field, $"{field} must be a time with an offset, such as 2026-01-31T09:00:00Z.");

    private static string CursorOf(StoredEntry row) => string.Create(CultureInfo.InvariantCulture, $"{row.Entry.Id} {row.Type}");

    private EntryView View(string tenant, StoredEntry row) =>
        LedgerViews.Entry(row.Entry, new PoolKey(tenant, row.Type), TypeOf(row.Type));

    /// <summary>A type with a history cannot be deleted, so it is always there.</summary>
    private CreditType TypeOf(string code) => catalogs.Current.Types[code];

    private async Task WriteCsv(HttpContext context, string tenant, EntryFilter filter)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"entries.csv\"";
        // A text that a spreadsheet would run as a formula gets a quote before it; numbers stay numbers.
        await using var csv = CsvWriter.Create(context.Response.Body, CsvOptions, leaveOpen: true);
        csv.WriteHeader(Titles);
        List<StoredEntry> rows;
        do
        {
            rows = await history.Entries(tenant, filter with { Limit = CsvPage }, context.RequestAborted);
            foreach (var row in rows)
            {
                Write(csv, View(tenant, row));
                await csv.EndRecordAsync(context.RequestAborted);
            }
            if (rows.Count > 0) filter = filter with { BeforeId = rows[^1].Entry.Id, BeforeType = rows[^1].Type };
        }
        while (rows.Count == CsvPage);
    }

    private static readonly CsvWriterOptions CsvOptions = new() { Injection = CsvInjection.Escape };

    private static readonly string[] Titles =
    [
        "id", "at", "type", "kind", "asked", "amount", "from_allowance", "from_purchased", "allowance_before", "purchased_before", "held_before",
        "debt_before", "allowance_after", "purchased_after", "held_after", "debt_after", "related", "key", "actor", "reference", "subject",
        "usage_type", "reason",
    ];

    private static void Write(CsvWriter csv, EntryView entry)
    {
        csv.WriteField(entry.Id);
        csv.WriteField(entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        csv.WriteField(entry.Type);
        csv.WriteField(entry.Kind);
        foreach (var number in (ReadOnlySpan<decimal>)[entry.Asked, entry.Amount, entry.Drawn.Allowance, entry.Drawn.Purchased,
            entry.Before.Allowance, entry.Before.Purchased, entry.Before.Held, entry.Before.Debt,
            entry.After.Allowance, entry.After.Purchased, entry.After.Held, entry.After.Debt])
            csv.WriteField(number);
        foreach (var text in (ReadOnlySpan<string?>)[entry.Related, entry.Key, entry.Actor, entry.Reference, entry.Subject, entry.UsageType, entry.Reason])
            csv.WriteField(text);
    }

    /// <summary>What may be asked for in the query string.</summary>
    internal sealed record Query(
        string? Type = null, string? Kind = null, string? Subject = null,
        [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "usage_type")] string? UsageType = null,
        string? Reference = null, string? From = null, string? To = null, string? Limit = null, string? Cursor = null, string? Format = null);

    private sealed class CsvResult(ListEntries list, string tenant, EntryFilter filter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => list.WriteCsv(httpContext, tenant, filter);
    }
}
