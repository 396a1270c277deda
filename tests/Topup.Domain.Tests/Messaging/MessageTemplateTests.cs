using Shouldly;
using Topup.Domain.Messaging;
using Xunit;

namespace Topup.Domain.Tests.Messaging;

public sealed class MessageTemplateTests
{
    private static readonly MessageTemplate Template = new("email", "Hi {name}", "{name}: {link}", "<p title=\"{name}\">{name} {Not} {link}</p>", "",
        new Dictionary<string, string> { ["1"] = "{code}" });

    [Fact]
    public void Its_names_are_those_of_all_its_parts_each_once() => Template.Names.ShouldBe(["name", "link", "code"]);

    [Fact]
    public void Names_without_a_value_and_values_without_a_name_are_both_told()
    {
        var (missing, unknown) = Template.Compare(["name", "Name", "x"]);
        missing.ShouldBe(["link", "code"]);
        unknown.ShouldBe(["Name", "x"]);
        Template.Compare(["name", "link", "code"]).ShouldSatisfyAllConditions(all => all.Missing.ShouldBeEmpty(), all => all.Unknown.ShouldBeEmpty());
    }

    [Fact]
    public void A_value_can_be_nothing_but_a_value_where_it_lands()
    {
        var filled = Template.Fill(new Dictionary<string, string> { ["name"] = "A\"<b>\r\nBcc: x {link}", ["link"] = "l", ["code"] = "\u00071" });

        filled.Subject.ShouldBe("Hi A\"<b>  Bcc: x {link}");
        filled.Text.ShouldBe("A\"<b>\nBcc: x {link}: l");
        filled.Html.ShouldStartWith("<p title=\"A&quot;&lt;b&gt;");
        filled.Html.ShouldNotContain("<b>");
        filled.Html.ShouldContain("{Not} l</p>");
        filled.ContentVariables["1"].ShouldBe("1");
    }
}
