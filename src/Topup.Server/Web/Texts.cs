using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Topup.Server.Web;

/// <summary>
/// The words of the pages. English stands in the pages themselves and names them; <c>Texts/*.json</c> have the other
/// languages, <c>&lt;area&gt;.&lt;language&gt;.json</c> each. A test sees to it that every language has every word.
/// </summary>
internal sealed class Texts
{
    public const string English = "en";

    /// <summary>Not a language: English made longer and strange, so that tests see what was not translated and what does not fit.</summary>
    public const string Pseudo = "qps-ploc";

    /// <summary>The same, from right to left.</summary>
    public const string PseudoMirrored = "qps-plocm";

    private const string Prefix = "Texts/";
    private const string Plain = "aeiouAEIOUcnsyCNSY";
    private const string Strange = "áéíóúÁÉÍÓÚçñšýÇÑŠÝ";

    private readonly Dictionary<string, Dictionary<string, string>> languages = new(StringComparer.OrdinalIgnoreCase);

    public Texts()
    {
        var assembly = typeof(Texts).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var language = name.Split('.')[^2];
            using var stream = assembly.GetManifestResourceStream(name)!;
            if (!languages.TryGetValue(language, out var words)) languages[language] = words = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in JsonSerializer.Deserialize(stream, TextsJson.Default.DictionaryStringString)!) words[key] = value;
        }
    }

    /// <summary>The languages to choose from, with the name that each gives itself.</summary>
    public IReadOnlyList<(string Tag, string Name)> Choices =>
        [(English, "English"), .. languages.Keys.Order(StringComparer.Ordinal).Select(tag => (tag, NameOf(tag)))];

    public IReadOnlyDictionary<string, string> WordsOf(string language) => languages[language];

    public string Of(string tag, string words) => tag switch
    {
        English => words,
        Pseudo or PseudoMirrored => Stretch(words),
        _ => languages[tag].GetValueOrDefault(words, words),
    };

    /// <summary>The tag as it is known here; null: it is not.</summary>
    public string? Known(string? tag)
    {
        if (string.IsNullOrEmpty(tag)) return null;
        if (tag is Pseudo or PseudoMirrored) return tag;
        if (tag.Equals(English, StringComparison.OrdinalIgnoreCase) || tag.StartsWith("en-", StringComparison.OrdinalIgnoreCase)) return English;
        return languages.Keys.FirstOrDefault(known => known.Equals(tag, StringComparison.OrdinalIgnoreCase))
            ?? languages.Keys.FirstOrDefault(known => LanguageOf(known).Equals(LanguageOf(tag), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The first language of an Accept-Language header that is known here, the most wanted first; else English.</summary>
    public string Best(string accepted)
    {
        var wanted = accepted.Length > 500 ? [] : accepted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Weighed);
        return wanted.Where(pair => pair.Weight > 0).OrderByDescending(pair => pair.Weight).Select(pair => Known(pair.Tag)).FirstOrDefault(tag => tag is not null) ?? English;
    }

    /// <summary>Whether a number takes the form for one: CLDR's rules of the languages here.</summary>
    public static bool IsOne(string tag, long count) => LanguageOf(tag) == "pt" ? count is 0 or 1 : count == 1;

    public static bool IsRightToLeft(string tag) => tag == PseudoMirrored || CultureOf(tag).TextInfo.IsRightToLeft;

    public static CultureInfo CultureOf(string tag) => CultureInfo.GetCultureInfo(tag is Pseudo or PseudoMirrored ? English : tag);

    private static string NameOf(string tag)
    {
        var culture = CultureInfo.GetCultureInfo(tag);
        return culture.TextInfo.ToTitleCase(culture.NativeName);
    }

    private static string LanguageOf(string tag) => tag.Split('-')[0];

    private static (string Tag, decimal Weight) Weighed(string part)
    {
        var pieces = part.Split(";q=", StringSplitOptions.TrimEntries);
        return (pieces[0], pieces.Length == 1 ? 1 : decimal.TryParse(pieces[1], CultureInfo.InvariantCulture, out var weight) ? weight : 0);
    }

    private static string Stretch(string words)
    {
        var stretched = new StringBuilder("[");
        foreach (var character in words) stretched.Append(Plain.IndexOf(character, StringComparison.Ordinal) is >= 0 and var at ? Strange[at] : character);
        return stretched.Append('~', words.Length / 3).Append(']').ToString();
    }
}
