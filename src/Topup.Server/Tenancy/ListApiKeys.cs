using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class ListApiKeys(Database database)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/api-keys", Handle)
        .WithName("ListApiKeys")
        .WithSummary("List API keys, the oldest first, without their secrets.")
        .Produces<Page<ApiKeyView>>()
        .MayRefuse(400, 401, 403)
        .RequireScope(Scope.Keys);

    private static async Task<IResult> Handle(string? limit, string? cursor, HttpContext context, ListApiKeys verb)
    {
        var page = Paging.Read(limit, cursor);
        if (page.Problem is { } problem) return problem.AsResult();
        return Reply.Of(await verb.Run(page.Value, context.Caller().TenantId, context.RequestAborted), Json.Wire.PageApiKeyView);
    }

    /// <param name="only">The one tenant whose keys may be seen; null: all.</param>
    public async Task<Page<ApiKeyView>> Run(Paging page, string? only, CancellationToken stop)
    {
        var rows = await database.Read(connection => TenancyStore.ListApiKeys(connection, page, only), stop);
        return page.Of([.. rows.Select(View)], key => key.Id);
    }

    private static ApiKeyView View(ApiKeyRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Prefix = row.Prefix,
        Scopes = row.Scopes.Split(' '),
        Tenant = row.TenantId.Length == 0 ? null : row.TenantId,
        CreatedAt = new Instant(row.CreatedAt).ToDateTimeOffset(),
        ExpiresAt = new Instant(row.ExpiresAt).ToDateTimeOffsetOrNull(),
        RevokedAt = TimeOrNull(row.RevokedAt),
        LastUsedAt = TimeOrNull(row.LastUsedAt),
    };

    private static DateTimeOffset? TimeOrNull(long unixMs) => unixMs == 0 ? null : new Instant(unixMs).ToDateTimeOffset();
}
