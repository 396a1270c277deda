using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary>
/// The platform's own gateway: a signed POST, and a reply that says whether the message was taken over. Signed after
/// Standard Webhooks 1.0.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
internal sealed class HttpDriver(OutgoingHttp http, MessageOptions options, TimeProvider clock) : IMessageDriver
{
    private const string SecretPrefix = "whsec_";
    private const int SecretBytesMin = 24;
    private const int SecretBytesMax = 64;
    private const int UrlLengthMax = 1_000;
    private const int ReplyBytesMax = 16 * 1024;
    private const int ReasonLengthMax = 100;
    private const int ProviderIdLengthMax = 128;
    private const int SegmentsMax = 255;

    public string Kind => "http";

    public Problem? Check(MessageDriverRequest settings) =>
        DriverForm.Without(settings, DriverForm.OfSmtp, Kind) ?? Url(settings) ?? Secret(settings.Secret);

    /// <summary>It signs, and is itself sent nowhere.</summary>
    public bool KeepsSecret(MessageDriverRequest before, MessageDriverRequest after) => true;

    public bool NeedsSecret(MessageDriverRequest settings) => true;

    public async Task<SendResult> Send(OutgoingMessage message, MessageDriver driver, CancellationToken stop)
    {
        using var request = Request(message, driver, clock.GetUtcNow());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Patience);
        try
        {
            using var response = await http.For(driver.Settings.AllowPrivate ?? false)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return await Read(response, clock.GetUtcNow(), patience.Token);
        }
        catch (HttpRequestException failed) when (NotSent(failed) is { } reason)
        {
            return reason == AddressRefused ? SendResult.Refused(reason) : SendResult.Later(reason);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException)
        {
            return SendResult.Unknown(patience.IsCancellationRequested ? "timeout" : "connection_lost");
        }
    }

    private const string AddressRefused = "address_not_public";

    private static HttpRequestMessage Request(OutgoingMessage message, MessageDriver driver, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new GatewayMessage
        {
            Id = message.Id.ToString(), Tenant = message.Id.Tenant, Channel = message.Channel, Purpose = message.Purpose, To = message.Content.Recipient,
            Subject = MessageForm.TextOrNull(message.Content.Subject), Text = MessageForm.TextOrNull(message.Content.Text),
            Html = MessageForm.TextOrNull(message.Content.Html), Reference = MessageForm.TextOrNull(message.Reference),
        }, Json.Wire.GatewayMessage);
        var (id, timestamp) = ("msg_" + message.Id.Id, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var request = new HttpRequestMessage(HttpMethod.Post, driver.Settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(driver.Secret, id, timestamp, body));
        return request;
    }

    private static string Sign(string secret, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret)!, (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body]));

    /// <summary>A gateway that answers 429 or 503 has done nothing; one that fails otherwise may have.</summary>
    private static async Task<SendResult> Read(HttpResponseMessage response, DateTimeOffset now, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var reason = string.Create(CultureInfo.InvariantCulture, $"http_{status}");
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            return SendResult.Later(reason, response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now);
        if (status >= 500) return SendResult.Unknown(reason);
        if (status is < 200 or >= 300) return SendResult.Refused(reason);
        return await ReadReply(response, stop) is { } reply ? Read(reply) : SendResult.Unknown("reply_unreadable");
    }

    private static SendResult Read(GatewayReply reply) => reply.Status switch
    {
        "accepted" => SendResult.Accepted(
            Fields.Text("id", reply.Id, ProviderIdLengthMax, min: 0) is null ? reply.Id ?? "" : "", reply.Segments is >= 1 and <= SegmentsMax ? reply.Segments : null),
        "refused" => SendResult.Refused(
            reply.Reason is { Length: > 0 } reason && Fields.Text("reason", reason, ReasonLengthMax) is null ? reason : "refused_by_gateway"),
        _ => SendResult.Unknown("reply_unreadable"),
    };

    private static async Task<GatewayReply?> ReadReply(HttpResponseMessage response, CancellationToken stop)
    {
        var buffer = new byte[ReplyBytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        if (length == buffer.Length) return null;
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), TopupJson.Default.GatewayReply);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Why nothing can have been sent; null: something may have been.</summary>
    private static string? NotSent(HttpRequestException failed)
    {
        for (Exception? cause = failed; cause is not null; cause = cause.InnerException)
            if (cause is AddressRefusedException) return AddressRefused;
        return failed.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name_not_resolved",
            HttpRequestError.ConnectionError => "not_connected",
            HttpRequestError.SecureConnectionError => "tls_failed",
            _ => null,
        };
    }

    private static Problem? Url(MessageDriverRequest settings)
    {
        if (settings.Url is not { } url) return Problems.Of(400, ProblemCodes.MissingField, "A driver of this kind needs a url.", "url");
        var allowPrivate = settings.AllowPrivate ?? false;
        if (url.Length > UrlLengthMax) return Problems.Invalid("url", $"url must be at most {UrlLengthMax} characters.", UrlLengthMax);
        if (url.AsSpan().ContainsAnyExceptInRange('!', '~') || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            return Problems.Invalid("url", "url must be an address such as https://example.com/messages, in ASCII.");
        if (parsed.Scheme != Uri.UriSchemeHttps && !(allowPrivate && parsed.Scheme == Uri.UriSchemeHttp))
            return Problems.Invalid("url", "url must begin with https://, or with allow_private = true with http://.");
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return Problems.Invalid("url", "url must have no user name, password or fragment.");
        return !allowPrivate && IPAddress.TryParse(parsed.IdnHost, out var address) && !OutgoingHttp.IsPublic(address)
            ? Problems.Invalid("url", "url leads to an address that is not public. If that is meant, give allow_private = true.")
            : null;
    }

    private static Problem? Secret(string? secret) => secret is null || KeyOf(secret) is not null ? null : Problems.Invalid(
        "secret", $"secret must be {SecretPrefix} and the base64 of {SecretBytesMin} to {SecretBytesMax} random bytes.");

    private static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var key = new byte[SecretBytesMax];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out var length) && length >= SecretBytesMin ? key[..length] : null;
    }
}
