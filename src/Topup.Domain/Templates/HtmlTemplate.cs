namespace Topup.Domain.Templates;

/// <summary>
/// HTML with names in braces. A value is written for the place where its name stands: as text between tags and in quoted
/// attributes, percent-encoded in attributes that are addresses. Where it could be code (a tag, an attribute without quotes, a
/// script, a style, a comment) no name may stand.
/// </summary>
public sealed class HtmlTemplate
{
    private static readonly string[] Addresses = ["href", "src", "action", "formaction", "background", "cite", "data", "longdesc", "poster", "xlink:href"];
    private static readonly string[] Code = ["style", "srcdoc", "srcset"];
    private static readonly string[] RawElements = ["script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp"];
    private const string White = " \t\r\n\f";

    private readonly List<Part> parts = [];

    private HtmlTemplate(string html) => Split(html);

    private enum Place
    {
        Text,
        Address,
        Code,
    }

    /// <summary>The names in it, each once, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Names => [.. parts.SelectMany(part => part.Template.Names).Distinct(StringComparer.Ordinal)];

    /// <summary>Names that stand where a value could be code.</summary>
    public IReadOnlyList<string> Misplaced => [.. parts.Where(part => part.Place == Place.Code).SelectMany(part => part.Template.Names).Distinct(StringComparer.Ordinal)];

    public static HtmlTemplate Of(string html) => new(html);

    /// <param name="valueOf">The value of a name; null: there is none, and nothing is written.</param>
    /// <param name="isLink">The value of a name is an address, encoded already, which may stand where an address begins.</param>
    public string Fill(Func<string, string?> valueOf, Func<string, bool> isLink) => string.Concat(parts.Select(part => part.Place switch
    {
        Place.Text => part.Template.Fill(valueOf, Landing.Html),
        Place.Address => FillAddress(part, valueOf, isLink),
        Place.Code => part.Template.Fill(_ => null, Landing.Html),
    }));

    private static string FillAddress(Part part, Func<string, string?> valueOf, Func<string, bool> isLink)
    {
        if (part.Template.Names is not [var first, ..] || !isLink(first) || !part.Text.StartsWith('{' + first + '}', StringComparison.Ordinal))
            return part.Template.Fill(name => Encoded(valueOf(name)), Landing.Html);
        var rest = Template.Of(part.Text[(first.Length + 2)..]);
        return TemplateValue.Of(valueOf(first) ?? "", Landing.Html) + rest.Fill(name => Encoded(valueOf(name)), Landing.Html);
    }

    private static string? Encoded(string? value) => value is null ? null : TemplateValue.Of(value, Landing.Url);

    private void Split(string html)
    {
        var at = 0;
        while (at < html.Length)
        {
            var open = NextTag(html, at);
            Add(Place.Text, html[at..open]);
            at = open == html.Length ? open
                : html.AsSpan(open).StartsWith("<!--", StringComparison.Ordinal) ? SkipComment(html, open)
                : SplitTag(html, open);
        }
    }

    /// <summary>Where the next tag, comment or declaration begins, or one that a value could make; a lone &lt; is text.</summary>
    private static int NextTag(string html, int from)
    {
        for (var open = html.IndexOf('<', from); open >= 0; open = html.IndexOf('<', open + 1))
            if (open + 1 < html.Length && (char.IsAsciiLetter(html[open + 1]) || html[open + 1] is '/' or '!' or '?' or '{')) return open;
        return html.Length;
    }

    private int SkipComment(string html, int open)
    {
        var close = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
        var end = close < 0 ? html.Length : close + 3;
        Add(Place.Code, html[open..end]);
        return end;
    }

    private int SplitTag(string html, int open)
    {
        var (markup, at) = (open, open + 1);
        while (at < html.Length && html[at] != '>')
        {
            if (html[at] is '"' or '\'' && AttributeBefore(html.AsSpan(markup, at - markup)) is { Length: > 0 } attribute)
            {
                var close = html.IndexOf(html[at], at + 1);
                if (close < 0) close = html.Length;
                Add(Place.Code, html[markup..(at + 1)]);
                Add(PlaceIn(attribute), html[(at + 1)..close]);
                (markup, at) = (close, Math.Min(close + 1, html.Length));
            }
            else at++;
        }
        var end = Math.Min(at + 1, html.Length);
        Add(Place.Code, html[markup..end]);
        return SkipRaw(html, open, end);
    }

    /// <summary>What a browser does not read as elements is code to its closing tag.</summary>
    private int SkipRaw(string html, int open, int end)
    {
        var name = html.AsSpan(open + 1);
        var length = name.IndexOfAnyExceptInRange('A', 'z');
        if (length > 0) name = name[..length];
        foreach (var raw in RawElements)
        {
            if (!name.Equals(raw, StringComparison.OrdinalIgnoreCase)) continue;
            var close = html.IndexOf("</" + raw, end, StringComparison.OrdinalIgnoreCase);
            if (close < 0) close = html.Length;
            Add(Place.Code, html[end..close]);
            return close;
        }
        return end;
    }

    /// <summary>
    /// The attribute whose value the next quote begins; empty: none. A quote behind anything else is part of a name, or of a
    /// value without quotes, where no value may be written.
    /// </summary>
    private static string AttributeBefore(ReadOnlySpan<char> markup)
    {
        var before = markup.TrimEnd(White);
        if (before.IsEmpty || before[^1] != '=') return "";
        before = before[..^1].TrimEnd(White);
        var start = before.LastIndexOfAny(White + "/\"'=<>") + 1;
        if (start == 0 || start == before.Length || before[start - 1] is '=' or '<' or '>') return "";
        var earlier = before[..start].TrimEnd(White + "/");
        return !earlier.IsEmpty && earlier[^1] == '=' ? "" : before[start..].ToString();
    }

    private static Place PlaceIn(string attribute) =>
        attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase) || Code.Contains(attribute, StringComparer.OrdinalIgnoreCase) ? Place.Code
        : Addresses.Contains(attribute, StringComparer.OrdinalIgnoreCase) ? Place.Address
        : Place.Text;

    private void Add(Place place, string text)
    {
        if (text.Length > 0) parts.Add(new Part(place, text, Template.Of(text)));
    }

    private sealed record Part(Place Place, string Text, Template Template);
}
