using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Topup.Server.Checkout.Providers;

namespace Topup.Testing.Fakes;

/// <summary>What goes wrong between a provider and us.</summary>
internal enum ProviderFault
{
    None,

    /// <summary>The connection is cut before anything is done.</summary>
    Down,

    /// <summary>The work is done and the connection is cut before the answer.</summary>
    LostAnswer,

    /// <summary>No answer for <see cref="FakeProvider.SlowFor"/>, and nothing is done.</summary>
    Slow,

    /// <summary>200, with a page of something in between.</summary>
    Garbage,
    ServerError,
    Conflict,

    /// <summary>429, with <c>Retry-After: 1</c>.</summary>
    TooManyRequests,
}

/// <summary>
/// A payment provider over real HTTP, on a free port of 127.0.0.1. Here is what every provider has in common: it works off one
/// request at a time, fails as a test says, remembers what it was asked, and sends its notifications when a test says so.
/// </summary>
internal abstract class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient sender = new();
    private readonly List<FakeRequest> requests = [];
    private readonly List<FakeNotification> outgoing = [];
    private ProviderFault fault;
    private int faultsLeft;
    private int answersUnderWay;
    private Func<FakeRequest, bool> faultOn = _ => true;

    protected FakeProvider(TimeProvider clock)
    {
        Clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(Handle);
    }

    public TimeProvider Clock { get; }

    /// <summary>Where it listens; to be asked once it has started.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>Where the server under test listens: notifications go there, whatever host their address names.</summary>
    public Uri? Receiver { get; set; }

    public TimeSpan SlowFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer is on its way once the work is done, at most; each takes a random part of it.</summary>
    public TimeSpan AnswerDelayMax { get; set; }

    /// <summary>How many requests have done their work and have no answer yet.</summary>
    public int AnswersUnderWay => Volatile.Read(ref answersUnderWay);

    /// <summary>False: it keeps no record of what it was asked, as for very many requests.</summary>
    public bool KeepsRequests { get; set; } = true;

    /// <summary>Everything it was asked, the oldest first, faults included.</summary>
    public IReadOnlyList<FakeRequest> Requests
    {
        get { lock (Gate) return [.. requests]; }
    }

    /// <summary>What it would notify of and has not sent yet, the oldest first.</summary>
    public IReadOnlyList<FakeNotification> Outgoing
    {
        get { lock (Gate) return [.. outgoing]; }
    }

    /// <summary>Held whenever the state is read or changed.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Fails the next requests.</summary>
    /// <param name="on">Only requests such as these; null: all.</param>
    public void Fail(ProviderFault with, int times = int.MaxValue, Func<FakeRequest, bool>? on = null)
    {
        lock (Gate) (fault, faultsLeft, faultOn) = (with, times, on ?? (_ => true));
    }

    public void Heal() => Fail(ProviderFault.None);

    /// <summary>Takes the notifications that wait, to send them later, in another order, twice, or never.</summary>
    public List<FakeNotification> TakeOutgoing()
    {
        lock (Gate)
        {
            List<FakeNotification> taken = [.. outgoing];
            outgoing.Clear();
            return taken;
        }
    }

    /// <summary>Sends all notifications that wait, one after the other.</summary>
    public async Task DeliverAll()
    {
        foreach (var notification in TakeOutgoing()) await Deliver(notification);
    }

    /// <param name="to">Null: the receiver.</param>
    public async Task<HttpStatusCode> Deliver(FakeNotification notification, Uri? to = null)
    {
        var receiver = to ?? Receiver ?? throw new InvalidOperationException("The fake does not know where to send notifications.");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(receiver, notification.PathAndQuery));
        message.Content = new ByteArrayContent(notification.Body);
        foreach (var (name, value) in notification.Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content.Headers.TryAddWithoutValidation(name, value);
        using var response = await sender.SendAsync(message);
        return response.StatusCode;
    }

    public async Task Start() => await app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>What the provider answers. Called for one request at a time, under <see cref="Gate"/>.</summary>
    protected abstract FakeAnswer Answer(FakeRequest request);

    /// <summary>To be called under <see cref="Gate"/>.</summary>
    protected void Notify(FakeNotification notification) => outgoing.Add(notification);

    private async Task Handle(HttpContext context)
    {
        var request = await Read(context);
        var with = Note(request);
        switch (with)
        {
            case ProviderFault.Down:
                context.Abort();
                return;
            case ProviderFault.Slow:
                await Task.Delay(SlowFor, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return;
            case ProviderFault.LostAnswer:
                lock (Gate) Answer(request);
                context.Abort();
                return;
        }

        FakeAnswer answer;
        lock (Gate) answer = AnswerTo(with) ?? Answer(request);
        await Delay(context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task Delay(CancellationToken stop)
    {
        if (AnswerDelayMax <= TimeSpan.Zero) return;
        Interlocked.Increment(ref answersUnderWay);
        await Task.Delay(AnswerDelayMax * Random.Shared.NextDouble(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref answersUnderWay);
    }

    private static async Task<FakeRequest> Read(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        return new FakeRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", headers, await reader.ReadToEndAsync());
    }

    private ProviderFault Note(FakeRequest request)
    {
        lock (Gate)
        {
            if (KeepsRequests) requests.Add(request);
            if (fault == ProviderFault.None || faultsLeft == 0 || !faultOn(request)) return ProviderFault.None;
            faultsLeft--;
            return fault;
        }
    }

    private static FakeAnswer? AnswerTo(ProviderFault with) => with switch
    {
        ProviderFault.Garbage => new FakeAnswer(200, "<html><body>Bad gateway</body></html>"),
        ProviderFault.ServerError => new FakeAnswer(500, """{"message":"internal error","error":{"type":"api_error","message":"internal error"},"status":500}"""),
        ProviderFault.Conflict => new FakeAnswer(409, """{"message":"conflict","error":{"type":"api_error","message":"conflict"},"status":409}"""),
        ProviderFault.TooManyRequests => new FakeAnswer(429, """{"message":"too many requests","error":{"type":"api_error","code":"rate_limit"},"status":429}""")
        {
            Headers = { ["Retry-After"] = "1" },
        },
        ProviderFault.None or ProviderFault.Down or ProviderFault.LostAnswer or ProviderFault.Slow => null,
    };
}

/// <param name="Query">With its question mark; empty: none.</param>
/// <param name="Headers">Names in small letters.</param>
internal sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Header(string name) => Headers.TryGetValue(name.ToLowerInvariant(), out var value) ? value : "";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} {Path}{Query}");
}

internal sealed record FakeAnswer(int Status, string Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];
}

/// <param name="Headers">Names in small letters.</param>
internal sealed record FakeNotification(string PathAndQuery, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Query => PathAndQuery.Contains('?', StringComparison.Ordinal) ? PathAndQuery[PathAndQuery.IndexOf('?', StringComparison.Ordinal)..] : "";

    /// <summary>As the server reads it.</summary>
    public Notification AsReceived() => new(Query,
        Headers.Where(header => NotificationHeaders.All.Contains(header.Key)).ToDictionary(header => header.Key, header => header.Value), Body);
}
