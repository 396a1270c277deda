using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

/// <summary><c>GET /v1/webhook-endpoints</c>, one of them by its id, and its log of deliveries.</summary>
internal sealed class ReadWebhookEndpoints(WebhookStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        return paging.Problem is { } problem
            ? problem.AsResult()
            : Reply.Of<Page<WebhookEndpointView>>(await List(paging.Value, context.RequestAborted), Json.Wire.PageWebhookEndpointView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string id) => Reply.Of(await One(id, context.RequestAborted), Json.Wire.WebhookEndpointView);

    /// <summary>How deliveries go of late, for whoever watches the server.</summary>
    public Task<DeliveryCounts> Counts(Instant since, CancellationToken stop) => store.Count(since, stop);

    public async Task<IResult> HandleDeliveries(HttpContext context, string id, string? status, string? limit, string? cursor) =>
        Reply.Of(await Deliveries(id, status, limit, cursor, context.RequestAborted), Json.Wire.PageWebhookDeliveryView);

    public async Task<Page<WebhookEndpointView>> List(Paging paging, CancellationToken stop)
    {
        var rows = await store.List(paging.After, paging.Rows, stop);
        var now = Instant.From(clock.GetUtcNow());
        return paging.Of([.. rows.Select(row => WebhookForm.View(row, now))], view => view.Id);
    }

    public async Task<Outcome<WebhookEndpointView>> One(string id, CancellationToken stop) =>
        await store.Find(id, stop) is { } row ? WebhookForm.View(row, Instant.From(clock.GetUtcNow())) : WebhookProblems.EndpointUnknown();

    public async Task<Outcome<Page<WebhookDeliveryView>>> Deliveries(string id, string? status, string? limit, string? cursor, CancellationToken stop)
    {
        var (paging, wanted) = (Paging.Read(limit, cursor), WebhookForm.StatusOf(status));
        if ((paging.Problem ?? wanted.Problem) is { } problem) return problem;
        var before = long.MaxValue;
        if (paging.Value.After.Length > 0 && !long.TryParse(paging.Value.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
        if (await store.Find(id, stop) is null) return WebhookProblems.EndpointUnknown();
        var rows = await store.ListDeliveries(id, wanted.Value, before, paging.Value.Rows, stop);
        return paging.Value.Of([.. rows.Select(WebhookForm.View)], view => view.Position.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<Outcome<WebhookDeliveryView>> Delivery(string id, string delivery, CancellationToken stop) =>
        await store.FindDelivery(id, delivery, stop) is { } row ? WebhookForm.View(row) : WebhookProblems.DeliveryUnknown();
}
