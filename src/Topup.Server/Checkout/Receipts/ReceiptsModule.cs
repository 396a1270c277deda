using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Receipts;

/// <summary>Receipts of purchases, for people and for programs.</summary>
internal static class ReceiptsModule
{
    public static IServiceCollection AddReceipts(this IServiceCollection services) => services
        .AddSingleton<ReceiptStore>()
        .AddSingleton<IssueReceipt>()
        .AddSingleton<ShowReceipt>();

    public static void MapReceipts(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1").WithTags("Checkout");
        v1.MapGet("/purchases/{id}/receipt", (HttpContext context, string id, ShowReceipt verb) => verb.HandleJson(context, id))
            .Describe<ReceiptView>("GetReceipt", "The receipt of a purchase", Scope.Read);
        v1.MapGet("/purchases/{id}/receipt.html", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePage(context, id))
            .Describe<string>("GetReceiptPage", "The receipt of a purchase as a page to print", Scope.Read, "text/html");
        v1.MapGet("/purchases/{id}/receipt.pdf", (HttpContext context, string id, ShowReceipt verb) => verb.HandlePdf(context, id))
            .Describe<byte[]>("GetReceiptPdf", "The receipt of a purchase as PDF", Scope.Read, "application/pdf");
    }

    private static void Describe<TReply>(this RouteHandlerBuilder route, string name, string summary, Scope scope, string contentType) => route
        .WithName(name).WithSummary(summary).Produces<TReply>(StatusCodes.Status200OK, contentType).MayRefuse(401, 403, 404).RequireScope(scope);
}
