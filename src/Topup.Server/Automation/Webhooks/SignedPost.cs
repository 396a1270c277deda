using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Topup.Domain.Automation;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

/// <summary>
/// Posts a signed body and says what came of it. Source: Standard Webhooks 1.0.0,
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
internal sealed class SignedPost(OutgoingHttp http, WebhookOptions options, WebhookMetrics metrics, TimeProvider clock)
{
    /// <summary>How much of an answer is read; a receiver that says more is cut off.</summary>
    private const int ReplyReadMax = 16 * 1024;

    /// <summary>How much of an answer is kept.</summary>
    private const int ReplyKeptMax = 1024;

    private const string UserAgent = "Topup-Webhooks/1";

    /// <param name="id">The same for every attempt.</param>
    /// <param name="keys">To sign with, the newest first; none: it cannot be signed, and nothing is sent.</param>
    public async Task<Sent> Send(string url, bool allowPrivate, string id, byte[] body, IReadOnlyList<byte[]> keys, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var (attempt, error, reply) = keys.Count == 0
            ? (new DeliveryAttempt(0), "secret_unreadable", "")
            : await Post(url, allowPrivate, id, body, keys, stop);
        metrics.Tried(attempt, error);
        return new Sent(attempt, error, reply, (int)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<(DeliveryAttempt Attempt, string Error, string Reply)> Post(
        string url, bool allowPrivate, string id, byte[] body, IReadOnlyList<byte[]> keys, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        using var request = Request(url, id, body, keys, now);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Patience);
        try
        {
            using var response = await http.For(allowPrivate).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            var reply = await ReadReply(response, patience.Token);
            stop.ThrowIfCancellationRequested();
            return (new DeliveryAttempt(status, RetryAfter(response, now)), status is >= 300 and <= 399 ? "redirect" : "", reply);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested && failed is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            return (new DeliveryAttempt(0), patience.IsCancellationRequested ? "timeout" : WordOf(failed), "");
        }
    }

    private static HttpRequestMessage Request(string url, string id, byte[] body, IReadOnlyList<byte[]> keys, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd(UserAgent);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(key => Sign(key, id, timestamp, body))));
        return request;
    }

    private static string Sign(byte[] key, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray()));

    /// <summary>The beginning of the answer. It has arrived with its headers; that its rest may not changes nothing.</summary>
    private static async Task<string> ReadReply(HttpResponseMessage response, CancellationToken stop)
    {
        var buffer = new byte[ReplyReadMax];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            for (int read; length < ReplyReadMax && (read = await body.ReadAsync(buffer.AsMemory(length, ReplyReadMax - length), stop)) > 0;) length += read;
        }
        catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException or IOException)
        {
            // What was read is kept.
        }
        return Text(buffer.AsSpan(0, Math.Min(length, ReplyKeptMax)));
    }

    /// <summary>Text that any database and terminal takes: without control characters but ends of lines.</summary>
    private static string Text(ReadOnlySpan<byte> bytes) =>
        string.Create(Encoding.UTF8.GetCharCount(bytes), bytes, static (text, bytes) =>
        {
            Encoding.UTF8.GetChars(bytes, text);
            foreach (ref var c in text)
                if (char.IsControl(c) && c is not ('\n' or '\t')) c = ' ';
        });

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter;
        return asked?.Delta ?? asked?.Date - now;
    }

    private static string WordOf(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause is AddressRefusedException) return "address_not_public";
            if (cause is AuthenticationException) return "tls_failed";
            if (cause is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) return "name_not_resolved";
            if (cause is TimeoutException) return "timeout";
        }
        return "connection_failed";
    }
}
