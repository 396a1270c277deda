using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class ListAudit(Database database)
{
    public const int SearchLengthMax = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/audit", Handle)
        .WithName("ListAudit")
        .WithSummary("List changes, the newest first: who did what to what, when and why; all, those of one tenant, or those that are searched for.")
        .Produces<Page<AuditView>>()
        .MayRefuse(400, 401, 403, 404)
        .RequireScope(Scope.Read);

    private static async Task<IResult> Handle(
        string? tenant, string? search, string? limit, string? cursor, HttpContext context, ListAudit verb)
    {
        var caller = context.Caller();
        if (tenant is not null && !caller.MaySee(tenant)) return TenancyProblems.TenantUnknown(tenant).AsResult();
        var page = Paging.Read(limit, cursor);
        if ((page.Problem ?? Fields.TenantId("tenant", tenant) ?? Fields.Text("search", search, SearchLengthMax, min: 0)) is { } problem) return problem.AsResult();
        return Reply.Of(await verb.Run(page.Value, tenant ?? caller.TenantId, search, context.RequestAborted), Json.Wire.PageAuditView);
    }

    /// <param name="tenant">Only what was done to this tenant; null: to anything.</param>
    /// <param name="search">Only where this stands in the action, who did it, to what, or why; null: all.</param>
    public async Task<Page<AuditView>> Run(Paging page, string? tenant, string? search, CancellationToken stop)
    {
        var rows = await database.Read(connection => TenancyStore.ListAudit(connection, page, tenant, search?.Trim() ?? ""), stop);
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
