using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary>What is used, what comes of it, and who is warned when.</summary>
internal static class UsageModule
{
    public static IServiceCollection AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<UsageStore>();
        services.AddSingleton<ReadUsage>();
        services.AddSingleton<ReadOperatorUsage>();
        services.AddSingleton<ReadPeaks>();
        services.AddSingleton<Forecaster>();
        services.AddSingleton<ReadForecasts>();
        services.AddSingleton<SaveAlerts>();
        services.AddSingleton<ReadAlerts>();
        services.AddSingleton<ForewarningStore>();
        services.AddSingleton<Forewarner>();
        services.AddHostedService(provider => provider.GetRequiredService<Forewarner>());
        services.AddSingleton<TotalsStore>();
        services.AddSingleton<TotalsWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<TotalsWorker>());
        return services;
    }

    public static void MapUsage(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1").WithTags("Usage");
        v1.MapGet("/tenants/{id}/usage", (HttpContext context, string id, [AsParameters] UsageForm.Query query, ReadUsage verb) =>
                verb.Handle(context, id, query))
            .Describe<UsageView>("GetUsage", "What a tenant used, by day, type, usage type and subject; ?format=csv for a file", Scope.Read);
        v1.MapGet("/usage", (HttpContext context, [AsParameters] UsageForm.Query query, ReadOperatorUsage verb) => verb.Handle(context, query))
            .Describe<OperatorUsageView>("GetOperatorUsage", "What all tenants used, what was sold and what is left of it; ?format=csv for a file", Scope.Read);
        v1.MapGet("/tenants/{id}/usage/peaks", (HttpContext context, string id, string? type, ReadPeaks verb) => verb.Handle(context, id, type))
            .Describe<PeaksView>("GetUsagePeaks", "At which hours of which weekdays a tenant uses the most", Scope.Read);
        v1.MapGet("/tenants/{id}/forecast", (HttpContext context, string id, string? type, ReadForecasts verb) => verb.Handle(context, id, type))
            .Describe<Page<ForecastView>>("GetForecast", "When a tenant's credits run out, and what to buy", Scope.Read);

        v1.MapPut("/tenants/{id}/alerts/{type}", (HttpContext context, string id, string type, SaveAlerts verb) => verb.Handle(context, id, type))
            .Describe<AlertRequest, AlertView>("SaveAlerts", "Say when a tenant is warned of one of its pools", Scope.Limits).MayRefuse(429, 503);
        v1.MapGet("/tenants/{id}/alerts", (HttpContext context, string id, ReadAlerts verb) => verb.Handle(context, id))
            .Describe<Page<AlertView>>("ListAlerts", "When a tenant is warned, pool by pool", Scope.Read);
        v1.MapGet("/tenants/{id}/alerts/{type}", (HttpContext context, string id, string type, ReadAlerts verb) => verb.HandleOne(context, id, type))
            .Describe<AlertView>("GetAlerts", "When a tenant is warned of one of its pools", Scope.Read);
        v1.MapDelete("/tenants/{id}/alerts/{type}", (HttpContext context, string id, string type, SaveAlerts verb) => verb.HandleDelete(context, id, type))
            .WithName("DeleteAlerts").WithSummary("Warn as the credit type says")
            .Produces(StatusCodes.Status204NoContent).MayRefuse(400, 401, 403, 404, 429, 503).RequireScope(Scope.Limits);
    }
}
