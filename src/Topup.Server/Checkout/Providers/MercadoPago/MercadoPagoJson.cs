using System.Globalization;
using System.Text.Json;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// Reads answers of Mercado Pago without believing their types: numbers of ids come as numbers and as texts, amounts too,
/// and anything may be missing. A decimal is read as one; binary floating point would change it.
/// </summary>
internal static class MercadoPagoJson
{
    /// <summary>A text, or a number or truth as it is written; empty: there is none.</summary>
    public static string Text(this JsonElement parent, string name) => Member(parent, name).AsText();

    public static string AsText(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array => "",
    };

    /// <summary>Null: there is none, or it is no decimal number.</summary>
    public static decimal? Decimal(this JsonElement parent, string name) =>
        decimal.TryParse(parent.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Null: there is none, or it is no time.</summary>
    public static DateTimeOffset? Time(this JsonElement parent, string name) =>
        DateTimeOffset.TryParse(parent.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null;

    /// <summary>The elements of a list; none when there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static JsonElement Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    /// <summary>Milliseconds and an offset: Mercado Pago refuses a time without them.</summary>
    public static string Write(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    /// <summary>As the dates of a search are written, where a plus sign would have to be escaped.</summary>
    public static string WriteInQuery(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
