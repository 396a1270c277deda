using System.Globalization;
using CsvHelper;
using Topup.Contracts;

namespace Topup.Server.Checkout;

/// <summary>All purchases that a filter finds as one file, the newest first. Rows come as they are read.</summary>
internal sealed class PurchasesCsv(CheckoutStore store, PurchaseViews views, PurchaseFilter filter) : IResult
{
    private const int PageRows = 1_000;

    // A text that a spreadsheet would run as a formula gets a quote before it; numbers stay numbers.
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    private static readonly string[] Titles =
    [
        "id", "created_at", "paid_at", "tenant", "status", "method", "pack", "title", "type", "credits", "price", "currency", "paid", "refunded", "returned",
        "dispute", "review", "failure", "reference",
    ];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stop = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"purchases.csv\"";
        await using var csv = CsvWriter.Create(httpContext.Response.Body, Options, leaveOpen: true);
        csv.WriteHeader(Titles);
        var next = filter;
        List<PurchaseRow> rows;
        do
        {
            rows = await store.ListAll(next, PageRows, stop);
            foreach (var row in rows)
            {
                Write(csv, views.Of(row));
                await csv.EndRecordAsync(stop);
            }
            if (rows.Count > 0) next = next with { Before = rows[^1].Purchase.Order };
        }
        while (rows.Count == PageRows);
    }

    private static void Write(CsvWriter csv, PurchaseView purchase)
    {
        csv.WriteField(purchase.Id);
        csv.WriteField(Time(purchase.CreatedAt));
        csv.WriteField(purchase.PaidAt is { } paidAt ? Time(paidAt) : null);
        foreach (var text in (ReadOnlySpan<string?>)[purchase.Tenant, purchase.Status, purchase.Method, purchase.Pack, purchase.Title, purchase.Type]) csv.WriteField(text);
        csv.WriteField(purchase.Credits);
        csv.WriteField(purchase.Price);
        csv.WriteField(purchase.Currency);
        foreach (var money in (ReadOnlySpan<decimal>)[purchase.Paid, purchase.Refunded, purchase.Returned]) csv.WriteField(money);
        foreach (var text in (ReadOnlySpan<string?>)[purchase.Dispute, purchase.Review, purchase.Failure, purchase.Reference]) csv.WriteField(text);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
