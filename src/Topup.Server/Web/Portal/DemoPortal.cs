using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Portal;
using Topup.Server.Checkout.Methods;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Portal;

/// <summary>
/// <c>/sandbox</c>: the portal of the tenant <c>demo</c>, to try a purchase in a browser. Only where <c>Topup__Sandbox</c> is
/// true, and only of that tenant: nobody signs in here.
/// </summary>
internal sealed class DemoPortal(CreatePortalSession sessions, MethodEnvironment environment)
{
    private const string Tenant = "demo";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/sandbox", (HttpContext context, DemoPortal demo) => demo.Open(context)).WithMetadata(new OpenPageAttribute()).ExcludeFromDescription();

    private async Task<IResult> Open(HttpContext context)
    {
        if (!environment.Sandbox) return Results.NotFound();
        var made = await sessions.Run(new PortalSessionRequest { Tenant = Tenant, Scopes = PortalScopes.Names },
            new Caller("sandbox", "sandbox", Scope.All, Tenant), form: null, context.RequestAborted);
        return made.Problem is null ? Results.Redirect(new Uri(made.Value.Url).PathAndQuery) : Results.NotFound();
    }
}
