using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class GetTenant(Database database, TimeProvider clock, TimeZoneInfo zone)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/tenants/{id}", Handle)
        .WithName("GetTenant")
        .WithSummary("Show one tenant, with the current period of its allowance.")
        .Produces<TenantView>()
        .MayRefuse(401, 403, 404)
        .RequireScope(Scope.Read);

    private static async Task<IResult> Handle(string id, HttpContext context, GetTenant verb) =>
        Reply.Of(context.Caller().MaySee(id)
            ? await verb.Run(id, context.RequestAborted)
            : TenancyProblems.TenantUnknown(id), Json.Wire.TenantView);

    public async Task<Outcome<TenantView>> Run(string id, CancellationToken stop)
    {
        if (!TenantId.IsValid(id)) return TenancyProblems.TenantUnknown(id);
        var row = await database.Read(connection => TenancyStore.FindTenant(connection, id), stop);
        if (row is null) return TenancyProblems.TenantUnknown(id);
        return TenantForm.View(row, Instant.From(clock.GetUtcNow()), zone);
    }
}
