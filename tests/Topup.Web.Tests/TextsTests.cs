using System.Text.RegularExpressions;
using Shouldly;
using Topup.Server.Web;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>Every word of the pages is there in every language, and none that no page has.</summary>
public sealed partial class TextsTests
{
    private static readonly Texts Texts = new();

    public static TheoryData<string> Languages => [.. Texts.Choices.Select(choice => choice.Tag).Where(tag => tag != Texts.English)];

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_language_has_every_word(string language) => Words().Where(words => !Texts.WordsOf(language).ContainsKey(words)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_language_has_no_word_that_no_page_has(string language) => Texts.WordsOf(language).Keys.Except(Words()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_translation_has_the_places_for_values_of_its_original(string language) =>
        Texts.WordsOf(language).Where(pair => !Places(pair.Key).SetEquals(Places(pair.Value))).ShouldBeEmpty();

    [Fact]
    public void The_languages_are_those_that_are_promised() => Texts.Choices.Select(choice => choice.Tag).ShouldBe(["en", "es", "pt-BR", "tr"], ignoreOrder: true);

    [Theory]
    [InlineData("es-MX", "es")]
    [InlineData("pt", "pt-BR")]
    [InlineData("PT-br", "pt-BR")]
    [InlineData("en-GB", "en")]
    [InlineData("xx", null)]
    [InlineData("", null)]
    public void A_language_is_known_by_its_closest_name(string asked, string? known) => Texts.Known(asked).ShouldBe(known);

    [Theory]
    [InlineData("fr, tr;q=0.8, es;q=0.9", "es")]
    [InlineData("fr", "en")]
    [InlineData("es;q=0, tr;q=0.1", "tr")]
    [InlineData("es;q=nonsense", "en")]
    public void The_browser_says_what_is_wanted_most(string accepted, string best) => Texts.Best(accepted).ShouldBe(best);

    /// <summary>The English literals that pages give to T and Words.</summary>
    private static HashSet<string> Words()
    {
        var web = Path.Combine(Repository.Root, "src", "Topup.Server", "Web");
        var sources = Directory.EnumerateFiles(web, "*.*", SearchOption.AllDirectories).Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal));
        return sources.SelectMany(file => Calls().Matches(File.ReadAllText(file))).SelectMany(call => call.Groups["words"].Captures)
            .Select(words => Regex.Unescape(words.Value)).ToHashSet(StringComparer.Ordinal);
    }

    private static HashSet<string> Places(string words) => [.. Place().Matches(words).Select(place => place.Value)];

    [GeneratedRegex("""\b(?:(?:T|Words)\("(?<words>(?:[^"\\]|\\.)+)"|(?:T|Count)\((?!")[^";]*?,\s*"(?<words>(?:[^"\\]|\\.)+)",\s*"(?<words>(?:[^"\\]|\\.)+)")""")]
    private static partial Regex Calls();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
