using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary>
/// <c>POST /v1/webhook-endpoints/{id}/rotate</c>: another secret. The one before signs beside it for a day, so that a receiver
/// can be changed at any time of it.
/// </summary>
internal sealed class RotateWebhookSecret(Database database, WebhookStore store, SecretKeys keys, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await Run(id, author.Value, context.RequestAborted), Json.Wire.WebhookEndpointView);
    }

    public async Task<Outcome<WebhookEndpointView>> Run(string id, Author author, CancellationToken stop)
    {
        if (keys.FindOrMake() is not { } box) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);
        var (now, secret) = (Instant.From(clock.GetUtcNow()), WebhookSecrets.Of(author.SecretBytes()));
        return await database.Transact<Outcome<WebhookEndpointView>>(async (connection, transaction) =>
        {
            if (await store.Lock(connection, transaction, id) is not { } before) return WebhookProblems.EndpointUnknown();
            var after = before with { OldSecretUntil = now.Plus(WebhookSecrets.OldFor), UpdatedAt = now };
            await WebhookSecrets.Rotate(connection, transaction, box, id, secret, now);
            await WebhookStore.Save(connection, transaction, after);
            await Audit.Add(connection, transaction, author, now, "webhook_endpoint.rotated", id, "", null, null);
            return WebhookForm.View(after, now, secret);
        }, stop);
    }
}
