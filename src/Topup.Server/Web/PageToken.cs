using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;

namespace Topup.Server.Web;

/// <summary>
/// Proof that a form comes from a page of this server that was made for this very browser: a hash of the cookie that the
/// browser holds, which no other site can read. The framework asks it before any form is handled (ADR 12).
/// </summary>
internal sealed class PageToken : IAntiforgery
{
    public const string Field = "_token";

    /// <summary>The field with the idempotency key of a form.</summary>
    public const string KeyField = "_key";

    private const string Purpose = "topup form ";

    /// <summary>The token of a browser's forms. Whoever has no cookie yet is given one.</summary>
    public static string Of(HttpContext context) => OfCookie(PageCookies.Bearer(context) ?? PageCookies.GiveVisitor(context));

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext)
    {
        if (HttpMethods.IsGet(httpContext.Request.Method) || HttpMethods.IsHead(httpContext.Request.Method)) return true;
        if (!IsSameSite(httpContext) || PageCookies.Bearer(httpContext) is not { } bearer || await FormOf(httpContext) is not { } form) return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(OfCookie(bearer)), Encoding.UTF8.GetBytes(form[Field].ToString()));
    }

    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        if (!await IsRequestValidAsync(httpContext)) throw new AntiforgeryValidationException("The form is not one of this browser's.");
    }

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => GetTokens(httpContext);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => new(Of(httpContext), null, Field, null);

    public void SetCookieTokenAndHeader(HttpContext httpContext)
    {
        // The cookie is the session's own; there is no second one.
    }

    /// <summary>Null: what was sent is no form, or a broken one, or too much of one.</summary>
    private static async Task<IFormCollection?> FormOf(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException or IOException)
        {
            return null;
        }
    }

    private static string OfCookie(string cookie) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Purpose + cookie)));

    /// <summary>Browsers say where a request comes from, and a page cannot make them lie.</summary>
    private static bool IsSameSite(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
