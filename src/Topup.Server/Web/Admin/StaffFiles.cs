using Topup.Domain.Tenancy;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Receipts;
using Topup.Server.Imports;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Usage;

namespace Topup.Server.Web.Admin;

/// <summary>Files of the API for whoever is signed in: receipts, and lists as CSV.</summary>
internal static class StaffFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Add(app, "/admin/purchases.csv", (HttpContext context, [AsParameters] ListPurchases.Query query, ListPurchases verb) => verb.HandleAll(AsStaff(context), query with { Format = "csv" }));
        Add(app, "/admin/tenants.csv", (HttpContext context, string? plan, string? status, string? search, string? pools, string? sort, ListTenants verb) =>
            verb.Csv(null, new TenantSearch(NullIfEmpty(plan), NullIfEmpty(status), search, NullIfEmpty(pools), NullIfEmpty(sort)), context.RequestAborted));
        Add(app, "/admin/purchases/{id}/receipt", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePage(AsStaff(context), id));
        Add(app, "/admin/purchases/{id}/receipt.pdf", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePdf(AsStaff(context), id));
        Add(app, "/admin/imports/{id}/failures.csv", (HttpContext context, string id, ReadImports verb) => verb.HandleFailures(AsStaff(context), id));
        Add(app, "/admin/usage.csv", (HttpContext context, [AsParameters] UsageForm.Query query, ReadOperatorUsage verb) => verb.Handle(AsStaff(context), query with { Format = "csv" }));
    }

    private static void Add(IEndpointRouteBuilder app, string path, Delegate verb) => app.MapGet(path, verb)
        .AddEndpointFilter(async (call, next) => ForPeople(await next(call)))
        .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();

    /// <summary>A form says also what was left empty.</summary>
    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>The verbs of the API ask who calls.</summary>
    private static HttpContext AsStaff(HttpContext context)
    {
        context.Features.Set(context.Features.Get<OperatorSession>()!.Caller);
        return context;
    }

    /// <summary>What the API says to programs, a page says to people.</summary>
    private static object? ForPeople(object? result) => result is IStatusCodeHttpResult { StatusCode: >= 400 and { } status } ? Results.StatusCode(status) : result;
}
