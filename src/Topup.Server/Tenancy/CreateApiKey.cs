using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

/// <summary>Makes an API key, with at most the rights of who asks for it.</summary>
internal sealed class CreateApiKey(Database database, ApiKeys keys, TimeProvider clock)
{
    private const int NameLengthMax = 100;
    private const int ScopesMax = 16;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/api-keys", Handle)
        .WithName("CreateApiKey")
        .WithSummary("Make an API key. The secret is shown in this reply and never again.")
        .Accepts<ApiKeyRequest>("application/json")
        .Produces<NewApiKey>(StatusCodes.Status201Created)
        .MayRefuse(400, 401, 403, 404, 413, 415)
        .RequireScope(Scope.Keys);

    private static async Task<IResult> Handle(HttpContext context, CreateApiKey verb)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.ApiKeyRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        context.Response.Headers.CacheControl = "no-store";
        return Reply.Of(await verb.Run(body.Value, context.Caller(), author.Value, context.RequestAborted),
            Json.Wire.NewApiKey, StatusCodes.Status201Created);
    }

    public async Task<Outcome<NewApiKey>> Run(ApiKeyRequest request, Caller caller, Author author, CancellationToken stop)
    {
        var scopes = ScopesOf(request.Scopes);
        if ((Fields.Text("name", request.Name, NameLengthMax) ?? scopes.Problem ?? Fields.TenantId("tenant", request.Tenant)
            ?? Reach(request, scopes.Value, caller)) is { } problem) return problem;
        if (request.ExpiresAt <= clock.GetUtcNow()) return Problems.Invalid("expires_at", "expires_at must be in the future.");
        if (request.Tenant is { } tenant && !await Exists(tenant, stop)) return TenancyProblems.TenantUnknown(tenant);

        var secret = KeyHash.KeyOf(author.SecretBytes());
        var expiresAt = request.ExpiresAt is { } time ? Instant.From(time) : Instant.Never;
        var id = await keys.Create(request.Name, secret, scopes.Value, request.Tenant, expiresAt, author, stop);
        return new NewApiKey { Id = id, Key = secret };
    }

    private static Outcome<Scope> ScopesOf(IReadOnlyList<string> names)
    {
        if (names.Count is 0 or > ScopesMax)
            return Problems.Invalid("scopes", $"scopes must be 1 to {ScopesMax} names.", ScopesMax);
        var scopes = Scope.None;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is null || Scopes.Of(names[i]) is not (not Scope.None and var scope))
            {
                return Problems.Invalid(string.Create(CultureInfo.InvariantCulture, $"scopes[{i}]"),
                    "A scope is consume, grant, purchase, read, tenants, catalog, keys, limits or all.");
            }
            scopes |= scope;
        }
        return scopes;
    }

    /// <summary>A key never reaches further than the key that made it.</summary>
    private static Problem? Reach(ApiKeyRequest request, Scope scopes, Caller caller)
    {
        if (caller.TenantId is { } own && request.Tenant is null)
            return Problems.Invalid("tenant", $"This API key sees only one tenant, so tenant must be {own}.");
        if (request.Tenant is { } tenant && !caller.MaySee(tenant)) return TenancyProblems.TenantUnknown(tenant);
        if (request.Tenant is not null && scopes != Scope.All && (scopes & Scopes.NeverOfOneTenant) != 0)
            return Problems.Invalid("scopes", "A key of one tenant cannot have the scope catalog, which is everybody's.");
        var reach = request.Tenant is null ? scopes : scopes & ~Scopes.NeverOfOneTenant;
        return caller.May(reach) ? null : ApiKeyAuth.Forbidden(reach & ~caller.Scopes) with { Field = "scopes" };
    }

    private async Task<bool> Exists(string tenant, CancellationToken stop) =>
        await database.Read(connection => TenancyStore.FindTenant(connection, tenant), stop) is not null;
}
