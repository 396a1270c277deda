using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Checkout.Pages;

/// <summary>The frame of the few pages that a buyer sees here: no script, one style, nothing from elsewhere.</summary>
internal static class BuyerPage
{
    private const string Style =
        """
        body { margin: 0; background: #f3f4f6; color: #1b1f24; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 30rem; margin: 3rem auto; padding: 2rem; background: #fff; border: 1px solid #d9dde3; border-radius: .5rem; }
        h1 { margin: 0 0 1rem; font-size: 1.4rem; overflow-wrap: anywhere; }
        h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0 0 1.5rem; }
        dt { color: #57606a; }
        dd { margin: 0; overflow-wrap: anywhere; }
        button, a.button { display: block; box-sizing: border-box; width: 100%; margin: .5rem 0; padding: .7rem; font: inherit; text-align: center;
          text-decoration: none; color: inherit; border: 1px solid #57606a; border-radius: .4rem; background: #fff; cursor: pointer; }
        button.first { background: #0b57d0; border-color: #0b57d0; color: #fff; }
        button:focus-visible, a:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
        p.sandbox { margin: 0 0 1.5rem; padding: .5rem 1rem; background: #fff4ce; border: 1px solid #8a6d00; border-radius: .4rem; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .4rem 0; border-bottom: 1px solid #d9dde3; text-align: right; font-variant-numeric: tabular-nums; }
        th:first-child { text-align: left; font-weight: normal; }
        thead th { color: #57606a; font-weight: normal; }
        @media (max-width: 34rem) { main { margin: 0; border: 0; border-radius: 0; } }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <param name="body">HTML, its values escaped.</param>
    public static IResult Of(HttpContext context, string heading, string body, int status = 200)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        var html = $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{Html(heading)}</title>\n" +
            $"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>{Style}</style>\n</head>\n" +
            $"<body>\n<main>\n<h1>{Html(heading)}</h1>\n{body}\n</main>\n</body>\n</html>\n";
        return Results.Content(html, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    public static string Html(string text) => WebUtility.HtmlEncode(text);
}
