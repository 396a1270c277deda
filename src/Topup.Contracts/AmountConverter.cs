using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>
/// Reads a decimal number exactly or not at all. A decimal holds 28 digits with at most 28 after the point, and the
/// usual reader rounds what does not fit; money must not be rounded by its reader.
/// </summary>
public sealed class AmountConverter : JsonConverter<decimal>
{
    public const int DigitsMax = 28;

    /// <summary>No exact decimal needs a longer text, leading and trailing zeros included.</summary>
    private const int LengthMax = 64;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) throw new JsonException("An amount is a number, not a text.");
        var raw = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        if (!IsExact(raw) || !reader.TryGetDecimal(out var value))
            throw new JsonException("An amount has at most 28 significant digits, and at most 28 after the point.");
        return value;
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);

    private static bool IsExact(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > LengthMax) return false;
        var mark = raw.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? raw : raw[..mark];
        var exponent = 0;
        if (mark >= 0 && !int.TryParse(raw[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return false;
        if (exponent is < -DigitsMax or > DigitsMax) return false;

        var (significant, fraction, afterPoint) = (0, 0, false);
        foreach (var c in mantissa)
        {
            if (c == '.') afterPoint = true;
            if (!char.IsAsciiDigit((char)c)) continue;
            if (c != '0' || significant > 0) significant++;
            if (afterPoint) fraction++;
        }
        var scale = fraction - exponent;
        return significant <= DigitsMax && scale <= DigitsMax && significant - scale <= DigitsMax;
    }
}
