using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class ListTenants(Database database, TimeProvider clock, TimeZoneInfo zone)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/tenants", Handle)
        .WithName("ListTenants")
        .WithSummary("List tenants, in an order that stays; all, or those on one plan or of one status.")
        .Produces<Page<TenantView>>()
        .MayRefuse(400, 401, 403)
        .RequireScope(Scope.Read);

    private static async Task<IResult> Handle(
        string? plan, string? status, string? limit, string? cursor, HttpContext context, ListTenants verb)
    {
        var page = Paging.Read(limit, cursor);
        if (page.Problem is { } problem) return problem.AsResult();
        return Reply.Of(await verb.Run(page.Value, context.Caller().TenantId, plan, status, context.RequestAborted),
            Json.Wire.PageTenantView);
    }

    /// <param name="only">The one tenant that may be seen; null: all.</param>
    public async Task<Outcome<Page<TenantView>>> Run(
        Paging page, string? only, string? plan, string? status, CancellationToken stop)
    {
        var wanted = TenantForm.StatusOf(status);
        if ((Fields.Code("plan", plan) ?? wanted.Problem) is { } problem) return problem;
        var rows = await database.Read(
            connection => TenancyStore.ListTenants(connection, page, only, plan, wanted.Value), stop);
        var now = Instant.From(clock.GetUtcNow());
        return page.Of([.. rows.Select(row => TenantForm.View(row, now, zone))], tenant => tenant.Id);
    }
}
