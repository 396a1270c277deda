using System.Globalization;
using CsvHelper;
using Topup.Contracts;
using Topup.Server.Catalog;

namespace Topup.Server.Usage;

/// <summary>All pages of a question about usage as one file. Rows come as they are read.</summary>
internal sealed class UsageCsv(UsageStore store, CatalogCache catalogs, UsageQuestion question, bool withCost) : IResult
{
    private const int PageRows = 10_000;

    // A text that a spreadsheet would run as a formula gets a quote before it; numbers stay numbers.
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    private static readonly string[] CostTitle = ["cost"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stop = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"usage.csv\"";
        await using var csv = CsvWriter.Create(httpContext.Response.Body, Options, leaveOpen: true);
        var keys = UsageForm.NamesOf(question.Grouping);
        string[] titles = [.. keys, "uses", "credits", "allowance", "purchased", "debt", "returned", "net", .. withCost ? CostTitle : [], "refused", "refused_by_reason"];
        csv.WriteHeader(titles);
        var after = question.After;
        UsagePage page;
        do
        {
            page = question.Top is { } top
                ? await store.Top(question.Filter, question.Grouping, top, stop)
                : await store.Page(question.Filter, question.Grouping, after, PageRows, stop);
            foreach (var row in page.Rows)
            {
                Write(csv, keys, UsageForm.View(row, page, question.Grouping, catalogs.Current, withCost));
                await csv.EndRecordAsync(stop);
            }
            if (page.Rows.Count > 0) after = page.Rows[^1].Key;
        }
        while (question.Top is null && page.Rows.Count == PageRows);
    }

    private static void Write(CsvWriter csv, IReadOnlyList<string> keys, UsageRow row)
    {
        foreach (var key in keys)
        {
            csv.WriteField(key switch
            {
                "day" => row.Day,
                "week" => row.Week,
                "month" => row.Month,
                "tenant" => row.Tenant,
                "usage_type" => row.UsageType,
                "subject" => row.Subject,
                _ => row.Type,
            });
        }
        csv.WriteField(row.Uses);
        foreach (var number in (ReadOnlySpan<decimal>)[row.Credits, row.Allowance, row.Purchased, row.Debt, row.Returned, row.Net]) csv.WriteField(number);
        if (row.Cost is { } cost) csv.WriteField(cost);
        csv.WriteField(row.Refused.Sum(refused => refused.Count));
        csv.WriteField(string.Join(' ', row.Refused.Select(refused => string.Create(CultureInfo.InvariantCulture, $"{refused.Reason}:{refused.Count}"))));
    }
}
