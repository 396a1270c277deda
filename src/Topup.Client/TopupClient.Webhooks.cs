using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Has events sent to an address. The reply has the secret with which they are signed; see <see cref="WebhookSignature"/>.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WebhookEndpointView> CreateWebhookEndpoint(WebhookEndpointRequest request, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, "/v1/webhook-endpoints", Json(request, TopupJson.Default.WebhookEndpointRequest), ReasonHeader, reason), mayRepeat: false,
        TopupJson.Default.WebhookEndpointView, stop);

    /// <summary>Where events are sent to, the oldest first.</summary>
    public IAsyncEnumerable<WebhookEndpointView> ListWebhookEndpoints(CancellationToken stop = default) =>
        All((cursor, within) => ListWebhookEndpointsPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListWebhookEndpoints"/>.</summary>
    public Task<Page<WebhookEndpointView>> ListWebhookEndpointsPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/webhook-endpoints", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageWebhookEndpointView, stop);

    /// <summary>One endpoint, without its secret.</summary>
    public Task<WebhookEndpointView> GetWebhookEndpoint(string id, CancellationToken stop = default) =>
        Get(WebhookEndpoint(id), TopupJson.Default.WebhookEndpointView, stop);

    /// <summary>Replaces an endpoint; its secret stays.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WebhookEndpointView> SaveWebhookEndpoint(
        string id, WebhookEndpointRequest request, string? reason = null, CancellationToken stop = default) =>
        Put(WebhookEndpoint(id), request, TopupJson.Default.WebhookEndpointRequest, TopupJson.Default.WebhookEndpointView, reason, stop);

    /// <summary>Deletes an endpoint with its secret and its log of deliveries.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task DeleteWebhookEndpoint(string id, string? reason = null, CancellationToken stop = default) => Delete(WebhookEndpoint(id), reason, stop);

    /// <summary>Makes another secret, which is in the reply. The one before signs beside it for 24 hours.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WebhookEndpointView> RotateWebhookSecret(string id, string? reason = null, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, WebhookEndpoint(id) + "/rotate", null, ReasonHeader, reason), mayRepeat: false, TopupJson.Default.WebhookEndpointView, stop);

    /// <summary>Sends a <c>webhook.ping</c> now and says what the receiver answered.</summary>
    public Task<WebhookTestReply> TestWebhookEndpoint(string id, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, WebhookEndpoint(id) + "/test", null, null, null), mayRepeat: false, TopupJson.Default.WebhookTestReply, stop);

    /// <summary>What was sent to an endpoint and what waits, the newest events first.</summary>
    /// <param name="status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>; null: all.</param>
    public IAsyncEnumerable<WebhookDeliveryView> ListWebhookDeliveries(string id, string? status = null, CancellationToken stop = default) =>
        All((cursor, within) => ListWebhookDeliveriesPage(id, status, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListWebhookDeliveries"/>.</summary>
    public Task<Page<WebhookDeliveryView>> ListWebhookDeliveriesPage(
        string id, string? status = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query(WebhookEndpoint(id) + "/deliveries", ("status", status), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageWebhookDeliveryView, stop);

    /// <summary>Sends an event to an endpoint again, under the same id.</summary>
    /// <param name="delivery">Id of the event.</param>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WebhookDeliveryView> ResendWebhookDelivery(string id, string delivery, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, $"{WebhookEndpoint(id)}/deliveries/{Segment(delivery)}/resend", null, ReasonHeader, reason), mayRepeat: true,
        TopupJson.Default.WebhookDeliveryView, stop);

    /// <summary>Sends all events since a moment to an endpoint, also those it got, and those from before it was made.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<WebhookReplayReply> ReplayWebhookEvents(
        string id, WebhookReplayRequest request, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, WebhookEndpoint(id) + "/replay", Json(request, TopupJson.Default.WebhookReplayRequest), ReasonHeader, reason),
        mayRepeat: true, TopupJson.Default.WebhookReplayReply, stop);

    private static string WebhookEndpoint(string id) => $"/v1/webhook-endpoints/{Segment(id)}";
}
