using Shouldly;
using Topup.Domain.Templates;
using Xunit;

namespace Topup.Domain.Tests.Templates;

public sealed class TemplateTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["name"] = "Ana & <b>Bia</b>", ["line"] = "one\r\nBcc: two\u2028three", ["again"] = "{name}", ["price_2"] = "10,00 R$",
    };

    [Theory]
    [InlineData("Hello {name}!", Landing.Text, "Hello Ana & <b>Bia</b>!")]
    [InlineData("<p title=\"{name}\">", Landing.Html, "<p title=\"Ana &amp; &lt;b&gt;Bia&lt;/b&gt;\">")]
    [InlineData("{line}", Landing.Header, "one  Bcc: two three")]
    [InlineData("{line}", Landing.Text, "one\nBcc: two\u2028three")]
    [InlineData("https://x.test/?q={name}", Landing.Url, "https://x.test/?q=Ana%20%26%20%3Cb%3EBia%3C%2Fb%3E")]
    [InlineData("{\"name\":\"{name}\"}", Landing.Json, "{\"name\":\"Ana \\u0026 \\u003Cb\\u003EBia\\u003C/b\\u003E\"}")]
    public void A_value_can_be_nothing_but_a_value_where_it_lands(string template, Landing landing, string filled) =>
        Fill(template, landing).ShouldBe(filled);

    [Theory]
    [InlineData("a { color: red } b")]
    [InlineData("{Name} {name } {9a} {} { {{")]
    [InlineData("function() {return}x {return; }")]
    [InlineData("")]
    [InlineData("{name")]
    public void Braces_around_what_is_no_name_are_text(string template)
    {
        var names = Template.Of(template).Names;
        names.ShouldBe(template.Contains("{return}", StringComparison.Ordinal) ? ["return"] : []);
        if (names.Count == 0) Fill(template, Landing.Text).ShouldBe(template);
    }

    [Fact]
    public void A_value_is_not_read_as_a_template_again() => Fill("{again}{again}", Landing.Text).ShouldBe("{name}{name}");

    [Fact]
    public void Doubled_braces_keep_the_outer_ones() => Fill("{{price_2}}", Landing.Text).ShouldBe("{10,00 R$}");

    [Fact]
    public void Names_are_told_once_and_in_order() => Template.Of("{b} {a} {b}").Names.ShouldBe(["b", "a"]);

    [Fact]
    public void A_name_without_value_leaves_nothing() => Fill("<{unknown}>", Landing.Text).ShouldBe("<>");

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_name_has_at_most_64_characters(int length, bool isName) =>
        Template.Of("{" + new string('a', length) + "}").Names.Count.ShouldBe(isName ? 1 : 0);

    private static string Fill(string template, Landing landing) => Template.Of(template).Fill(Values.GetValueOrDefault, landing);
}
