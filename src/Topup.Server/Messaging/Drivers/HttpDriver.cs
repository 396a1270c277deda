using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Messaging.Callbacks;

namespace Topup.Server.Messaging.Drivers;

/// <summary>
/// The platform's own gateway: a signed POST, and a reply that says whether the message was taken over. What it tells later
/// is signed with the same secret.
/// </summary>
internal sealed class HttpDriver(OutgoingHttp http, MessageOptions options, TimeProvider clock) : IMessageDriver, ICallbackReader
{
    private const int UrlLengthMax = 1_000;
    private const int ReplyBytesMax = 16 * 1024;
    private const int ReasonLengthMax = 100;
    private const int ProviderIdLengthMax = 128;

    private static readonly CallbackNews Nothing = new(null, null, "", "");

    public string Kind => DriverForm.Http;

    public Problem? Check(MessageDriverRequest settings) =>
        (settings.Url is null ? Problems.Of(400, ProblemCodes.MissingField, "A driver of this kind needs a url.", "url") : null)
        ?? HttpFailure.Url("url", settings.Url!, settings.AllowPrivate ?? false, UrlLengthMax)
        ?? Secret(settings.Secret);

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
        catch (Exception failed) when (HttpFailure.Of(failed, patience.IsCancellationRequested) is { } result)
        {
            return result;
        }
    }

    public CallbackNews? Read(CallbackRequest request, MessageDriver driver)
    {
        if (!GatewaySignature.IsGenuine(driver.Secret, request.Headers, request.Body, clock.GetUtcNow())) return null;
        if (ReadJson(request.Body, TopupJson.Default.GatewayCallback) is not { } told) return Nothing;
        return new CallbackNews(
            MessageId.TryParse(told.Id ?? "", out var id) ? id : null,
            told.Status switch
            {
                "sent" => LaterNews.Sent, "delivered" => LaterNews.Delivered, "undelivered" => LaterNews.Undelivered, "failed" => LaterNews.NotSent, _ => null,
            },
            ReasonOf(told.Reason, told.Status + "_at_gateway"), ProviderId: "", told.Segments is >= 1 and <= MessageForm.SegmentsMax ? told.Segments : null);
    }

    /// <summary>A gateway says it by itself, or never.</summary>
    public Task<long?> CountSegments(string providerId, MessageDriver driver, CancellationToken stop) => Task.FromResult<long?>(null);

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
        request.Headers.Add(GatewaySignature.IdHeader, id);
        request.Headers.Add(GatewaySignature.TimestampHeader, timestamp);
        request.Headers.Add(GatewaySignature.SignatureHeader, GatewaySignature.Sign(driver.Secret, id, timestamp, body));
        return request;
    }

    /// <summary>A gateway that answers 429 or 503 has done nothing; one that fails otherwise may have.</summary>
    private static async Task<SendResult> Read(HttpResponseMessage response, DateTimeOffset now, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var reason = string.Create(CultureInfo.InvariantCulture, $"http_{status}");
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            return SendResult.Later(reason, HttpFailure.RetryAfter(response, now));
        if (status >= 500) return SendResult.Unknown(reason);
        if (status is < 200 or >= 300) return SendResult.Refused(reason);
        return await HttpFailure.Read(response, ReplyBytesMax, stop) is { } body && ReadJson(body, TopupJson.Default.GatewayReply) is { } reply
            ? Read(reply)
            : SendResult.Unknown("reply_unreadable");
    }

    private static SendResult Read(GatewayReply reply) => reply.Status switch
    {
        "accepted" => SendResult.Accepted(
            Fields.Text("id", reply.Id, ProviderIdLengthMax, min: 0) is null ? reply.Id ?? "" : "",
            reply.Segments is >= 1 and <= MessageForm.SegmentsMax ? reply.Segments : null),
        "refused" => SendResult.Refused(ReasonOf(reply.Reason, "refused_by_gateway")),
        _ => SendResult.Unknown("reply_unreadable"),
    };

    private static string ReasonOf(string? given, string otherwise) =>
        given is { Length: > 0 } reason && Fields.Text("reason", reason, ReasonLengthMax) is null ? reason : otherwise;

    private static T? ReadJson<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem? Secret(string? secret) => secret is null || GatewaySignature.KeyOf(secret) is not null ? null : Problems.Invalid("secret",
        $"secret must be {GatewaySignature.SecretPrefix} and the base64 of {GatewaySignature.SecretBytesMin} to {GatewaySignature.SecretBytesMax} random bytes.");
}
