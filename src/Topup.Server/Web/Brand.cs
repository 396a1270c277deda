using System.Security.Cryptography;
using System.Text;
using Topup.Contracts;
using Topup.Server.Catalog.Settings;
using Topup.Server.Storage;

namespace Topup.Server.Web;

/// <summary>What the pages are called and how they look, as the operator has set it.</summary>
internal sealed class Brand
{
    /// <summary>Where the operator has set nothing.</summary>
    private const string NameDefault = "Topup";

    private const string CssPath = "/brand.css";
    private const string LogoPath = "/brand-logo";

    private readonly string css;
    private readonly string? logo;

    private Brand(BrandSettings brand, BusinessSettings business)
    {
        Name = brand.Name ?? business.Name ?? NameDefault;
        IsNamed = brand.Name is not null || business.Name is not null;
        MenuLabel = brand.MenuLabel ?? BrandForm.MenuLabelDefault;
        css = CssOf(BrandForm.Whole(brand).Colours!, ":root");
        CssUrl = CssPath + "?v=" + Hash(css);
        logo = brand.Logo;
        LogoUrl = logo is null ? null : LogoPath + "?v=" + Hash(logo);
    }

    public static Brand Default { get; } = new(new BrandSettings(), new BusinessSettings());

    public string Name { get; }

    /// <summary>The name is the operator's own.</summary>
    public bool IsNamed { get; }

    /// <summary>What the portal is called in the platform's own menu.</summary>
    public string MenuLabel { get; }

    /// <summary>The address of the colours, another one for other colours.</summary>
    public string CssUrl { get; }

    /// <summary>The same of the logo; null: there is none.</summary>
    public string? LogoUrl { get; }

    /// <summary>That of the request, which <see cref="PageGate"/> has read.</summary>
    public static Brand Of(HttpContext context) => context.Features.Get<Brand>() ?? Default;

    /// <summary>As it is now. While the database is away, the page that says so must still come up.</summary>
    public static async Task<Brand> Read(OperatorSettings settings, CancellationToken stop)
    {
        try
        {
            var (brand, business) = await settings.BrandAndBusiness(stop);
            return new Brand(brand, business);
        }
        catch (LaneException)
        {
            return Default;
        }
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(CssPath, async (HttpContext context, OperatorSettings settings) =>
        {
            var brand = await Read(settings, context.RequestAborted);
            Keep(context, brand.CssUrl);
            return Results.Text(brand.css, "text/css; charset=utf-8");
        }).ExcludeFromDescription();
        app.MapGet(LogoPath, async (HttpContext context, OperatorSettings settings) =>
        {
            var brand = await Read(settings, context.RequestAborted);
            if (brand.LogoUrl is null || BrandForm.Picture(brand.logo!) is not { } picture) return Results.NotFound();
            Keep(context, brand.LogoUrl);
            return Results.Bytes(picture.Bytes, picture.Type);
        }).ExcludeFromDescription();
    }

    /// <summary>For good under the address of its content; under any other only until it is asked for again.</summary>
    private static void Keep(HttpContext context, string url)
    {
        context.Response.Headers.CacheControl = context.Request.Path + context.Request.QueryString.Value == url ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <param name="where">What the colours are for: all, or a part of a page.</param>
    public static string CssOf(BrandColoursView colours, string where) =>
        $"{where} {Variables(colours.Light)}\n[data-bs-theme=\"dark\"]{(where == ":root" ? "" : " " + where)} {Variables(colours.Dark)}\n";

    private static string Variables(BrandThemeView theme) =>
        $"{{ --topup-accent: {theme.Accent}; --topup-accent-text: {theme.AccentText}; --topup-button: {theme.Button}; --topup-button-text: {theme.ButtonText}; }}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
