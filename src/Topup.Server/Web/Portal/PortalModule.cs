using Topup.Server.Web.Portal.Credits;
using Topup.Server.Web.Portal.History;
using Topup.Server.Web.Portal.Purchases;
using Topup.Server.Web.Portal.TopUp;

namespace Topup.Server.Web.Portal;

/// <summary>What the pages of tenants need besides themselves.</summary>
internal static class PortalModule
{
    public static IServiceCollection AddPortal(this IServiceCollection services) => services
        .AddSingleton<CreditCards>()
        .AddSingleton<TopUpForm>()
        .AddSingleton<DemoPortal>();

    public static void MapPortal(this IEndpointRouteBuilder app)
    {
        DemoPortal.Map(app);
        CreditCards.Map(app);
        TopUpForm.Map(app);
        HistoryCsv.Map(app);
        ReceiptFiles.Map(app);
    }
}
