using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// Mercado Pago's API over HTTP. What may be a passing failure is asked again with the same idempotency key, for as long
/// as <see cref="Budget"/> lasts, so that a caller who waits gets an answer in reasonable time. Bodies and the access token
/// never reach a log.
/// </summary>
internal sealed class MercadoPagoClient(HttpClient http, TimeProvider clock, ILogger<MercadoPagoClient> log)
{
    private const int RetryMax = 4;
    private const int BodyBytesMax = 4 * 1024 * 1024;
    private const int WordsMax = 200;

    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    /// <summary>The longest time that one call may take, retries and waits included.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time that one try may take.</summary>
    public TimeSpan TryMax { get; init; } = TimeSpan.FromSeconds(8);

    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Null: the access token has the shape of one. Else what is wrong with it, for the operator.</summary>
    public static string? TokenProblem(MercadoPagoOptions options) => options.AccessToken.Trim() switch
    {
        "" => "The access token of Mercado Pago is not set.",
        var token when token.Any(letter => letter is <= ' ' or >= '\x7f') => "The access token of Mercado Pago has characters that none has.",
        _ => null,
    };

    public Task<ProviderAnswer<JsonElement>> Get(MercadoPagoOptions options, string path, CancellationToken stop) =>
        Send(options, HttpMethod.Get, path, null, default, stop);

    /// <param name="key">The same for the same order or refund, so that it is made once.</param>
    public Task<ProviderAnswer<JsonElement>> Post(MercadoPagoOptions options, string path, JsonObject body, Guid key, CancellationToken stop) =>
        Send(options, HttpMethod.Post, path, body, key, stop);

    public Task<ProviderAnswer<JsonElement>> Put(MercadoPagoOptions options, string path, JsonObject body, Guid key, CancellationToken stop) =>
        Send(options, HttpMethod.Put, path, body, key, stop);

    private async Task<ProviderAnswer<JsonElement>> Send(
        MercadoPagoOptions options, HttpMethod method, string path, JsonObject? body, Guid key, CancellationToken stop)
    {
        if (TokenProblem(options) is { } problem) return Unavailable("unauthorized", problem);
        var json = body?.ToJsonString();
        var started = clock.GetTimestamp();
        for (var retry = 0; ; retry++)
        {
            using var request = Request(options, method, path, json, key);
            var attempt = await Try(request, Budget - clock.GetElapsedTime(started), stop);
            if (attempt.Answer.Failure is not { } failure) return attempt.Answer;

            var delay = Delay(retry, attempt.RetryAfter);
            var isLast = !attempt.MayRepeat || retry == RetryMax || clock.GetElapsedTime(started) + delay >= Budget;
            log.LogWarning("Mercado Pago did not do {Method} {Path}: {Code}, request {RequestId}, try {Try}{Last}.",
                method, PathOf(path), failure.Code, attempt.RequestId, retry + 1, isLast ? ", the last" : "");
            if (isLast) return failure;
            await Task.Delay(delay, clock, stop);
        }
    }

    private static HttpRequestMessage Request(MercadoPagoOptions options, HttpMethod method, string path, string? json, Guid key)
    {
        var request = new HttpRequestMessage(method, new Uri(options.ApiBase.AbsoluteUri.TrimEnd('/') + path));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + options.AccessToken.Trim());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (json is null) return request;
        request.Headers.TryAddWithoutValidation("X-Idempotency-Key", key.ToString());
        request.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private async Task<Attempt> Try(HttpRequestMessage request, TimeSpan left, CancellationToken stop)
    {
        // The pause before a try may have taken longer than was asked for.
        var time = TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, TryMax.Ticks));
        using var late = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await response.Content.LoadIntoBufferAsync(BodyBytesMax, either.Token);
            return Read(response, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return new Attempt(Unavailable("unreachable", "Mercado Pago could not be reached."), MayRepeat: true);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Attempt(Unavailable("timeout", "Mercado Pago did not answer in time."), MayRepeat: true);
        }
    }

    private Attempt Read(HttpResponseMessage response, byte[] body)
    {
        var isJson = TryParse(body, out var json);
        var requestId = response.Headers.TryGetValues("x-request-id", out var ids) ? Words(ids.First()) : "";
        if (response.IsSuccessStatusCode)
            return isJson ? new Attempt(json) : new Attempt(Unavailable("garbage", "Mercado Pago's answer made no sense."), MayRepeat: true, default, requestId);
        var asked = response.Headers.RetryAfter;
        return new Attempt(Failure(response.StatusCode, json), IsBusy(response.StatusCode), asked?.Delta ?? asked?.Date - clock.GetUtcNow() ?? default, requestId);
    }

    private static bool TryParse(byte[] body, out JsonElement json)
    {
        json = default;
        try
        {
            json = JsonElement.Parse(body);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ProviderFailure Failure(HttpStatusCode status, JsonElement body)
    {
        var http = $"http_{(int)status}";
        if (IsBusy(status) || status < HttpStatusCode.BadRequest) return Unavailable(http, "Mercado Pago is not available.");
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return Unavailable("unauthorized", "Mercado Pago does not accept our access token for this.");
        var code = CodeOf(body) is { Length: > 0 } told ? told : http;
        if (status == HttpStatusCode.NotFound) return new ProviderFailure(ProviderFailureKind.Unknown, code, "Mercado Pago knows no such thing.");
        var words = Words(body.Text("message"));
        return new ProviderFailure(ProviderFailureKind.Refused, code, words.Length > 0 ? $"Mercado Pago refuses: {words}" : "Mercado Pago refuses.");
    }

    /// <summary>A conflict is another try of the same key that is still being worked off.</summary>
    private static bool IsBusy(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

    /// <summary>The number of the first cause says most; the name of the error is there more often.</summary>
    private static string CodeOf(JsonElement body)
    {
        var cause = body.Items("cause").Select(item => item.Text("code")).FirstOrDefault(code => code.Length > 0);
        return Words(cause ?? body.Text("error"));
    }

    private static ProviderFailure Unavailable(string code, string message) => new(ProviderFailureKind.Unavailable, code, message);

    /// <summary>A random part of a time that doubles, and never less than was asked for.</summary>
    private TimeSpan Delay(int retry, TimeSpan asked)
    {
        var longest = Math.Min(DelayFirst.Ticks << retry, DelayMax.Ticks);
        var delay = TimeSpan.FromTicks(Random.Shared.NextInt64(longest / 2, longest + 1));
        return delay > asked ? delay : asked;
    }

    /// <summary>Words of somebody else, short and of one line.</summary>
    private static string Words(string words) => new([.. words.Take(WordsMax).Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    private static string PathOf(string path) => Words(path.Split('?')[0]);

    private readonly record struct Attempt(ProviderAnswer<JsonElement> Answer, bool MayRepeat = false, TimeSpan RetryAfter = default, string RequestId = "");
}
