using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>Ends an API key. It stays in the list, so that the audit still says whose acts it explains.</summary>
internal sealed class RevokeApiKey(Database database, ApiKeys keys, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/v1/api-keys/{id}", Handle)
        .WithName("RevokeApiKey")
        .WithSummary("Revoke an API key: at once on this server, within a second on others.")
        .Produces(StatusCodes.Status204NoContent)
        .MayRefuse(400, 401, 403, 404)
        .RequireScope(Scope.Keys);

    private static async Task<IResult> Handle(string id, HttpContext context, RevokeApiKey verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        return Reply.Of(await verb.Run(id, context.Caller().TenantId, author.Value, context.RequestAborted));
    }

    /// <param name="only">The one tenant whose keys may be revoked; null: all.</param>
    public async Task<Problem?> Run(string id, string? only, Author author, CancellationToken stop)
    {
        if (!Guid.TryParseExact(id, "D", out _)) return TenancyProblems.ApiKeyUnknown();
        var problem = await database.Transact(async (connection, transaction) =>
        {
            var key = await TenancyStore.FindApiKey(connection, transaction, id);
            if (key is null || (only is not null && key.TenantId != only)) return TenancyProblems.ApiKeyUnknown();
            if (key.RevokedAt != 0) return null;
            var now = Instant.From(clock.GetUtcNow());
            await TenancyStore.RevokeApiKey(connection, transaction, id, now);
            await Audit.Add(connection, transaction, author, now, "api_key.revoked", id, key.TenantId,
                Audit.Of(key), Audit.Of(key with { RevokedAt = now.UnixMs }));
            return null;
        }, stop);
        keys.Forget();
        return problem;
    }
}
