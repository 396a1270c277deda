using CsvHelper;
using Topup.Domain.Imports;

namespace Topup.Server.Imports;

/// <summary>
/// The rows that were refused, each with its reason, and those of a canceled import that nobody has begun. Rows come as they are
/// read. The file can be corrected and imported again.
/// </summary>
internal sealed class FailuresCsv(ImportStore store, ImportRecord import) : IResult
{
    private const int AtOnce = 1_000;
    private const string NotBegun = "import_canceled";

    // A text that a spreadsheet would run as a formula gets a quote before it, which an import takes away again.
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stop = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{ImportKinds.NameOf(import.Kind)}-not-imported.csv\"";
        await using var csv = CsvWriter.Create(httpContext.Response.Body, Options, leaveOpen: true);
        csv.WriteHeader([.. ImportColumns.Of(import.Kind).Select(column => column.Name), .. ImportColumns.OfFailures]);
        List<ImportFailure> failures;
        var line = 0;
        do
        {
            failures = await store.Failures(import.Id, line, AtOnce, stop);
            foreach (var failure in failures)
            {
                Write(csv, failure);
                await csv.EndRecordAsync(stop);
                line = failure.Line;
            }
        }
        while (failures.Count == AtOnce);
        if (import.Progress.Status != ImportStatus.Canceled) return;
        for (var next = await store.NotBegun(import.Id, -1, stop); next is var (number, rows); next = await store.NotBegun(import.Id, number, stop))
            foreach (var row in rows)
            {
                Write(csv, new ImportFailure(row.Line, row.Cells, NotBegun, "The import was canceled before this row."));
                await csv.EndRecordAsync(stop);
            }
    }

    private static void Write(CsvWriter csv, ImportFailure failure)
    {
        foreach (var cell in failure.Cells) csv.WriteField(cell);
        csv.WriteField(failure.Line);
        csv.WriteField(failure.Code);
        csv.WriteField(failure.Problem);
    }
}
