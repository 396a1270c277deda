using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog.Portal;

/// <summary>Links to a tenant's portal.</summary>
internal static class PortalModule
{
    public static IServiceCollection AddPortalSessions(this IServiceCollection services) => services.AddSingleton<CreatePortalSession>();

    public static void MapPortalSessions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/portal-sessions", (HttpContext context, CreatePortalSession verb) => verb.Handle(context))
            .WithTags("Portal").WithName("CreatePortalSession").WithSummary("Make a link to a tenant's portal. It opens once, within 60 seconds.")
            .Accepts<PortalSessionRequest>("application/json").Produces<PortalSessionView>(StatusCodes.Status201Created)
            .MayRefuse(400, 401, 403, 404, 413, 415).RequireScope(Scope.Purchase);

    /// <summary>A link with all rights of a tenant, for an operator at the server who wants to see what the tenant sees.</summary>
    public static Task<Outcome<PortalSessionView>> NewPortalLink(this IServiceProvider services, string tenant, CancellationToken stop) =>
        services.GetRequiredService<CreatePortalSession>().Run(
            new PortalSessionRequest { Tenant = tenant, Scopes = PortalScopes.Names }, new Caller("server:local", "the server", Scope.All, null), form: null, stop);
}
