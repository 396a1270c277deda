using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Web;

/// <summary>
/// In front of every page: who may see it, the headers that keep browsers from doing what it does not ask for, and a page
/// for people where there is none, or where something broke.
/// </summary>
internal sealed class PageGate(
    RequestDelegate next, OperatorSessions operators, PortalSessions portals, OperatorSettings settings, IEnumerable<KnownFailure> known, ILogger<PageGate> log)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors ";

    /// <summary>The framework's hint to a script of its own, which these pages do not use; it must not be there twice.</summary>
    private const string OfFramework = "blazor-enhanced-nav";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsForPeople(context))
        {
            await next(context);
            return;
        }
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy + "'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        context.Features.Set(await Brand.Read(settings, context.RequestAborted));
        try
        {
            if (await MayEnter(context)) await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400 } && context.Response.ContentLength is null or 0) await Say(context, context.Response.StatusCode);
        }
        catch (Exception broken) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(broken, "A page failed ({Correlation})", context.TraceIdentifier);
            await Say(context, known.Select(failure => failure(broken)).FirstOrDefault(problem => problem is not null)?.Status ?? StatusCodes.Status500InternalServerError);
        }
    }

    /// <summary>A page, or an address that is nothing, asked for by a browser.</summary>
    private static bool IsForPeople(HttpContext context) =>
        context.GetEndpoint() is { } endpoint
            ? endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null || AccessOf(endpoint) is not null
            : !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
                && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Who may see it, as the page itself says. A page that says nothing is seen by nobody.</summary>
    private static Attribute? AccessOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaffPageAttribute>() ?? endpoint.Metadata.GetMetadata<PortalPageAttribute>() ?? (Attribute?)endpoint.Metadata.GetMetadata<OpenPageAttribute>();

    private Task<bool> MayEnter(HttpContext context) => context.GetEndpoint() is not { } endpoint
        ? Task.FromResult(true)
        : AccessOf(endpoint) switch
        {
            StaffPageAttribute page => EnterAsStaff(context, page),
            PortalPageAttribute page => EnterPortal(context, page),
            OpenPageAttribute page => EnterOpen(context, page),
            _ => throw new InvalidOperationException($"The page {endpoint.DisplayName} does not say who may see it."),
        };

    private async Task<bool> EnterAsStaff(HttpContext context, StaffPageAttribute page)
    {
        if (await operators.Find(PageCookies.StaffOf(context), context.RequestAborted) is not { } session)
        {
            SendTo(context, "/sign-in?next=" + Uri.EscapeDataString(HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString : "/admin"));
            return false;
        }
        context.Features.Set(session);
        context.Features.Set(new Reader(session.Locale, session.Theme));
        return session.Caller.May(page.Scope) || Refuse(context);
    }

    private async Task<bool> EnterPortal(HttpContext context, PortalPageAttribute page)
    {
        if (await portals.Find(PageCookies.PortalOf(context), context.RequestAborted, isUse: !page.IsWatch) is not { } session)
        {
            SendTo(context, "/portal/over");
            return false;
        }
        context.Features.Set(session);
        context.Features.Set(new Reader(session.Locale, session.Theme));
        if (session.EmbedOrigin is { Length: > 0 } origin) context.Response.Headers.ContentSecurityPolicy = Policy + origin;
        return (session.PortalScopes & page.Scope) == page.Scope || Refuse(context);
    }

    private async Task<bool> EnterOpen(HttpContext context, OpenPageAttribute page)
    {
        if (page.IsFramed && (await settings.SavedPortal(context.RequestAborted)).AllowedOrigins is { Count: > 0 } origins)
        {
            OpenPageAttribute.SetHosts(context, origins);
            context.Response.Headers.ContentSecurityPolicy = Policy + string.Join(' ', origins);
        }
        return true;
    }

    /// <summary>A part of a page that script refreshes is not to become another page: the whole of it goes on.</summary>
    private static void SendTo(HttpContext context, string path)
    {
        if (context.Request.Headers.ContainsKey("HX-Request")) context.Response.Headers["HX-Redirect"] = path;
        else context.Response.Redirect(path);
    }

    private static bool Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return false;
    }

    private static async Task Say(HttpContext context, int status)
    {
        // What was begun for the page that failed must not be met again.
        await using var fresh = context.RequestServices.CreateAsyncScope();
        context.RequestServices = fresh.ServiceProvider;
        context.Response.ContentLength = null;
        context.Response.Headers.Remove(OfFramework);
        var page = new RazorComponentResult<SorryPage>(new { Status = status }) { StatusCode = status };
        await page.ExecuteAsync(context);
    }
}
