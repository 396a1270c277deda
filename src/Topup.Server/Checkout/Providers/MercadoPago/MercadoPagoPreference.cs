using System.Text.Json.Nodes;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// The page on which a buyer pays, as Mercado Pago is asked for it. The same purchase gives the same bytes, so that a
/// repeated request is the same request.
/// </summary>
internal static class MercadoPagoPreference
{
    private const int NotifyUrlLengthMax = 248;

    /// <param name="price">Major units.</param>
    public static JsonObject Of(PurchaseRow row, Buyer buyer, decimal price)
    {
        var purchase = row.Purchase;
        var body = new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject
            {
                ["id"] = row.Pack.Length > 0 ? row.Pack : purchase.Type,
                ["title"] = row.Title,
                ["quantity"] = 1,
                ["unit_price"] = price,
                ["currency_id"] = purchase.Currency,
            }),
            ["external_reference"] = purchase.Order,
            ["metadata"] = new JsonObject { ["order_id"] = purchase.Order },
            ["expires"] = true,
            ["expiration_date_to"] = MercadoPagoJson.Write(row.ExpiresAt.ToDateTimeOffset()),
        };
        if (PayerOf(buyer) is { Count: > 0 } payer) body["payer"] = payer;
        if (IsPublic(buyer.ReturnUrl))
        {
            body["back_urls"] = new JsonObject { ["success"] = buyer.ReturnUrl, ["pending"] = buyer.ReturnUrl, ["failure"] = buyer.ReturnUrl };
            body["auto_return"] = "approved";
        }
        if (NotifyUrlOf(buyer) is { } notify) body["notification_url"] = notify;
        return body;
    }

    private static JsonObject PayerOf(Buyer buyer)
    {
        var payer = new JsonObject();
        if (buyer.Name.Length > 0) payer["name"] = buyer.Name;
        if (buyer.Email.Length > 0) payer["email"] = buyer.Email;
        return payer;
    }

    /// <summary>Asks for the newer of the two formats of notifications, which alone is signed.</summary>
    private static string? NotifyUrlOf(Buyer buyer)
    {
        if (!IsPublic(buyer.NotifyUrl)) return null;
        var url = buyer.NotifyUrl + (buyer.NotifyUrl.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "source_news=webhooks";
        return url.Length <= NotifyUrlLengthMax ? url : null;
    }

    /// <summary>Mercado Pago refuses the whole page for an address that is not https or has no public name.</summary>
    private static bool IsPublic(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.HostNameType == UriHostNameType.Dns
        && url.Host.Contains('.', StringComparison.Ordinal) && !url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
