using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Checkout.Receipts;

/// <summary>A receipt as a page: it prints on one sheet, reads on a phone, and has no script.</summary>
internal static class ReceiptPage
{
    private const string Style =
        """
        body { margin: 0; background: #f3f4f6; color: #1b1f24; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 42rem; margin: 2rem auto; padding: 2.5rem; background: #fff; border: 1px solid #d9dde3; border-radius: .5rem; }
        h1 { margin: 0 0 1.5rem; font-size: 1.5rem; overflow-wrap: anywhere; }
        address { margin-bottom: 2rem; font-style: normal; overflow-wrap: anywhere; }
        address strong, td, th { overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0 0 2rem; }
        dt { color: #57606a; }
        dd { margin: 0; overflow-wrap: anywhere; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: .5rem 0; border-bottom: 1px solid #d9dde3; text-align: left; font-weight: normal; vertical-align: top; }
        thead th { color: #57606a; }
        th + th, td { padding-left: 1.5rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .total th, .total td { font-weight: bold; }
        @media (max-width: 40rem) { main { margin: 0; padding: 1.25rem; border: 0; border-radius: 0; } }
        @media print { body { background: #fff; } main { margin: 0; padding: 0; border: 0; max-width: none; } }
        @page { margin: 2cm; }
        """;

    /// <summary>Nothing but the style of this very text: even what slipped through the escaping would load and do nothing.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static string Of(ReceiptLines lines)
    {
        var page = new StringBuilder();
        Add(page, $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{lines.Heading}</title>\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<main>\n");
        Add(page, $"<h1>{lines.Heading}</h1>\n");
        if (lines.Seller.Count > 0)
        {
            Add(page, $"<address>\n<strong>{lines.Seller[0]}</strong>");
            foreach (var line in lines.Seller.Skip(1)) Add(page, $"<br>\n{line}");
            page.Append("\n</address>\n");
        }

        page.Append("<dl>\n");
        foreach (var fact in lines.Facts) Add(page, $"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>\n");
        page.Append("</dl>\n<table>\n<thead><tr><th scope=\"col\">Description</th><th scope=\"col\">Amount</th></tr></thead>\n<tbody>\n");
        Add(page, $"<tr><th scope=\"row\">{lines.Title}</th><td>{lines.Price}</td></tr>\n</tbody>\n<tfoot>\n");
        foreach (var sum in lines.Sums)
        {
            page.Append(sum.IsTotal ? "<tr class=\"total\">" : "<tr>");
            Add(page, $"<th scope=\"row\">{sum.Name}</th><td>{sum.Value}</td></tr>\n");
        }
        return page.Append("</tfoot>\n</table>\n</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Adds text whose every hole is escaped.</summary>
    private static void Add(StringBuilder page, FormattableString text) =>
        page.AppendFormat(CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments().Select(hole => WebUtility.HtmlEncode((string?)hole))]);
}
