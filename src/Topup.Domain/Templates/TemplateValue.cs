using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Topup.Domain.Templates;

/// <summary>Values as they may be written where they land.</summary>
public static class TemplateValue
{
    /// <summary>A value that cannot be anything but a value at its landing.</summary>
    public static string Of(string value, Landing landing) => landing switch
    {
        Landing.Text => Keep(value, character => !char.IsControl(character) || character is '\t' or '\n'),
        Landing.Html => HtmlEncoder.Default.Encode(Of(value, Landing.Text)),
        Landing.Header => Line(value),
        Landing.Url => Uri.EscapeDataString(value),
        Landing.Json => JavaScriptEncoder.Default.Encode(value),
    };

    /// <summary>One line: what breaks lines, anywhere, is a space.</summary>
    private static string Line(string value)
    {
        var line = new StringBuilder(value.Length);
        foreach (var character in value)
            line.Append(char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? ' '
                : character);
        return line.ToString().Trim();
    }

    private static string Keep(string value, Func<char, bool> keeps) => value.All(keeps) ? value : string.Concat(value.Where(keeps));
}
