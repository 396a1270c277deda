using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Automation.Webhooks;

/// <summary><c>DELETE /v1/webhook-endpoints/{id}</c>, with its secrets and its log of deliveries.</summary>
internal sealed class DeleteWebhookEndpoint(Database database, WebhookStore store, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Run(id, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string id, Author author, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        if (await store.Lock(connection, transaction, id) is not { } row) return WebhookProblems.EndpointUnknown();
        await WebhookStore.Delete(connection, transaction, id);
        await WebhookSecrets.Forget(connection, transaction, id);
        await Audit.Add(connection, transaction, author, Instant.From(clock.GetUtcNow()), "webhook_endpoint.deleted", id, "", WebhookForm.Words(row), null);
        return null;
    }, stop);
}
