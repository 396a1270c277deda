using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary><c>POST /v1/webhook-endpoints/{id}/deliveries/{delivery}/resend</c>: sends an event again, under the same id and as often as a new one.</summary>
internal sealed class ResendWebhookDelivery(Database database, WebhookStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id, string delivery)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid
            ? unsaid.AsResult()
            : Reply.Of(await Run(id, delivery, author.Value, context.RequestAborted), Json.Wire.WebhookDeliveryView);
    }

    public async Task<Outcome<WebhookDeliveryView>> Run(string id, string delivery, Author author, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var refused = await database.Transact(async (connection, transaction) =>
        {
            if (await store.Lock(connection, transaction, id) is not { } endpoint) return WebhookProblems.EndpointUnknown();
            if (!endpoint.Enabled) return WebhookProblems.EndpointDisabled();
            if (!await WebhookStore.Resend(connection, transaction, id, delivery, now)) return WebhookProblems.DeliveryUnknown();
            await WebhookStore.EndRest(connection, transaction, id);
            await Audit.Add(connection, transaction, author, now, "webhook_endpoint.resent", id, "", null, null);
            return (Problem?)null;
        }, stop);
        if (refused is { } problem) return problem;
        return await store.FindDelivery(id, delivery, stop) is { } row ? WebhookForm.View(row) : WebhookProblems.DeliveryUnknown();
    }
}
