using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Automation.Webhooks;
using Topup.Testing;
using Topup.Testing.Fakes;

namespace Topup.Server.Tests.Automation;

/// <summary>A receiver, the endpoint that leads to it, and a tenant whose events it gets. The worker runs when a test says so.</summary>
internal sealed class HookUnderTest : IAsyncDisposable
{
    private readonly TestHost host;
    private readonly string type;

    private HookUnderTest(TestHost host, WebhookReceiver receiver, string tenant, string type, WebhookEndpointView endpoint)
    {
        (this.host, this.type) = (host, type);
        (Receiver, Tenant, Endpoint, Secret) = (receiver, tenant, endpoint, endpoint.Secret!);
    }

    public WebhookReceiver Receiver { get; }

    public string Tenant { get; }

    public WebhookEndpointView Endpoint { get; }

    public string Id => Endpoint.Id;

    public string Secret { get; }

    public static async Task<HookUnderTest> Open(TestHost host, params string[] events)
    {
        var (receiver, tenant, type) = (await WebhookReceiver.Start(), await host.NewTenant(), await host.NewType());
        var endpoint = await host.Client.CreateWebhookEndpoint(Request(receiver.Url, tenant, events.Length == 0 ? ["credits.granted"] : events));
        return new HookUnderTest(host, receiver, tenant, type, endpoint);
    }

    public static WebhookEndpointRequest Request(string url, string? tenant, params string[] events) =>
        new() { Url = url, Events = events, Tenant = tenant, AllowPrivate = true };

    /// <summary>One <c>credits.granted</c>; its id.</summary>
    public async Task<string> Tell()
    {
        await host.Grant(Tenant, type, 1);
        return (await host.Events(Tenant))[^1].Id;
    }

    public Task Run(TestHost? on = null) => (on ?? host).Services.GetRequiredService<WebhookWorker>().Run(CancellationToken.None);

    /// <summary>Time goes by, and what is due then is sent.</summary>
    public Task Run(TimeSpan after)
    {
        host.Clock.Advance(after);
        return Run();
    }

    public Task<WebhookEndpointView> See() => host.Client.GetWebhookEndpoint(Id);

    public Task<WebhookEndpointView> Save(WebhookEndpointRequest request) => host.Client.SaveWebhookEndpoint(Id, request);

    public Task<WebhookEndpointView> Enable(bool enabled) => Save(Request(Receiver.Url, Tenant, [.. Endpoint.Events]) with { Enabled = enabled });

    public async Task<WebhookDeliveryView> Delivery(string @event) => (await Deliveries()).Single(delivery => delivery.Id == @event);

    public async Task<List<WebhookDeliveryView>> Deliveries()
    {
        var all = new List<WebhookDeliveryView>();
        await foreach (var delivery in host.Client.ListWebhookDeliveries(Id)) all.Add(delivery);
        return all;
    }

    /// <summary>The ids of events, in the order in which they came in.</summary>
    public List<string> Ids => [.. Receiver.Received.Select(webhook => webhook.Id)];

    public bool IsTrue(ReceivedWebhook webhook, string? secret = null) =>
        WebhookSignature.Verify(secret ?? Secret, webhook.Id, webhook.Timestamp, webhook.Signature, webhook.Body, host.Clock);

    public static WebhookEvent Read(ReceivedWebhook webhook) => JsonSerializer.Deserialize(webhook.Body, TopupJson.Default.WebhookEvent)!;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await host.Client.DeleteWebhookEndpoint(Id);
        }
        catch (TopupException gone)
        {
            gone.Code.ShouldBe("webhook_endpoint_unknown");
        }
        await Receiver.DisposeAsync();
    }
}
