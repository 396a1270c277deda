using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary><c>POST /v1/webhook-endpoints</c>: its secret is in the reply and never again.</summary>
internal sealed class CreateWebhookEndpoint(Database database, WebhookStore store, SecretKeys keys, Outbox outbox, TimeProvider clock)
{
    private const int EndpointsMax = 50;

    public async Task<IResult> Handle(HttpContext context)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.WebhookEndpointRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await Run(body.Value, author.Value, context.RequestAborted), Json.Wire.WebhookEndpointView, StatusCodes.Status201Created);
    }

    public async Task<Outcome<WebhookEndpointView>> Run(WebhookEndpointRequest request, Author author, CancellationToken stop)
    {
        if (WebhookForm.Check(request) is { } wrong) return wrong;
        if (request.Tenant is { } tenant && await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop) is null)
            return TenancyProblems.TenantUnknown(tenant);
        if (keys.FindOrMake() is not { } box) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);

        // What was acknowledged before this request is older than the endpoint.
        while (await outbox.Sequence(stop) == Outbox.SequenceMax) { }
        var (now, secret) = (Instant.From(clock.GetUtcNow()), WebhookSecrets.Of(author.SecretBytes()));
        return await database.Transact<Outcome<WebhookEndpointView>>(async (connection, transaction) =>
        {
            if (await store.CountLocked(connection, transaction) >= EndpointsMax) return WebhookProblems.TooMany(EndpointsMax);
            var row = new EndpointRow
            {
                Id = Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), Url = "", Events = [], Description = "", Enabled = true,
                Tenant = "", AllowPrivate = false, Since = await WebhookStore.LastPosition(connection, transaction), CreatedAt = now, UpdatedAt = now,
            }.With(request, now);
            await WebhookStore.Save(connection, transaction, row);
            await WebhookSecrets.Save(connection, transaction, box, row.Id, secret, now);
            await Audit.Add(connection, transaction, author, now, "webhook_endpoint.created", row.Id, "", null, WebhookForm.Words(row));
            return WebhookForm.View(row, now, secret);
        }, stop);
    }
}
