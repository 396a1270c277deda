using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class ListAudit(Database database)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/audit", Handle)
        .WithName("ListAudit")
        .WithSummary("List changes, the newest first: who did what to what, when and why; all, or those of one tenant.")
        .Produces<Page<AuditView>>()
        .MayRefuse(400, 401, 403, 404)
        .RequireScope(Scope.Read);

    private static async Task<IResult> Handle(
        string? tenant, string? limit, string? cursor, HttpContext context, ListAudit verb)
    {
        var caller = context.Caller();
        if (tenant is not null && !caller.MaySee(tenant)) return TenancyProblems.TenantUnknown(tenant).AsResult();
        var page = Paging.Read(limit, cursor);
        if ((page.Problem ?? Fields.TenantId("tenant", tenant)) is { } problem) return problem.AsResult();
        return Reply.Of(await verb.Run(page.Value, tenant ?? caller.TenantId, context.RequestAborted), Json.Wire.PageAuditView);
    }

    public async Task<Page<AuditView>> Run(Paging page, string? tenant, CancellationToken stop)
    {
        var rows = await database.Read(connection => TenancyStore.ListAudit(connection, page, tenant), stop);
        return page.Of([.. rows.Select(View)], change => change.Id);
    }

    private static AuditView View(AuditRow row) => new()
    {
        Id = row.Id,
        At = new Instant(row.At).ToDateTimeOffset(),
        Actor = row.Actor,
        Action = row.Action,
        Target = row.Target,
        Tenant = NullIfEmpty(row.TenantId),
        Before = row.Before.Length == 0 ? null : JsonElement.Parse(row.Before),
        After = row.After.Length == 0 ? null : JsonElement.Parse(row.After),
        Reason = NullIfEmpty(row.Reason),
    };

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
