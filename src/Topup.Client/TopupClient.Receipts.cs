using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>The receipt of a purchase that is paid and credited, with what was given back of it since.</summary>
    public Task<ReceiptView> GetReceipt(string purchase, CancellationToken stop = default) =>
        Get($"/v1/purchases/{Segment(purchase)}/receipt", TopupJson.Default.ReceiptView, stop);

    /// <summary>The same as a page to print, in HTML.</summary>
    public Task<string> GetReceiptPage(string purchase, CancellationToken stop = default) =>
        GetContent($"/v1/purchases/{Segment(purchase)}/receipt.html", (content, within) => content.ReadAsStringAsync(within), stop);

    /// <summary>The same as PDF, A4.</summary>
    public Task<byte[]> GetReceiptPdf(string purchase, CancellationToken stop = default) =>
        GetContent($"/v1/purchases/{Segment(purchase)}/receipt.pdf", (content, within) => content.ReadAsByteArrayAsync(within), stop);

    private Task<T> GetContent<T>(string path, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken stop) => Send(
        () => new HttpRequestMessage(HttpMethod.Get, path), mayRepeat: true, HttpCompletionOption.ResponseContentRead,
        async (response, within) =>
        {
            using (response) return await read(response.Content, within).ConfigureAwait(false);
        }, stop);
}
