using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers.Twilio;

/// <summary>
/// Twilio's API of messages over HTTP. A new message has no key there, so it is asked for once. Neither forms nor secrets are
/// logged. Source: https://www.twilio.com/docs/messaging/api/message-resource
/// </summary>
internal sealed class TwilioClient(OutgoingHttp http, TimeProvider clock)
{
    public const string ApiBase = "https://api.twilio.com";

    private const int AnswerBytesMax = 64 * 1024;

    public async Task<SendResult> Create(MessageDriver driver, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Post, driver, "/Messages.json");
        request.Content = new FormUrlEncodedContent(form);
        using var response = await Ask(request, driver, stop);
        if (!response.IsSuccessStatusCode)
        {
            var code = (await Read(response, TwilioJson.Default.TwilioProblem, stop))?.Code ?? 0;
            return TwilioAnswer.Refusal((int)response.StatusCode, code, HttpFailure.RetryAfter(response, clock.GetUtcNow()));
        }
        return await Read(response, TwilioJson.Default.TwilioMessage, stop) is { Sid.Length: > 0 } message
            ? Taken(message)
            : SendResult.Unknown("reply_unreadable");
    }

    /// <summary>How many segments a message took; null: Twilio does not say, or not yet.</summary>
    public async Task<long?> CountSegments(MessageDriver driver, string sid, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Get, driver, $"/Messages/{Uri.EscapeDataString(sid)}.json");
        using var response = await Ask(request, driver, stop);
        return response.IsSuccessStatusCode && await Read(response, TwilioJson.Default.TwilioMessage, stop) is { } message ? SegmentsOf(message) : null;
    }

    private static SendResult Taken(TwilioMessage message)
    {
        var code = message.ErrorCode ?? 0;
        return TwilioAnswer.IsDead(message.Status ?? "")
            ? SendResult.Refused(TwilioAnswer.ReasonOf(message.Status!, code)) with { Suppress = TwilioAnswer.SuppressionOf(code) }
            : SendResult.Accepted(message.Sid!, SegmentsOf(message));
    }

    /// <summary>A text; of a messaging service it is 0 at first.</summary>
    private static long? SegmentsOf(TwilioMessage message) =>
        long.TryParse(message.NumSegments, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MessageForm.SegmentsMax
            ? count
            : null;

    private Task<HttpResponseMessage> Ask(HttpRequestMessage request, MessageDriver driver, CancellationToken stop) =>
        http.For(driver.Settings.AllowPrivate ?? false).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);

    private static HttpRequestMessage Request(HttpMethod method, MessageDriver driver, string path)
    {
        var settings = driver.Settings;
        var url = $"{(settings.ApiBase ?? ApiBase).TrimEnd('/')}/2010-04-01/Accounts/{settings.AccountSid}{path}";
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.ApiKey ?? settings.AccountSid}:{driver.Secret}")));
        return request;
    }

    /// <summary>Null: it is not what Twilio answers.</summary>
    private static async Task<T?> Read<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken stop)
        where T : class
    {
        if (await HttpFailure.Read(response, AnswerBytesMax, stop) is not { } body) return null;
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Of Twilio's message only what is used is read.</summary>
internal sealed record TwilioMessage
{
    public string? Sid { get; init; }
    public string? Status { get; init; }
    public string? NumSegments { get; init; }
    public int? ErrorCode { get; init; }
}

/// <summary>Its text names the recipient, and is not read.</summary>
internal sealed record TwilioProblem
{
    public int? Code { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TwilioMessage))]
[JsonSerializable(typeof(TwilioProblem))]
internal sealed partial class TwilioJson : JsonSerializerContext;
