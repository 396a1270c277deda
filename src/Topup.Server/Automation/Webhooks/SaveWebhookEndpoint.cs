using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Automation;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary><c>PUT /v1/webhook-endpoints/{id}</c>: replaces everything but the secret.</summary>
internal sealed class SaveWebhookEndpoint(Database database, WebhookStore store, Outbox outbox, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.WebhookEndpointRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(id, body.Value, author.Value, context.RequestAborted), Json.Wire.WebhookEndpointView);
    }

    public async Task<Outcome<WebhookEndpointView>> Run(string id, WebhookEndpointRequest request, Author author, CancellationToken stop)
    {
        if (WebhookForm.Check(request) is { } wrong) return wrong;
        if (request.Tenant is { } tenant && await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop) is null)
            return TenancyProblems.TenantUnknown(tenant);

        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        var now = Instant.From(clock.GetUtcNow());
        return await database.Transact<Outcome<WebhookEndpointView>>(async (connection, transaction) =>
        {
            if (await store.Lock(connection, transaction, id) is not { } before) return WebhookProblems.EndpointUnknown();
            var after = before.With(request, now);
            if (after.Enabled && !before.Enabled)
            {
                // A new beginning: what happened meanwhile is left to a replay, what waits goes on at once.
                after = after with
                {
                    Since = await WebhookStore.LastPosition(connection, transaction), DisabledReason = DisableReason.None, FailingSince = Instant.Never,
                    FreeAt = after.Lease.Length == 0 ? Instant.Always : after.FreeAt,
                };
            }
            await WebhookStore.Save(connection, transaction, after);
            await Audit.Add(connection, transaction, author, now, "webhook_endpoint.changed", id, "", WebhookForm.Words(before), WebhookForm.Words(after));
            return WebhookForm.View(after, now);
        }, stop);
    }
}
