using Topup.Domain.Tenancy;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Receipts;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Usage;

namespace Topup.Server.Web.Admin;

/// <summary>Files of the API for whoever is signed in: receipts, and lists as CSV.</summary>
internal static class StaffFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Add(app, "/admin/purchases.csv", (HttpContext context, [AsParameters] ListPurchases.Query query, ListPurchases verb) => verb.HandleAll(AsStaff(context), query with { Format = "csv" }));
        Add(app, "/admin/purchases/{id}/receipt", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePage(AsStaff(context), id));
        Add(app, "/admin/purchases/{id}/receipt.pdf", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePdf(AsStaff(context), id));
        Add(app, "/admin/usage.csv", (HttpContext context, [AsParameters] UsageForm.Query query, ReadOperatorUsage verb) => verb.Handle(AsStaff(context), query with { Format = "csv" }));
    }

    private static void Add(IEndpointRouteBuilder app, string path, Delegate verb) => app.MapGet(path, verb)
        .AddEndpointFilter(async (call, next) => ForPeople(await next(call)))
        .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();

    /// <summary>The verbs of the API ask who calls.</summary>
    private static HttpContext AsStaff(HttpContext context)
    {
        context.Features.Set(context.Features.Get<OperatorSession>()!.Caller);
        return context;
    }

    /// <summary>What the API says to programs, a page says to people.</summary>
    private static object? ForPeople(object? result) => result is IStatusCodeHttpResult { StatusCode: >= 400 and { } status } ? Results.StatusCode(status) : result;
}
