using System.Buffers;
using System.Text;

namespace Topup.Domain.Templates;

/// <summary>
/// A text with names in braces, such as <c>{topup_credits}</c>, into which values are put. It is data, never code: there
/// are no conditions, no loops and no calls, and a value is never read as a template again. A name is a lowercase letter
/// followed by up to 63 lowercase letters, digits and underscores; braces around anything else are text.
/// </summary>
public sealed class Template
{
    private const int NameLengthMax = 64;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly List<Part> parts = [];

    private Template(string text) => Split(text);

    /// <summary>The names in it, each once, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Names => [.. parts.Where(part => part.IsName).Select(part => part.Text).Distinct(StringComparer.Ordinal)];

    /// <summary>Any text is a template; whether its names are known is up to whoever saves it.</summary>
    public static Template Of(string text) => new(text);

    /// <summary>The text with each name replaced by its value, written so that it cannot be anything but a value where it lands.</summary>
    /// <param name="valueOf">The value of a name; null: there is none, and nothing is written.</param>
    public string Fill(Func<string, string?> valueOf, Landing landing)
    {
        var filled = new StringBuilder();
        foreach (var part in parts) filled.Append(part.IsName ? TemplateValue.Of(valueOf(part.Text) ?? "", landing) : part.Text);
        return filled.ToString();
    }

    private void Split(string text)
    {
        var start = 0;
        for (var open = text.IndexOf('{'); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var length = NameLength(text.AsSpan(open + 1));
            if (length == 0) continue;
            if (open > start) parts.Add(new Part(text[start..open], IsName: false));
            parts.Add(new Part(text.Substring(open + 1, length), IsName: true));
            start = open + length + 2;
        }
        if (start < text.Length) parts.Add(new Part(text[start..], IsName: false));
    }

    /// <summary>0: no name and closing brace stand here.</summary>
    private static int NameLength(ReadOnlySpan<char> after)
    {
        var length = after.IndexOfAnyExcept(NameCharacters);
        return length is > 0 and <= NameLengthMax && after[length] == '}' && after[0] is >= 'a' and <= 'z' ? length : 0;
    }

    private readonly record struct Part(string Text, bool IsName);
}
