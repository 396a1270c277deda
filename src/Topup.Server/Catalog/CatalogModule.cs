using Topup.Contracts;
using Topup.Server.Tenancy;

namespace Topup.Server.Catalog;

/// <summary>Credit types, plans, packs, rate cards and add-ons.</summary>
internal static class CatalogModule
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) => services
        .AddSingleton<CatalogCache>()
        .AddHostedService<CatalogRefresher>()
        .AddSingleton<CatalogChanges>()
        .AddSingleton<DemoCatalog>()
        .AddSingleton<ReadCatalog>()
        .AddSingleton<SaveCreditType>().AddSingleton<DeleteCreditType>()
        .AddSingleton<SavePlan>().AddSingleton<DeletePlan>()
        .AddSingleton<SavePack>().AddSingleton<DeletePack>()
        .AddSingleton<SaveRateCard>().AddSingleton<DeleteRateCard>()
        .AddSingleton<EstimatePlan>()
        .AddSingleton<SaveAddOn>().AddSingleton<DeleteAddOn>();

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        ReadCatalog.Map(routes);
        SaveCreditType.Map(routes);
        DeleteCreditType.Map(routes);
        SavePlan.Map(routes);
        DeletePlan.Map(routes);
        SavePack.Map(routes);
        DeletePack.Map(routes);
        SaveAddOn.Map(routes);
        DeleteAddOn.Map(routes);
        SaveRateCard.Map(routes);
        DeleteRateCard.Map(routes);
        EstimatePlan.Map(routes);
    }

    /// <summary>To be called once the database is open, before the first request.</summary>
    public static async Task StartCatalog(this IServiceProvider services, CancellationToken stop)
    {
        if (services.GetRequiredService<IConfiguration>().GetValue<bool>(DemoCatalog.Setting)
            && await services.GetRequiredService<DemoCatalog>().Save(stop))
        {
            await services.GetRequiredService<SaveTenant>().Run(
                "demo", new TenantRequest { Name = "Demo", Plan = "starter" }, Author.Server("demo"), stop);
        }
        await services.GetRequiredService<CatalogCache>().Refresh(stop);
    }
}
