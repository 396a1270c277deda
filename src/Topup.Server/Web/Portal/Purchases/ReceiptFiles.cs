using Topup.Domain.Tenancy;
using Topup.Server.Checkout.Receipts;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Web.Portal.Purchases;

/// <summary>Receipts of the session's tenant, as the API gives them.</summary>
internal static class ReceiptFiles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/portal/purchases/{id}/receipt", async (HttpContext context, string id, ShowReceipt verb) => ForPeople(await verb.HandlePage(AsTenant(context), id)))
            .WithMetadata(new PortalPageAttribute(PortalScope.View)).ExcludeFromDescription();
        app.MapGet("/portal/purchases/{id}/receipt.pdf", async (HttpContext context, string id, ShowReceipt verb) => ForPeople(await verb.HandlePdf(AsTenant(context), id)))
            .WithMetadata(new PortalPageAttribute(PortalScope.View)).ExcludeFromDescription();
        app.MapGet("/portal/receipts/{session}/{pass}/{id}", async (HttpContext context, string session, string pass, string id, PortalSessions sessions, ShowReceipt verb) =>
            {
                if (await sessions.FindByPass(session, pass, id, context.RequestAborted) is not { } found) return Results.StatusCode(StatusCodes.Status404NotFound);
                context.Features.Set(found);
                return ForPeople(await verb.HandlePage(AsTenant(context), id));
            })
            .WithMetadata(new OpenPageAttribute()).ExcludeFromDescription();
    }

    /// <summary>Where a receipt is read in a tab that has no cookie of the session.</summary>
    /// <param name="token">Of the session.</param>
    public static string PathWithPass(PortalSession session, string token, string purchase) =>
        $"/portal/receipts/{session.SessionId}/{PortalSessions.PassFor(token, purchase)}/{Uri.EscapeDataString(purchase)}";

    /// <summary>The verbs of the API ask who calls: the session's tenant, who sees what is theirs.</summary>
    public static HttpContext AsTenant(HttpContext context)
    {
        context.Features.Set(context.Features.Get<PortalSession>()!.Caller);
        return context;
    }

    /// <summary>What the API says to programs, a page says to people.</summary>
    public static IResult ForPeople(IResult result) => result is IStatusCodeHttpResult { StatusCode: >= 400 and { } status } ? Results.StatusCode(status) : result;
}
