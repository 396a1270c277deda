using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>What a route takes, gives and requires, said once for the router, the check of keys and OpenAPI.</summary>
internal static class RouteDescription
{
    /// <param name="write">The route moves credits or money, so it requires an idempotency key.</param>
    public static RouteHandlerBuilder Describe<TRequest, TReply>(
        this RouteHandlerBuilder route, string name, string summary, Scope scope, bool write = false)
        where TRequest : notnull =>
        route.Accepts<TRequest>("application/json").Describe<TReply>(name, summary, scope, write).MayRefuse(413, 415);

    public static RouteHandlerBuilder Describe<TReply>(
        this RouteHandlerBuilder route, string name, string summary, Scope scope, bool write = false)
    {
        route.WithName(name).WithSummary(summary).Produces<TReply>().MayRefuse(400, 401, 403, 404).RequireScope(scope);
        if (write) route.MayRefuse(409, 429, 503).WithMetadata(new IdempotencyKeyRequired());
        return route;
    }
}

/// <summary>Marks a route for the description of the API.</summary>
internal sealed record IdempotencyKeyRequired;
