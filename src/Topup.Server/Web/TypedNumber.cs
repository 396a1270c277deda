using System.Globalization;
using Topup.Server.Http;

namespace Topup.Server.Web;

/// <summary>Numbers as people type them, in their own country's writing or as programs write them.</summary>
internal static class TypedNumber
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>
    /// The number, or what is wrong with it. Marks between thousands are refused rather than guessed at, and so is what may be
    /// one: 1,500 is one and a half to one reader and fifteen hundred to another. Any other single point or comma is the decimal mark.
    /// </summary>
    public static Outcome<decimal> Of(string field, string typed, Locale l)
    {
        var isPlain = typed.Count(character => character is '.' or ',') <= 1 && !MayBeThousands(typed.Trim(), l.Culture);
        if (isPlain && decimal.TryParse(typed.Replace(',', '.'), Plain, CultureInfo.InvariantCulture, out var number)) return number;
        return Problems.Invalid(field, l.Words("Write a number without marks between thousands, such as {0}.", 1234.5m.ToString(l.Culture)));
    }

    /// <summary>The same for a field that may be left empty.</summary>
    public static Outcome<decimal?> OrNull(string field, string typed, Locale l)
    {
        if (string.IsNullOrWhiteSpace(typed)) return (decimal?)null;
        var read = Of(field, typed, l);
        return read.Problem is { } wrong ? wrong : read.Value;
    }

    /// <summary>A whole number, for a field that may be left empty.</summary>
    public static Outcome<int?> WholeOrNull(string field, string typed, Locale l)
    {
        if (string.IsNullOrWhiteSpace(typed)) return (int?)null;
        return int.TryParse(typed, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : Problems.Invalid(field, l.Words("Write a whole number, such as 30."));
    }

    /// <summary>A number as it may be typed again: in the reader's writing, without marks between thousands.</summary>
    public static string? Text(decimal? number, Locale l) => number?.ToString("0.######", l.Culture);

    /// <summary>The reader's own mark between thousands, with just three digits after it.</summary>
    private static bool MayBeThousands(string typed, CultureInfo culture) =>
        typed.LastIndexOf(culture.NumberFormat.NumberGroupSeparator, StringComparison.Ordinal) is >= 0 and var mark && typed.Length - mark == 4;
}
