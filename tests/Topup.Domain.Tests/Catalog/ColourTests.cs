using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class ColourTests
{
    /// <summary>Ratios as the calculators of WCAG give them, to two decimals.</summary>
    [Theory]
    [InlineData("#000000", "#ffffff", 21.00)]
    [InlineData("#ffffff", "#ffffff", 1.00)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#0000ff", "#ffffff", 8.59)]
    [InlineData("#ff0000", "#ffffff", 4.00)]
    [InlineData("#00ff00", "#ffffff", 1.37)]
    [InlineData("#ffff00", "#000000", 19.56)]
    [InlineData("#595959", "#ffffff", 7.00)]
    [InlineData("#0a0a0a", "#000000", 1.06)]
    public void Contrast_is_what_WCAG_says_either_way(string one, string other, decimal ratio)
    {
        decimal.Round(Of(one).Contrast(Of(other)), 2).ShouldBe(ratio);
        Of(other).Contrast(Of(one)).ShouldBe(Of(one).Contrast(Of(other)));
    }

    [Theory]
    [InlineData("#1a2B3c", "#1a2b3c")]
    [InlineData("#000000", "#000000")]
    public void A_colour_is_read_and_written(string text, string written) => Of(text).ToString().ShouldBe(written);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("#fff")]
    [InlineData("red")]
    [InlineData("#12345g")]
    [InlineData("#+12345")]
    [InlineData("# 12345")]
    [InlineData("#1234567")]
    [InlineData("1234567")]
    public void What_is_no_colour_is_not_read(string? text) => Colour.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Every_colour_has_a_text_that_is_read_on_it()
    {
        foreach (var colour in Many()) colour.Contrast(colour.Text()).ShouldBeGreaterThan(4.5m, colour.ToString());
    }

    [Fact]
    public void Every_choice_is_corrected_until_it_is_read_on_light_and_on_dark_pages()
    {
        foreach (var colour in Many())
        {
            foreach (var (dark, surfaces) in new[] { (false, new[] { "#ffffff", "#fafafa", "#f5f5f5" }), (true, ["#171717", "#262626"]) })
            {
                var shown = BrandColours.Of(colour, colour, dark);
                foreach (var surface in surfaces)
                {
                    shown.Accent.Contrast(Of(surface)).ShouldBeGreaterThanOrEqualTo(4.5m, $"{colour} on {surface}");
                    shown.Button.Contrast(Of(surface)).ShouldBeGreaterThanOrEqualTo(3m, $"{colour} on {surface}");
                }
                shown.Button.Contrast(shown.ButtonText).ShouldBeGreaterThanOrEqualTo(4.5m);
            }
        }
    }

    [Fact]
    public void A_choice_that_is_read_is_left_as_it_is()
    {
        BrandColours.Of(Of("#0b5cad"), null, dark: false).Accent.ToString().ShouldBe("#0b5cad");
        BrandColours.Of(Of("#ffd43b"), null, dark: true).Accent.ToString().ShouldBe("#ffd43b");
        BrandColours.Of(Of("#ffd43b"), null, dark: false).Accent.ToString().ShouldNotBe("#ffd43b", "yellow is not read on white");
    }

    [Fact]
    public void A_button_is_like_the_accent_unless_it_is_chosen()
    {
        BrandColours.Of(Of("#ffd43b"), null, dark: false).ShouldSatisfyAllConditions(shown => shown.Button.ShouldBe(shown.Accent), shown => shown.ButtonText.ShouldBe(shown.AccentText));
        BrandColours.Of(null, Of("#c2255c"), dark: false).ShouldSatisfyAllConditions(shown => shown.Button.ShouldBe(Of("#c2255c")), shown => shown.Accent.ShouldBe(BrandColours.AccentDefault));
    }

    private static Colour Of(string text) => Colour.TryParse(text, out var colour) ? colour : throw new ArgumentException("No colour.", nameof(text));

    /// <summary>A grid through all colours.</summary>
    private static IEnumerable<Colour> Many() =>
        from red in Enumerable.Range(0, 18) from green in Enumerable.Range(0, 18) from blue in Enumerable.Range(0, 18) select new Colour((byte)(red * 15), (byte)(green * 15), (byte)(blue * 15));
}
