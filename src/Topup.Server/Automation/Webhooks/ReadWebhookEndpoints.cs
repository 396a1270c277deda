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
        if (paging.Problem is { } problem) return problem.AsResult();
        var rows = await store.List(paging.Value.After, paging.Value.Rows, context.RequestAborted);
        var now = Instant.From(clock.GetUtcNow());
        var page = paging.Value.Of([.. rows.Select(row => WebhookForm.View(row, now))], view => view.Id);
        return Reply.Of<Page<WebhookEndpointView>>(page, Json.Wire.PageWebhookEndpointView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string id) => await store.Find(id, context.RequestAborted) is { } row
        ? Reply.Of<WebhookEndpointView>(WebhookForm.View(row, Instant.From(clock.GetUtcNow())), Json.Wire.WebhookEndpointView)
        : WebhookProblems.EndpointUnknown().AsResult();

    /// <summary>How deliveries go of late, for whoever watches the server.</summary>
    public Task<DeliveryCounts> Counts(Instant since, CancellationToken stop) => store.Count(since, stop);

    public async Task<IResult> HandleDeliveries(HttpContext context, string id, string? status, string? limit, string? cursor)
    {
        var (paging, wanted) = (Paging.Read(limit, cursor), WebhookForm.StatusOf(status));
        if ((paging.Problem ?? wanted.Problem) is { } problem) return problem.AsResult();
        var before = long.MaxValue;
        if (paging.Value.After.Length > 0 && !long.TryParse(paging.Value.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.").AsResult();
        if (await store.Find(id, context.RequestAborted) is null) return WebhookProblems.EndpointUnknown().AsResult();
        var rows = await store.ListDeliveries(id, wanted.Value, before, paging.Value.Rows, context.RequestAborted);
        var page = paging.Value.Of([.. rows.Select(WebhookForm.View)], view => view.Position.ToString(CultureInfo.InvariantCulture));
        return Reply.Of<Page<WebhookDeliveryView>>(page, Json.Wire.PageWebhookDeliveryView);
    }
}
