using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;

namespace Topup.Server.Web.Admin.Settings;

/// <summary>The preview of settings that are typed and not saved.</summary>
internal static class DisplayPreview
{
    private const string CssPath = "/admin/settings/preview.css";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/admin/settings/preview", async (HttpContext context, ReadSettings read, CatalogCache catalogs) =>
            {
                var saved = await DisplaySettings.Saved(read, context.RequestAborted);
                var typed = TypedDisplay.Read(field => context.Request.Query[field], saved, catalogs.Current.Types.Keys, Locale.Of(context));
                var wrong = typed.Problem ?? typed.Value.Check();
                var shown = wrong is null ? typed.Value : saved;
                return new RazorComponentResult<PortalPreview>(new { shown.Brand, shown.Portal, shown.Money, shown.Checkout, Wrong = wrong?.Detail });
            })
            .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();
        app.MapGet(CssPath, (string? accent, string? button) =>
                Results.Text(Web.Brand.CssOf(BrandForm.Whole(new BrandSettings { Accent = accent, Button = button }).Colours!, ".preview"), "text/css; charset=utf-8"))
            .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();
    }

    /// <summary>The colours of a brand that is not saved, for the preview alone.</summary>
    public static string CssUrl(BrandSettings brand) => CssPath + QueryString.Create("accent", brand.Accent ?? "").Add("button", brand.Button ?? "");
}
