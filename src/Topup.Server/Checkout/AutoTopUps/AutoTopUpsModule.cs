using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>Credits that are bought by themselves, and the cards that pay for them.</summary>
internal static class AutoTopUpsModule
{
    public static IServiceCollection AddAutoTopUps(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(AutoTopUpOptions.From(settings));
        services.AddSingleton<AutoTopUpStore>();
        services.AddSingleton<SavedCardStore>();
        services.AddSingleton<SavedCards>();
        services.AddSingleton<AutoTopUpOutlook>();
        services.AddSingleton<SaveAutoTopUp>();
        services.AddSingleton<ReadAutoTopUps>();
        services.AddSingleton<EndAutoTopUp>();
        services.AddSingleton<ResumeAutoTopUp>();
        services.AddSingleton<RunAutoTopUp>();
        services.AddSingleton<AutoTopUpWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<AutoTopUpWorker>());
        return services;
    }

    public static void MapAutoTopUps(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1/tenants/{id}").WithTags("Checkout");
        v1.MapPut("/auto-top-ups/{type}", (HttpContext context, string id, string type, SaveAutoTopUp verb) => verb.Handle(context, id, type))
            .Describe<AutoTopUpRequest, AutoTopUpView>("SaveAutoTopUp", "Agree that credits are bought before they run out, within a cap", Scope.Purchase)
            .Produces<AutoTopUpView>(StatusCodes.Status201Created).MayRefuse(409);
        v1.MapGet("/auto-top-ups", (HttpContext context, string id, ReadAutoTopUps verb) => verb.Handle(context, id))
            .Describe<Page<AutoTopUpView>>("ListAutoTopUps", "A tenant's automatic top-ups", Scope.Read);
        v1.MapGet("/auto-top-ups/{type}", (HttpContext context, string id, string type, ReadAutoTopUps verb) => verb.HandleOne(context, id, type))
            .Describe<AutoTopUpView>("GetAutoTopUp", "The automatic top-up of one credit type", Scope.Read);
        v1.MapDelete("/auto-top-ups/{type}", (HttpContext context, string id, string type, EndAutoTopUp verb) => verb.Handle(context, id, type))
            .WithName("DeleteAutoTopUp").WithSummary("Withdraw the consent: nothing is bought by itself any more")
            .Produces(StatusCodes.Status204NoContent).MayRefuse(400, 401, 403, 404).RequireScope(Scope.Purchase);
        v1.MapPost("/auto-top-ups/{type}/resume", (HttpContext context, string id, string type, ResumeAutoTopUp verb) => verb.Handle(context, id, type))
            .Describe<AutoTopUpView>("ResumeAutoTopUp", "Let a suspended or waiting automatic top-up order again", Scope.Purchase);
        v1.MapGet("/saved-cards", (HttpContext context, string id, SavedCards verb) => verb.HandleList(context, id))
            .Describe<Page<SavedCardView>>("ListSavedCards", "The cards that a tenant agreed to save", Scope.Read);
        v1.MapDelete("/saved-cards/{method}", (HttpContext context, string id, string method, SavedCards verb) => verb.HandleDelete(context, id, method))
            .WithName("DeleteSavedCard").WithSummary("Forget a card, here and at the provider: it is never charged again")
            .Produces(StatusCodes.Status204NoContent).MayRefuse(400, 401, 403, 404, 503).RequireScope(Scope.Purchase);
    }
}
