using Shouldly;
using Topup.Domain.Templates;
using Xunit;

namespace Topup.Domain.Tests.Templates;

public sealed class HtmlTemplateTests
{
    private const string Nasty = "\"><script>alert('x')</script>&amp; javascript:";

    [Theory]
    [InlineData("<p>{name}</p>", "<p>&lt;b&gt; &quot;x&quot; &amp; y</p>")]
    [InlineData("{name}", "&lt;b&gt; &quot;x&quot; &amp; y")]
    [InlineData("<p title=\"{name}\">x</p>", "<p title=\"&lt;b&gt; &quot;x&quot; &amp; y\">x</p>")]
    [InlineData("<p title='a {name}'>x</p>", "<p title='a &lt;b&gt; &quot;x&quot; &amp; y'>x</p>")]
    [InlineData("<a href=\"https://x.example/?n={name}\">x</a>", "<a href=\"https://x.example/?n=%3Cb%3E%20%22x%22%20%26%20y\">x</a>")]
    [InlineData("<a HREF = '{name}'>x</a>", "<a HREF = '%3Cb%3E%20%22x%22%20%26%20y'>x</a>")]
    [InlineData("<img alt='' src=\"{name}\">", "<img alt='' src=\"%3Cb%3E%20%22x%22%20%26%20y\">")]
    [InlineData("<a href=\"{link}\">x</a>", "<a href=\"https://a.example/?t=1&amp;u=2\">x</a>")]
    [InlineData("<a href=\"{link}&n={name}\">x</a>", "<a href=\"https://a.example/?t=1&amp;u=2&n=%3Cb%3E%20%22x%22%20%26%20y\">x</a>")]
    [InlineData("<a href=\"https://x.example/?go={link}\">x</a>", "<a href=\"https://x.example/?go=https%3A%2F%2Fa.example%2F%3Ft%3D1%26u%3D2\">x</a>")]
    [InlineData("{link}", "https://a.example/?t=1&amp;u=2")]
    [InlineData("1 < 2 {name} <3", "1 < 2 &lt;b&gt; &quot;x&quot; &amp; y <3")]
    [InlineData("<p {x}>{unknown}</p>{", "<p >" + "</p>{")]
    public void A_value_is_written_for_the_place_where_its_name_stands(string html, string filled) =>
        HtmlTemplate.Of(html).Fill(Value, name => name == "link").ShouldBe(filled);

    [Theory]
    [InlineData("<p title={name}>")]
    [InlineData("<p title= {name} >")]
    [InlineData("<{name}>")]
    [InlineData("<p {name}=\"x\">")]
    [InlineData("<p class={name} title=\"x\">")]
    [InlineData("<p x=y=\"{name}\">")]
    [InlineData("<p x= y=\"{name}\">")]
    [InlineData("<p x=/y=\"{name}\">")]
    [InlineData("<p x=a\"{name}\">")]
    [InlineData("<p onclick=\"{name}\">")]
    [InlineData("<p style=\"color:{name}\">")]
    [InlineData("<iframe srcdoc='{name}'></iframe>")]
    [InlineData("<script>{name}</script>")]
    [InlineData("<SCRIPT type=\"x\">{name}</SCRIPT>")]
    [InlineData("<style>{name}</style>")]
    [InlineData("<script>{name}")]
    [InlineData("<!-- {name} -->")]
    [InlineData("<!-- {name}")]
    [InlineData("<!doctype {name}>")]
    [InlineData("<p title=\"x\"{name}>")]
    [InlineData("<p title=\"x\" {name}")]
    public void Where_a_value_could_be_code_no_name_may_stand(string html)
    {
        HtmlTemplate.Of(html).Misplaced.ShouldBe(["name"]);
        HtmlTemplate.Of(html).Fill(Value, _ => false).ShouldNotContain("<b>");
    }

    [Fact]
    public void What_stands_between_and_behind_such_places_is_fine()
    {
        var html = "<!doctype html><style>p { color: red }</style><script src='x'></script><!-- no --><p class=\"a\" title='{a}'>{b}</p><a href=\"{c}\">{d}</a><br/>{e}";
        var template = HtmlTemplate.Of(html);
        template.Names.ShouldBe(["a", "b", "c", "d", "e"]);
        template.Misplaced.ShouldBeEmpty();
        template.Fill(name => "{" + name + "}", _ => false).ShouldContain("{b}");
    }

    [Fact]
    public void No_value_leaves_its_place()
    {
        const string html = "<p title=\"{name}\">{name}</p><a href='{name}'>{name}</a>";
        var filled = HtmlTemplate.Of(html).Fill(_ => Nasty, _ => false);
        (filled.Count(character => character == '<'), filled.Count(character => character == '"'), filled.Count(character => character == '\''))
            .ShouldBe((html.Count(character => character == '<'), 2, 2));
        filled.ShouldNotContain("javascript:alert");
        filled.ShouldNotContain("href='javascript:");
    }

    private static string? Value(string name) => name switch { "name" => "<b> \"x\" & y", "link" => "https://a.example/?t=1&u=2", _ => null };
}
