using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Tenancy.Portal;
using Topup.Server.Web.Portal.Purchases;

namespace Topup.Server.Web.Portal.History;

/// <summary>The history as a file, filtered like the page.</summary>
internal static class HistoryCsv
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/portal/history.csv", async (HttpContext context, ListEntries verb, TimeZoneInfo zone) =>
        {
            var query = HistoryFilter.Of(context.Request.Query, zone) with { Format = "csv", Limit = null, Cursor = null };
            return ReceiptFiles.ForPeople(await verb.Handle(ReceiptFiles.AsTenant(context), context.Features.Get<PortalSession>()!.Tenant, query));
        })
        .WithMetadata(new PortalPageAttribute(PortalScope.View)).ExcludeFromDescription();
}
