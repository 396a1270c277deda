using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Topup.Contracts;

namespace Topup.Client;

/// <summary>
/// A Topup server. Every operation of its API is a method of the same name. A request that is safe to repeat is sent
/// again when the network fails or the server is busy: reads, changes that replace, and changes that carry an
/// idempotency key, always with the same key. Instances may be used by many threads at once.
/// </summary>
/// <exception cref="TopupException">The server refused the request. Every method may throw it.</exception>
/// <exception cref="HttpRequestException">The server cannot be reached. Every method may throw it.</exception>
/// <exception cref="TimeoutException">The time for the call ran out; whether it had an effect is not known. Every method may throw it.</exception>
public sealed partial class TopupClient : IDisposable
{
    private const string KeyHeader = "Idempotency-Key";
    private const string ReasonHeader = "Topup-Reason";
    private const int MessageMax = 200;

    private readonly HttpClient http;
    private readonly TopupClientOptions options;
    private readonly bool isOwner;

    /// <param name="http">With the server as its base address, and an Authorization header. The caller keeps it.</param>
    /// <param name="options">Null: the defaults.</param>
    public TopupClient(HttpClient http, TopupClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        this.http = http;
        this.options = options ?? new TopupClientOptions();
    }

    /// <param name="server">Such as https://topup.example.com.</param>
    /// <param name="apiKey">The secret that was shown when the key was made.</param>
    public TopupClient(Uri server, string apiKey)
        : this(new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan })
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        isOwner = true;
    }

    /// <summary>Closes the connections that the client made itself.</summary>
    public void Dispose()
    {
        if (isOwner) http.Dispose();
    }

    private Task<TReply> Get<TReply>(string path, JsonTypeInfo<TReply> reply, CancellationToken stop) =>
        Send(() => new HttpRequestMessage(HttpMethod.Get, path), mayRepeat: true, reply, stop);

    private Task<TReply> Put<TRequest, TReply>(
        string path, TRequest body, JsonTypeInfo<TRequest> request, JsonTypeInfo<TReply> reply, string? reason, CancellationToken stop) =>
        Send(Message(HttpMethod.Put, path, Json(body, request), ReasonHeader, reason), mayRepeat: true, reply, stop);

    private Task<bool> Delete(string path, string? reason, CancellationToken stop) => Send(
        Message(HttpMethod.Delete, path, null, ReasonHeader, reason), mayRepeat: true, HttpCompletionOption.ResponseContentRead,
        (response, _) =>
        {
            response.Dispose();
            return Task.FromResult(true);
        }, stop);

    /// <summary>A change that has one effect for its key, however often it is sent.</summary>
    private Task<TReply> Change<TRequest, TReply>(
        string path, TRequest body, JsonTypeInfo<TRequest> request, JsonTypeInfo<TReply> reply, string? key, CancellationToken stop) =>
        Send(Message(HttpMethod.Post, path, Json(body, request), KeyHeader, key ?? NewKey()), mayRepeat: true, reply, stop);

    /// <summary>A question whose body is too much for an address, or a change whose items carry their own keys.</summary>
    private Task<TReply> Ask<TRequest, TReply>(
        string path, TRequest body, JsonTypeInfo<TRequest> request, JsonTypeInfo<TReply> reply, CancellationToken stop) =>
        Send(Message(HttpMethod.Post, path, Json(body, request), null, null), mayRepeat: true, reply, stop);

    private static async IAsyncEnumerable<T> All<T>(
        Func<string?, CancellationToken, Task<Page<T>>> read, [EnumeratorCancellation] CancellationToken stop = default)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, stop).ConfigureAwait(false);
            foreach (var item in page.Data) yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private Task<TReply> Send<TReply>(
        Func<HttpRequestMessage> message, bool mayRepeat, JsonTypeInfo<TReply> reply, CancellationToken stop) =>
        Send(message, mayRepeat, HttpCompletionOption.ResponseContentRead, async (response, within) =>
        {
            using (response)
            {
                var body = await response.Content.ReadAsStreamAsync(within).ConfigureAwait(false);
                return await JsonSerializer.DeserializeAsync(body, reply, within).ConfigureAwait(false)
                    ?? throw new HttpRequestException("The server answered null.");
            }
        }, stop);

    /// <param name="message">Makes the request anew for every try; its key stays the same.</param>
    /// <param name="read">Reads an answer that is not a refusal, and owns it.</param>
    private async Task<T> Send<T>(
        Func<HttpRequestMessage> message, bool mayRepeat, HttpCompletionOption completion,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        var clock = options.Clock;
        var started = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        for (var retry = 0; ; retry++)
        {
            TimeSpan? askedFor = null;
            Exception failure;
            try
            {
                using var request = message();
                var response = await http.SendAsync(request, completion, either.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return await read(response, either.Token).ConfigureAwait(false);
                using (response)
                {
                    failure = new TopupException(await ProblemOf(response, either.Token).ConfigureAwait(false));
                    if (!IsBusy(response.StatusCode)) throw failure;
                    askedFor = RetryAfter(response, clock);
                }
            }
            catch (Exception cut) when (IsCut(cut, either.Token))
            {
                failure = cut;
            }
            catch (OperationCanceledException late) when (patience.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new TimeoutException($"The server did not answer within {options.Timeout.TotalSeconds} s.", late);
            }

            var delay = Delay(retry, askedFor);
            if (!mayRepeat || retry >= options.RetryMax || clock.GetElapsedTime(started) + delay >= options.Timeout)
                ExceptionDispatchInfo.Throw(failure);
            await Task.Delay(delay, clock, stop).ConfigureAwait(false);
        }
    }

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    /// <summary>The connection broke, or one try took longer than the HttpClient allows; the caller has not given up.</summary>
    private static bool IsCut(Exception failure, CancellationToken either) =>
        failure is HttpRequestException or IOException
        || (failure is OperationCanceledException && !either.IsCancellationRequested);

    /// <summary>
    /// A random part of a time that doubles, so that clients that failed together do not return together; never less
    /// than the server asked for.
    /// </summary>
    private TimeSpan Delay(int retry, TimeSpan? askedFor)
    {
        var longest = Math.Min(options.DelayFirst.Ticks << Math.Min(retry, 20), options.DelayMax.Ticks);
        var spread = Random.Shared.NextInt64(longest / 2, longest + 1);
        return TimeSpan.FromTicks(Math.Min(spread + (askedFor?.Ticks ?? 0), options.DelayMax.Ticks));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>The problem in the body; where something in between has answered with another body, one made of the status.</summary>
    private static async Task<Problem> ProblemOf(HttpResponseMessage response, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        try
        {
            if (JsonSerializer.Deserialize(text, TopupJson.Default.Problem) is { } problem) return problem;
        }
        catch (JsonException)
        {
        }
        return new Problem
        {
            Type = "about:blank",
            Title = response.ReasonPhrase ?? "",
            Status = (int)response.StatusCode,
            Detail = $"The answer has status {(int)response.StatusCode} and is not of a Topup server: {text[..Math.Min(text.Length, MessageMax)]}",
            Code = ProblemCodes.BadRequest,
        };
    }

    private static Func<HttpRequestMessage> Message(HttpMethod method, string path, byte[]? body, string? header, string? value) => () =>
    {
        var message = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (header is not null && value is not null) message.Headers.TryAddWithoutValidation(header, value);
        return message;
    };

    private static byte[] Json<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    private static string NewKey() => Guid.CreateVersion7().ToString();

    private static string Segment(string id) => Uri.EscapeDataString(id);

    private static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is null) continue;
            path = $"{path}{separator}{name}={Uri.EscapeDataString(value)}";
            separator = '&';
        }
        return path;
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
