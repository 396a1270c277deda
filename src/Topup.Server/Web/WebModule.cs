using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Topup.Server.Web.Admin;
using Topup.Server.Web.Admin.Audit;
using Topup.Server.Web.Admin.FirstSteps;
using Topup.Server.Web.Admin.Health;
using Topup.Server.Web.Admin.Imports;
using Topup.Server.Web.Admin.Overview;
using Topup.Server.Web.Admin.Settings;
using Topup.Server.Web.Admin.Search;
using Topup.Server.Web.Admin.Tenants;
using Topup.Server.Web.Assets;
using Topup.Server.Web.Portal;

namespace Topup.Server.Web;

/// <summary>The pages of operators and tenants.</summary>
internal static class WebModule
{
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Nothing of the pages is sealed by the framework's keys, so none are made at the start and kept on disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var maker in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList()) services.Remove(maker);
        services.AddSingleton<PageToken>();
        services.AddSingleton<IAntiforgery>(provider => provider.GetRequiredService<PageToken>());
        services.AddSingleton<Texts>();
        services.AddSingleton<PageAssets>();
        services.AddSingleton<FirstSteps>();
        services.AddSingleton<OverviewFigures>().AddSingleton<HealthFigures>().AddSingleton<ActorNames>();
        services.AddSingleton<PanelSearch>().AddSingleton<TopUpOffers>().AddSingleton<Correction>();
        services.AddPortal();
        return services;
    }

    public static IApplicationBuilder UseWeb(this IApplicationBuilder app) => app.UseMiddleware<PageGate>().UseAntiforgery();

    public static void MapWeb(this IEndpointRouteBuilder app)
    {
        PageAssets.Map(app);
        Brand.Map(app);
        StaffFiles.Map(app);
        ImportTemplates.Map(app);
        DisplayPreview.Map(app);
        FirstSteps.Map(app);
        EntryQuery.Map(app);
        app.MapPortal();
        app.MapRazorComponents<Shell>();
    }
}
