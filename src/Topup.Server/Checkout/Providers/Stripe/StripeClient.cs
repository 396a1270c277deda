using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>How long Stripe is waited for, and how often it is asked again.</summary>
internal sealed record StripePatience
{
    /// <summary>For a call with all its tries: whoever called us must hear of it while they still wait.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For one try, so that one lost answer does not use up the whole call.</summary>
    public TimeSpan Try { get; init; } = TimeSpan.FromSeconds(10);
    public int RetryMax { get; init; } = 2;
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>
/// Stripe's API over HTTP. Every change carries a key, so asking again after a lost answer is safe. Neither bodies nor
/// secrets are logged; Stripe finds both by the id of the request.
/// </summary>
internal sealed partial class StripeClient(
    HttpClient http, IProviderSettings settings, TimeProvider clock, ILogger<StripeClient> log, StripePatience? patience = null)
{
    /// <summary>Fixed, so that Stripe's answers keep their shape until this is changed here.</summary>
    public const string Version = "2026-07-29.dahlia";

    private const int AnswerBytesMax = 8 * 1024 * 1024;
    private const string ShouldRetryHeader = "Stripe-Should-Retry";

    private readonly StripePatience patience = patience ?? new StripePatience();

    /// <summary>Null: the key has the shape of a secret one. Else what is wrong with it, for the operator.</summary>
    public static string? KeyProblem(StripeOptions options) =>
        options.SecretKey.Length == 0 ? "The secret key of Stripe is not set."
        : SecretKeyShape().IsMatch(options.SecretKey) ? null
        : "The secret key of Stripe must begin with sk_ or rk_.";

    /// <param name="path">Such as <c>/v1/refunds</c>, with its parameters.</param>
    public Task<StripeAnswer<T>> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken stop)
        where T : class =>
        Send(HttpMethod.Get, path, "", "", type, stop);

    /// <param name="key">The same key and parameters happen once, however often they are sent.</param>
    public Task<StripeAnswer<T>> Post<T>(string path, StripeForm form, string key, JsonTypeInfo<T> type, CancellationToken stop)
        where T : class =>
        Send(HttpMethod.Post, path, form.ToString(), key, type, stop);

    private async Task<StripeAnswer<T>> Send<T>(
        HttpMethod method, string path, string body, string key, JsonTypeInfo<T> type, CancellationToken stop)
        where T : class
    {
        var options = await settings.Stripe(stop);
        if (KeyProblem(options) is { } problem) return StripeAnswer<T>.Unavailable("unauthorized", problem);
        var started = clock.GetTimestamp();
        for (var retry = 0; ; retry++)
        {
            var (answer, mayRepeat) = await Try(Message(), type, patience.Total - clock.GetElapsedTime(started), stop);
            var delay = Delay(retry);
            if (!mayRepeat || retry >= patience.RetryMax || clock.GetElapsedTime(started) + delay >= patience.Total) return answer;
            await Task.Delay(delay, clock, stop);
        }

        HttpRequestMessage Message()
        {
            var message = new HttpRequestMessage(method, options.ApiBase.AbsoluteUri.TrimEnd('/') + path);
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.SecretKey);
            message.Headers.Add("Stripe-Version", Version);
            if (method != HttpMethod.Post) return message;
            message.Headers.Add("Idempotency-Key", key);
            message.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
            return message;
        }
    }

    /// <summary>One request. What it says of itself may be asked again; who asks knows how often.</summary>
    private async Task<(StripeAnswer<T> Answer, bool MayRepeat)> Try<T>(
        HttpRequestMessage message, JsonTypeInfo<T> type, TimeSpan left, CancellationToken stop)
        where T : class
    {
        using var request = message;
        using var late = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(left.Ticks, TimeSpan.TicksPerMillisecond, patience.Try.Ticks)), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            var answer = Read(response.StatusCode, body, type);
            Note(request, response, answer);
            return (answer, MayRepeat(response, answer));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            log.LogWarning("Stripe did not answer {Method} {Path} in time", request.Method, request.RequestUri!.AbsolutePath);
            return (StripeAnswer<T>.Unavailable("timeout", "Stripe did not answer in time."), true);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            log.LogWarning("Stripe was not reached for {Method} {Path}: {Reason}", request.Method, request.RequestUri!.AbsolutePath, broken.Message);
            return (StripeAnswer<T>.Unavailable("unreachable", "Stripe could not be reached."), true);
        }
    }

    private static StripeAnswer<T> Read<T>(HttpStatusCode status, byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (status == HttpStatusCode.OK && JsonSerializer.Deserialize(body, type) is { } value) return StripeAnswer<T>.Of(value);
            if ((int)status >= 400 && JsonSerializer.Deserialize(body, StripeJson.Default.StripeErrorBody)?.Error is { } error)
                return StripeAnswer<T>.Failed(FailureOf(status, error), error);
        }
        catch (JsonException)
        {
        }
        return StripeAnswer<T>.Unavailable("garbage", $"Something that is not Stripe answered with status {(int)status}.");
    }

    private static ProviderFailure FailureOf(HttpStatusCode status, StripeError error)
    {
        var code = error.Code ?? error.Type ?? "unknown";
        // Stripe's own sentence would repeat a part of the key.
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new ProviderFailure(ProviderFailureKind.Unavailable, "unauthorized", "Stripe does not accept our secret key for this.");
        var busy = status is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests || status >= HttpStatusCode.InternalServerError || code == "rate_limit";
        var kind = busy ? ProviderFailureKind.Unavailable : status == HttpStatusCode.NotFound ? ProviderFailureKind.Unknown : ProviderFailureKind.Refused;
        return new ProviderFailure(kind, code, error.Message ?? "Stripe gave no reason.");
    }

    /// <summary>Stripe says so itself, or it is a collision or a fault of its own. Being asked too often is no reason to ask again at once.</summary>
    private static bool MayRepeat<T>(HttpResponseMessage response, StripeAnswer<T> answer)
        where T : class
    {
        if (answer.Failure is null) return false;
        if (response.Headers.TryGetValues(ShouldRetryHeader, out var values) && bool.TryParse(values.First(), out var should)) return should;
        return answer.Failure.Code == "garbage" || response.StatusCode is HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError;
    }

    private void Note<T>(HttpRequestMessage request, HttpResponseMessage response, StripeAnswer<T> answer)
        where T : class =>
        log.Log(answer.Failure is null ? LogLevel.Debug : LogLevel.Warning, "Stripe answered {Method} {Path} with {Status} {Code}, request {RequestId}",
            request.Method, request.RequestUri!.AbsolutePath, (int)response.StatusCode, answer.Failure?.Code ?? "",
            response.Headers.TryGetValues("Request-Id", out var ids) ? ids.First() : "");

    /// <summary>Doubles, in part by chance, so that servers that failed together do not return together.</summary>
    private TimeSpan Delay(int retry)
    {
        var longest = Math.Min(patience.DelayFirst.Ticks << Math.Min(retry + 1, 20), patience.DelayMax.Ticks);
        return TimeSpan.FromTicks(Random.Shared.NextInt64(longest / 2, longest + 1));
    }

    [GeneratedRegex("^(sk|rk)_[A-Za-z0-9_]+$")]
    private static partial Regex SecretKeyShape();
}

/// <summary>What Stripe answered, or why there is nothing.</summary>
/// <param name="Error">What Stripe says of its refusal; null when there is no failure, or not even that.</param>
internal sealed record StripeAnswer<T>(T? Found, ProviderFailure? Failure, StripeError? Error)
    where T : class
{
    /// <summary>To be asked only where there is no failure.</summary>
    public T Value => Found ?? throw new InvalidOperationException("There is a failure, not an answer.");

    public static StripeAnswer<T> Of(T value) => new(value, null, null);

    public static StripeAnswer<T> Failed(ProviderFailure failure, StripeError? error) => new(null, failure, error);

    public static StripeAnswer<T> Unavailable(string code, string message) => new(null, new ProviderFailure(ProviderFailureKind.Unavailable, code, message), null);
}
