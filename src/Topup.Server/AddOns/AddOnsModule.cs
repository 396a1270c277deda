using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.AddOns;

/// <summary>Optional features that tenants switch on and off, charged by the day.</summary>
internal static class AddOnsModule
{
    public static IServiceCollection AddAddOns(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(AddOnOptions.From(settings));
        services.AddSingleton<AddOnStore>();
        services.AddSingleton<AddOnOutlook>();
        services.AddSingleton<EnableAddOn>();
        services.AddSingleton<DisableAddOn>();
        services.AddSingleton<ReadAddOns>();
        services.AddSingleton<DryRunAddOn>();
        services.AddSingleton<AddOnWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<AddOnWorker>());
        return services;
    }

    public static void MapAddOns(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1").WithTags("Add-ons");
        v1.MapGet("/tenants/{id}/addons", (HttpContext context, string id, ReadAddOns verb) => verb.Handle(context, id))
            .Describe<TenantAddOnsView>("GetTenantAddOns", "A tenant's add-ons: what is on, what there is, what each costs now and at the renewal", Scope.Read);
        v1.MapPost("/tenants/{id}/addons/{code}/enable", (HttpContext context, string id, string code, EnableAddOn verb) => verb.Handle(context, id, code))
            .Describe<EnableAddOnRequest, EnableAddOnReply>(
                "EnableAddOn", "Switch an add-on on: charged for the days that are left, today included", Scope.Purchase, write: true).MayRefuse(402);
        v1.MapPost("/tenants/{id}/addons/{code}/disable", (HttpContext context, string id, string code, DisableAddOn verb) => verb.Handle(context, id, code))
            .Describe<DisableAddOnReply>("DisableAddOn", "Switch an add-on off: the unused days are given back, today included", Scope.Purchase, write: true);
        v1.MapPost("/dry-runs/addon", (HttpContext context, DryRunAddOn verb) => verb.Handle(context))
            .Describe<AddOnDryRunRequest, AddOnDryRunReply>("DryRunAddOn", "What switching an add-on would do; nothing is saved", Scope.Read);
    }
}
