using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Topup.Testing.Fakes;

/// <summary>Somebody who receives webhooks, on a free port of 127.0.0.1, and answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly List<ReceivedWebhook> received = [];

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(Take);
    }

    public string Url => app.Urls.First() + "/hook";

    /// <summary>What it does once it has noted a request.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("thanks");

    /// <summary>All requests so far, in the order in which they came.</summary>
    public List<ReceivedWebhook> Received
    {
        get { lock (gate) return [.. received]; }
    }

    public int Count
    {
        get { lock (gate) return received.Count; }
    }

    public static async Task<WebhookReceiver> Start()
    {
        var receiver = new WebhookReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Answers all that comes with a status.</summary>
    public void Reply(int status, string? retryAfter = null) => Answer = context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync($"status {status}");
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        lock (gate) received.Add(new ReceivedWebhook(context.Request.Path, headers, body.ToArray()));
        await Answer(context);
    }
}

/// <param name="Headers">Names in small letters.</param>
internal sealed record ReceivedWebhook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public string Signature => Headers["webhook-signature"];

    public string Timestamp => Headers["webhook-timestamp"];
}
