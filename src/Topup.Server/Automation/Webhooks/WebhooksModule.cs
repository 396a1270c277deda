using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary>Events, sent to the operator's own servers.</summary>
internal static class WebhooksModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(WebhookOptions.From(settings))
        .AddSingleton<WebhookStore>().AddSingleton<WebhookSecrets>().AddSingleton<WebhookMetrics>()
        .AddSingleton<SignedPost>().AddSingleton<WebhookSender>()
        .AddSingleton<CreateWebhookEndpoint>().AddSingleton<SaveWebhookEndpoint>().AddSingleton<DeleteWebhookEndpoint>().AddSingleton<ReadWebhookEndpoints>()
        .AddSingleton<RotateWebhookSecret>().AddSingleton<TestWebhookEndpoint>().AddSingleton<ResendWebhookDelivery>().AddSingleton<ReplayWebhookEvents>()
        .AddSingleton<WebhookWorker>().AddHostedService(provider => provider.GetRequiredService<WebhookWorker>());

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1/webhook-endpoints").WithTags("Webhooks");
        v1.MapPost("", (HttpContext context, CreateWebhookEndpoint verb) => verb.Handle(context))
            .WithName("CreateWebhookEndpoint").WithSummary("Have events sent to an address. The secret is shown in this reply and never again.")
            .Accepts<WebhookEndpointRequest>("application/json").Produces<WebhookEndpointView>(StatusCodes.Status201Created)
            .MayRefuse(400, 401, 403, 404, 409, 413, 415).RequireScope(Scope.Catalog);
        v1.MapGet("", (HttpContext context, string? limit, string? cursor, ReadWebhookEndpoints verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<WebhookEndpointView>>("ListWebhookEndpoints", "Where events are sent to, the oldest first", Scope.Catalog);
        v1.MapGet("/{id}", (HttpContext context, string id, ReadWebhookEndpoints verb) => verb.HandleOne(context, id))
            .Describe<WebhookEndpointView>("GetWebhookEndpoint", "One webhook endpoint, without its secret", Scope.Catalog);
        v1.MapPut("/{id}", (HttpContext context, string id, SaveWebhookEndpoint verb) => verb.Handle(context, id))
            .Describe<WebhookEndpointRequest, WebhookEndpointView>("SaveWebhookEndpoint", "Replace a webhook endpoint; its secret stays", Scope.Catalog);
        v1.MapDelete("/{id}", (HttpContext context, string id, DeleteWebhookEndpoint verb) => verb.Handle(context, id))
            .WithName("DeleteWebhookEndpoint").WithSummary("Delete a webhook endpoint with its secret and its log of deliveries")
            .Produces(StatusCodes.Status204NoContent).MayRefuse(400, 401, 403, 404).RequireScope(Scope.Catalog);
        v1.MapPost("/{id}/rotate", (HttpContext context, string id, RotateWebhookSecret verb) => verb.Handle(context, id))
            .Describe<WebhookEndpointView>("RotateWebhookSecret", "Make another secret; the one before signs beside it for 24 hours", Scope.Catalog).MayRefuse(409);
        v1.MapPost("/{id}/test", (HttpContext context, string id, TestWebhookEndpoint verb) => verb.Handle(context, id))
            .Describe<WebhookTestReply>("TestWebhookEndpoint", "Send a webhook.ping now and say what the receiver answered", Scope.Catalog);
        v1.MapGet("/{id}/deliveries", (HttpContext context, string id, string? status, string? limit, string? cursor, ReadWebhookEndpoints verb) =>
                verb.HandleDeliveries(context, id, status, limit, cursor))
            .Describe<Page<WebhookDeliveryView>>("ListWebhookDeliveries", "What was sent to an endpoint and what waits, the newest events first", Scope.Catalog);
        v1.MapPost("/{id}/deliveries/{delivery}/resend", (HttpContext context, string id, string delivery, ResendWebhookDelivery verb) => verb.Handle(context, id, delivery))
            .Describe<WebhookDeliveryView>("ResendWebhookDelivery", "Send an event to an endpoint again", Scope.Catalog).MayRefuse(409);
        v1.MapPost("/{id}/replay", (HttpContext context, string id, ReplayWebhookEvents verb) => verb.Handle(context, id))
            .Describe<WebhookReplayRequest, WebhookReplayReply>("ReplayWebhookEvents", "Send all events since a moment to an endpoint, also those it got", Scope.Catalog)
            .MayRefuse(409);
    }
}
