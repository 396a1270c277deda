using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

/// <summary>Sends an event to an endpoint and says what came of it.</summary>
internal sealed class WebhookSender(SignedPost post, WebhookSecrets secrets, TimeProvider clock)
{
    public async Task<Sent> Send(EndpointRow endpoint, WebhookEvent @event, CancellationToken stop)
    {
        var keys = await secrets.Keys(endpoint, Instant.From(clock.GetUtcNow()), stop);
        return await post.Send(endpoint.Url, endpoint.AllowPrivate, @event.Id, JsonSerializer.SerializeToUtf8Bytes(@event, Json.Wire.WebhookEvent), keys, stop);
    }
}
