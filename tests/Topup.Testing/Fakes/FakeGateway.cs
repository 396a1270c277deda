using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Topup.Contracts;

namespace Topup.Testing.Fakes;

/// <summary>A platform's own gateway for messages, on a free port of 127.0.0.1, that answers as a test says.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly List<GatewayCall> calls = [];

    private FakeGateway()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(Take);
    }

    public string Url => app.Urls.First() + "/messages";

    /// <summary>What it does once it has noted a message.</summary>
    public Func<HttpContext, GatewayMessage, Task> Answer { get; set; } = Accept;

    /// <summary>All messages so far, in the order in which they came.</summary>
    public List<GatewayCall> Calls
    {
        get { lock (gate) return [.. calls]; }
    }

    public static async Task<FakeGateway> Start()
    {
        var gateway = new FakeGateway();
        await gateway.app.StartAsync();
        return gateway;
    }

    public static Task Accept(HttpContext context, GatewayMessage message) =>
        context.Response.WriteAsync(JsonSerializer.Serialize(new GatewayReply { Status = "accepted", Id = "gw-" + message.Id.Split('~')[1] }, TopupJson.Default.GatewayReply));

    public void Reply(int status, string body = "") => Answer = (context, _) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var message = JsonSerializer.Deserialize(body.ToArray(), TopupJson.Default.GatewayMessage)!;
        lock (gate) calls.Add(new GatewayCall(message, headers, body.ToArray()));
        await Answer(context, message);
    }
}

/// <param name="Headers">Names in small letters.</param>
internal sealed record GatewayCall(GatewayMessage Message, IReadOnlyDictionary<string, string> Headers, byte[] Body);
