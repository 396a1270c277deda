using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using Topup.Server.Http;

namespace Topup.Server.Web;

/// <summary>
/// In front of every page: who may see it, the headers that keep browsers from doing what it does not ask for, and a page
/// for people where there is none, or where something broke.
/// </summary>
internal sealed class PageGate(RequestDelegate next, IEnumerable<KnownFailure> known, ILogger<PageGate> log)
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
        try
        {
            await next(context);
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
            ? endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
            : !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
                && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

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
