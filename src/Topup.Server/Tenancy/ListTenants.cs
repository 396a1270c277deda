using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy;

internal sealed class ListTenants(Database database, TimeProvider clock, TimeZoneInfo zone)
{
    private const int WordsLengthMax = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/tenants", Handle)
        .WithName("ListTenants")
        .WithSummary("List tenants, in an order that stays; all, those on one plan or of one status, or those that are searched for.")
        .Produces<Page<TenantView>>()
        .MayRefuse(400, 401, 403)
        .RequireScope(Scope.Read);

    private static async Task<IResult> Handle(
        string? plan, string? status, string? search, string? pools, string? sort, string? limit, string? cursor, string? format, HttpContext context, ListTenants verb)
    {
        if (format is not (null or "json" or "csv")) return Problems.Invalid("format", "format must be json or csv.").AsResult();
        var page = Paging.Read(limit, cursor);
        if (page.Problem is { } problem) return problem.AsResult();
        if (format == "csv") return await verb.Csv(context.Caller().TenantId, new TenantSearch(plan, status, search, pools, sort), context.RequestAborted);
        return Reply.Of(await verb.Run(page.Value, context.Caller().TenantId, new TenantSearch(plan, status, search, pools, sort), context.RequestAborted),
            Json.Wire.PageTenantView);
    }

    /// <summary>All that the search finds, as a file.</summary>
    /// <param name="only">The one tenant that may be seen; null: all.</param>
    public async Task<IResult> Csv(string? only, TenantSearch asked, CancellationToken stop)
    {
        var first = await Run(new Paging(1, ""), only, asked, stop);
        return first.Problem is { } problem ? problem.AsResult() : new TenantsCsv(this, asked, only);
    }

    /// <param name="only">The one tenant that may be seen; null: all.</param>
    public async Task<Outcome<Page<TenantView>>> Run(Paging page, string? only, TenantSearch asked, CancellationToken stop)
    {
        var status = TenantForm.StatusOf(asked.Status);
        if ((Fields.Code("plan", asked.Plan) ?? status.Problem ?? Fields.Text("search", asked.Words, WordsLengthMax, min: 0)) is { } problem) return problem;
        if (asked.Pools is not (null or "low" or "exhausted")) return Problems.Invalid("pools", "pools must be low or exhausted.");
        if (asked.Sort is not (null or "name" or "newest")) return Problems.Invalid("sort", "sort must be name or newest.");
        var now = Instant.From(clock.GetUtcNow());
        var rows = await database.Read(connection => TenancyStore.ListTenants(connection, page, only, asked, status.Value, now), stop);
        return page.Of([.. rows.Select(row => TenantForm.View(row, now, zone))], tenant => tenant.Id);
    }
}

/// <summary>Which tenants, and in which order.</summary>
/// <param name="Words">Part of the id, name, e-mail or phone.</param>
/// <param name="Pools"><c>low</c> or <c>exhausted</c>: at least one of the tenant's pools is.</param>
/// <param name="Sort"><c>name</c> or <c>newest</c>; null: the order of the database's key.</param>
internal sealed record TenantSearch(string? Plan = null, string? Status = null, string? Words = null, string? Pools = null, string? Sort = null);
