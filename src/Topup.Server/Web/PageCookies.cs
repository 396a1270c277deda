using System.Security.Cryptography;

namespace Topup.Server.Web;

/// <summary>
/// The cookies of the pages. Over TLS each has the prefix that binds it to this host alone; over plain HTTP, as on a
/// developer's own machine, browsers refuse that prefix.
/// </summary>
internal static class PageCookies
{
    private const string Staff = "topup-staff";
    private const string Portal = "topup-portal";
    private const string Visitor = "topup-visitor";

    /// <summary>Says nothing. That it comes back says that cookies are kept.</summary>
    private const string Probe = "topup-probe";

    private static readonly object VisitorItem = new();

    public static string? StaffOf(HttpContext context) => Read(context, Staff);

    public static string? PortalOf(HttpContext context) => Read(context, Portal);

    public static void GiveStaff(HttpContext context, string token) => Write(context, Staff, token, SameSiteMode.Lax);

    public static void GivePortal(HttpContext context, string token) => Write(context, Portal, token, SameSiteMode.None);

    public static void TakeStaff(HttpContext context) => context.Response.Cookies.Delete(NameOf(context, Staff), Options(context, SameSiteMode.Lax));

    public static void TakePortal(HttpContext context) => context.Response.Cookies.Delete(NameOf(context, Portal), Options(context, SameSiteMode.None));

    public static bool IsKept(HttpContext context) => PortalOf(context) is not null || Read(context, Probe) is not null;

    public static void TryKeeping(HttpContext context) => Write(context, Probe, "1", SameSiteMode.None);

    /// <summary>What the forms of this browser are bound to: on pages of the portal its session, else that of the staff, else a visitor's.</summary>
    public static string? Bearer(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/portal", StringComparison.Ordinal) ? PortalOf(context) ?? VisitorOf(context) : StaffOf(context) ?? VisitorOf(context);

    public static string GiveVisitor(HttpContext context)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        context.Items[VisitorItem] = token;
        Write(context, Visitor, token, SameSiteMode.Strict);
        return token;
    }

    private static string? VisitorOf(HttpContext context) => context.Items[VisitorItem] as string ?? Read(context, Visitor);

    private static string? Read(HttpContext context, string name) => context.Request.Cookies[NameOf(context, name)] is { Length: > 0 and < 200 } value ? value : null;

    private static void Write(HttpContext context, string name, string value, SameSiteMode mode) =>
        context.Response.Cookies.Append(NameOf(context, name), value, Options(context, mode));

    private static string NameOf(HttpContext context, string name) => context.Request.IsHttps ? "__Host-" + name : name;

    /// <summary>A cookie for a frame on another site must be partitioned (CHIPS), and browsers take that over TLS only.</summary>
    private static CookieOptions Options(HttpContext context, SameSiteMode mode)
    {
        var options = new CookieOptions
        {
            HttpOnly = true, Path = "/", IsEssential = true, Secure = context.Request.IsHttps,
            SameSite = mode == SameSiteMode.None && !context.Request.IsHttps ? SameSiteMode.Lax : mode,
        };
        if (mode == SameSiteMode.None && context.Request.IsHttps) options.Extensions.Add("Partitioned");
        return options;
    }
}
