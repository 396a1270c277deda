using System.Text.Json;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

/// <summary>
/// <c>POST /v1/webhook-endpoints/{id}/test</c>: sends a ping at once, also to an endpoint that is disabled, and says what came of
/// it. It stands in no log and changes nothing of the endpoint.
/// </summary>
internal sealed class TestWebhookEndpoint(WebhookStore store, WebhookSender sender, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id) => Reply.Of(await Run(id, context.RequestAborted), Json.Wire.WebhookTestReply);

    public async Task<Outcome<WebhookTestReply>> Run(string id, CancellationToken stop)
    {
        if (await store.Find(id, stop) is not { } endpoint) return WebhookProblems.EndpointUnknown();
        var now = clock.GetUtcNow();
        var ping = new WebhookEvent
        {
            Type = EventTypes.Ping, Timestamp = now, Id = Storage.EventId.Next(now), Tenant = endpoint.Tenant.Length == 0 ? null : endpoint.Tenant,
            Data = JsonSerializer.SerializeToElement(new WebhookPingEvent { Endpoint = id }, Json.Wire.WebhookPingEvent),
        };
        var sent = await sender.Send(endpoint, ping, stop);
        return new WebhookTestReply
        {
            Id = ping.Id, Delivered = sent.Attempt.IsDelivered, Status = sent.Attempt.Status == 0 ? null : sent.Attempt.Status,
            Error = sent.Error.Length == 0 ? null : sent.Error, DurationMs = sent.DurationMs, Reply = sent.Reply.Length == 0 ? null : sent.Reply,
        };
    }
}
