using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Checkout.Notifications;
using Topup.Server.Checkout.Pages;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.MercadoPago;
using Topup.Server.Checkout.Providers.Sandbox;
using Topup.Server.Checkout.Providers.Stripe;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>Selling credits.</summary>
internal static class CheckoutModule
{
    public static IServiceCollection AddCheckout(this IServiceCollection services)
    {
        services.AddSingleton<CheckoutStore>().AddSingleton<CheckoutMetrics>();
        services.AddSingleton<PurchaseViews>();
        services.AddSingleton<MakeOffer>();
        services.AddSingleton<StartPurchase>();
        services.AddSingleton<SettlePurchase>();
        services.AddSingleton<CheckPurchase>();
        services.AddSingleton<RefundPurchase>();
        services.AddSingleton<ReviewPurchase>();
        services.AddSingleton<ListPurchases>().AddSingleton<FindPurchase>();
        services.AddSingleton<ReadPurchase>();
        services.AddSingleton<ReadOutlook>();
        services.AddSingleton<ReadReturn>().AddSingleton<PaySandbox>();
        services.AddSingleton<Reconciler>().AddHostedService(provider => provider.GetRequiredService<Reconciler>());
        services.AddSingleton<InboxStore>().AddSingleton<ReceiveNotification>();
        services.AddSingleton<InboxWorker>().AddHostedService(provider => provider.GetRequiredService<InboxWorker>());
        services.AddSingleton<SandboxStore>().AddSingleton<IPaymentProvider, SandboxProvider>();
        services.AddSingleton(provider => new StripeClient(NewHttp(), provider.GetRequiredService<IProviderSettings>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StripeClient>>()));
        services.AddSingleton<IPaymentProvider, StripeProvider>().AddSingleton<INotifier, StripeNotifier>();
        services.AddSingleton(provider => new MercadoPagoClient(NewHttp(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MercadoPagoClient>>()));
        services.AddSingleton<IPaymentProvider, MercadoPagoProvider>().AddSingleton<INotifier, MercadoPagoNotifier>();
        return services;
    }

    public static void MapCheckout(this IEndpointRouteBuilder app)
    {
        PaySandbox.Map(app);
        app.MapPost("/webhooks/{method}", (HttpContext context, string method, ReceiveNotification verb) => verb.Handle(context, method))
            .ExcludeFromDescription();

        var v1 = app.MapGroup("/v1").WithTags("Checkout");
        v1.MapPost("/purchases", (HttpContext context, StartPurchase verb) => verb.Handle(context))
            .Describe<PurchaseRequest, PurchaseView>("StartPurchase", "Buy a pack, a chosen amount, or money for the balance", Scope.Purchase, write: true);
        v1.MapGet("/purchases", (HttpContext context, [AsParameters] ListPurchases.Query query, ListPurchases verb) => verb.HandleAll(context, query))
            .Describe<Page<PurchaseView>>("ListAllPurchases", "Everybody's purchases, the newest first", Scope.Read);
        v1.MapGet("/purchases/{id}", (HttpContext context, string id, ListPurchases verb) => verb.HandleOne(context, id))
            .Describe<PurchaseView>("GetPurchase", "One purchase", Scope.Read);
        v1.MapGet("/purchases/{id}/steps", (HttpContext context, string id, ListPurchases verb) => verb.HandleSteps(context, id))
            .Describe<Page<PurchaseStepView>>("ListPurchaseSteps", "What happened to a purchase, in order", Scope.Read);
        v1.MapPost("/purchases/{id}/check", (HttpContext context, string id, CheckPurchase verb) => verb.Handle(context, id))
            .Describe<PurchaseView>("CheckPurchase", "Ask the provider now what became of a purchase", Scope.Purchase).MayRefuse(409, 503);
        v1.MapPost("/purchases/{id}/cancel", (HttpContext context, string id, CheckPurchase verb) => verb.HandleCancel(context, id))
            .Describe<PurchaseView>("CancelPurchase", "Close a purchase that was not paid", Scope.Purchase).MayRefuse(409, 503);
        v1.MapPost("/purchases/{id}/refunds", (HttpContext context, string id, RefundPurchase verb) => verb.Handle(context, id))
            .Describe<RefundRequest, RefundView>("RefundPurchase", "Give money of a purchase back", Scope.Grant, write: true);
        v1.MapGet("/purchases/{id}/refunds", (HttpContext context, string id, ListPurchases verb) => verb.HandleRefunds(context, id))
            .Describe<Page<RefundView>>("ListRefunds", "Refunds of a purchase, the oldest first", Scope.Read);
        v1.MapPost("/purchases/{id}/review", (HttpContext context, string id, ReviewPurchase verb) => verb.Handle(context, id))
            .Describe<ReviewRequest, PurchaseView>("ReviewPurchase", "Decide on a purchase that needs review", Scope.Grant, write: true);
        v1.MapGet("/tenants/{id}/purchases", (HttpContext context, string id, string? limit, string? cursor, ListPurchases verb) =>
                verb.Handle(context, id, limit, cursor))
            .Describe<Page<PurchaseView>>("ListPurchases", "A tenant's purchases, the newest first", Scope.Read);
    }

    /// <summary>Follows no redirect: a provider's answer is its own, or none.</summary>
    private static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10), UseCookies = false,
    });
}
