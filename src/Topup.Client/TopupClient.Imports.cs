using System.Net.Http.Headers;
using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Imports a file of tenants or grants. It is checked whole before anything of it is done, and goes on by itself.</summary>
    /// <param name="kind"><c>tenants</c> or <c>grants</c>.</param>
    /// <param name="csv">RFC 4180 in UTF-8 with a header, at most 10 MB and 100,000 rows.</param>
    /// <param name="reason">Why, for the audit.</param>
    public Task<ImportReply> StartImport(string kind, byte[] csv, string? idempotencyKey = null, string? reason = null, CancellationToken stop = default)
    {
        var key = idempotencyKey ?? NewKey();
        return Send(() =>
        {
            var message = Csv(Query("/v1/imports", ("kind", kind)), csv);
            message.Headers.TryAddWithoutValidation(KeyHeader, key);
            if (reason is not null) message.Headers.TryAddWithoutValidation(ReasonHeader, reason);
            return message;
        }, mayRepeat: true, TopupJson.Default.ImportReply, stop);
    }

    /// <summary>Says what is wrong with a file, and does nothing else.</summary>
    public Task<ImportReply> CheckImport(string kind, byte[] csv, CancellationToken stop = default) =>
        Send(() => Csv(Query("/v1/imports", ("kind", kind), ("dry_run", "true")), csv), mayRepeat: true, TopupJson.Default.ImportReply, stop);

    /// <summary>An import, and how far it is.</summary>
    public Task<ImportView> GetImport(string id, CancellationToken stop = default) => Get($"/v1/imports/{Segment(id)}", TopupJson.Default.ImportView, stop);

    /// <summary>Imports, the newest first.</summary>
    public IAsyncEnumerable<ImportView> ListImports(CancellationToken stop = default) => All((cursor, within) => ListImportsPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListImports"/>.</summary>
    public Task<Page<ImportView>> ListImportsPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/imports", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageImportView, stop);

    /// <summary>Begins no more rows of it. What was done stays done.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<ImportView> CancelImport(string id, string? reason = null, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, $"/v1/imports/{Segment(id)}/cancel", null, ReasonHeader, reason), mayRepeat: true, TopupJson.Default.ImportView, stop);

    /// <summary>
    /// The rows that were refused, and those of a canceled import that were not begun, as CSV with the reason: to be corrected and imported again.
    /// </summary>
    public Task<Stream> ExportImportFailures(string id, CancellationToken stop = default) => Send(
        () => new HttpRequestMessage(HttpMethod.Get, $"/v1/imports/{Segment(id)}/failures.csv"), mayRepeat: true, HttpCompletionOption.ResponseHeadersRead,
        (response, within) => response.Content.ReadAsStreamAsync(within), stop);

    private static HttpRequestMessage Csv(string path, byte[] csv)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(csv) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return message;
    }
}
