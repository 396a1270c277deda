using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>Selling credits.</summary>
internal static class CheckoutModule
{
    public static IServiceCollection AddCheckout(this IServiceCollection services)
    {
        services.AddSingleton<CheckoutStore>();
        services.AddSingleton<StartPurchase>();
        services.AddSingleton<ListPurchases>();
        return services;
    }

    public static void MapCheckout(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1").WithTags("Checkout");
        v1.MapPost("/purchases", (HttpContext context, StartPurchase verb) => verb.Handle(context))
            .Describe<PurchaseRequest, PurchaseView>("StartPurchase", "Buy a pack", Scope.Purchase, write: true);
        v1.MapGet("/purchases/{id}", (HttpContext context, string id, ListPurchases verb) => verb.HandleOne(context, id))
            .Describe<PurchaseView>("GetPurchase", "One purchase", Scope.Read);
        v1.MapGet("/tenants/{id}/purchases", (HttpContext context, string id, string? limit, string? cursor, ListPurchases verb) =>
                verb.Handle(context, id, limit, cursor))
            .Describe<Page<PurchaseView>>("ListPurchases", "A tenant's purchases, the newest first", Scope.Read);
    }
}
