using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// What a notification says, in either of the two formats that come to one address: the newer webhook
/// (<c>?data.id=…&amp;type=payment</c>) and the older IPN (<c>?topic=payment&amp;id=…</c>). Of its body nothing is taken but
/// an id, and that only where the query has none.
/// </summary>
/// <param name="Id">What it is about: letters, digits, - and _; empty: it does not say.</param>
/// <param name="SignedId">The id that a signature would cover; empty: none.</param>
/// <param name="Type">Such as <c>payment</c>, for the record.</param>
internal sealed record MercadoPagoNotice(MercadoPagoTopic Topic, string Id, string SignedId, string Type)
{
    private const int IdLengthMax = 64;
    private const int NumberLengthMax = 19;
    private const int TypeLengthMax = 64;
    private const int DepthMax = 16;

    public static MercadoPagoNotice Read(Notification notification)
    {
        var query = QueryHelpers.ParseQuery(notification.Query);
        var body = BodyOf(notification);
        var signed = IdOrNothing(Only(query, "data.id"));
        string[] candidates =
            [signed, IdOrNothing(Only(query, "id")), IdOrNothing(body.Member("data").Text("id")), IdOrNothing(body.Text("resource").Split('/', '?')[^1])];
        string[] types = [Only(query, "type"), Only(query, "topic"), body.Text("type"), body.Text("topic")];
        var type = types.FirstOrDefault(text => text.Length > 0) ?? "";
        return new MercadoPagoNotice(TopicOf(type), candidates.FirstOrDefault(id => id.Length > 0) ?? "", signed, PlainOrNothing(type));
    }

    /// <summary>Whether it can be the number of a payment.</summary>
    public static bool IsNumber(string text) => text.Length is > 0 and <= NumberLengthMax && text.All(char.IsAsciiDigit);

    private static MercadoPagoTopic TopicOf(string type) => type switch
    {
        "payment" => MercadoPagoTopic.Payment,
        "merchant_order" or "topic_merchant_order_wh" => MercadoPagoTopic.MerchantOrder,
        "chargebacks" or "topic_chargebacks_wh" => MercadoPagoTopic.Chargeback,
        _ => MercadoPagoTopic.Other,
    };

    /// <summary>Empty when it is there twice: a signature covers one of them, and nobody knows which.</summary>
    private static string Only(Dictionary<string, StringValues> query, string name) =>
        query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] ?? "" : "";

    private static string IdOrNothing(string id) =>
        id.Length <= IdLengthMax && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? id : "";

    private static string PlainOrNothing(string type) =>
        type.Length <= TypeLengthMax && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.') ? type : "";

    private static JsonElement BodyOf(Notification notification)
    {
        try
        {
            return JsonElement.Parse(notification.Body, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException)
        {
            return default;
        }
    }
}

internal enum MercadoPagoTopic
{
    Payment,
    MerchantOrder,
    Chargeback,
    Other,
}
