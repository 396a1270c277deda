using System.Globalization;
using Topup.Server.Http;

namespace Topup.Server.Web;

/// <summary>Numbers as people type them, in their own country's writing or as programs write them.</summary>
internal static class TypedNumber
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>
    /// The number, or what is wrong with it. Marks between thousands are refused rather than guessed at: 1.500 is one and a
    /// half to one reader and fifteen hundred to another. Of a point and a comma, the one that stands there once is the decimal mark.
    /// </summary>
    public static Outcome<decimal> Of(string field, string typed, Locale l)
    {
        var marks = typed.Count(character => character is '.' or ',');
        if (marks <= 1 && decimal.TryParse(typed.Replace(',', '.'), Plain, CultureInfo.InvariantCulture, out var number)) return number;
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
}
