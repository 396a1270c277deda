using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Web;
using Xunit;

namespace Topup.Web.Tests;

public sealed class TypedNumberTests
{
    [Theory]
    [InlineData("en", "1500", "1500")]
    [InlineData("en", "1.5", "1.5")]
    [InlineData("en", "1.500", "1.5")]
    [InlineData("en", "1,5", "1.5")]
    [InlineData("pt-BR", "1,50", "1.5")]
    [InlineData("pt-BR", "1.5", "1.5")]
    [InlineData("tr", " -0,25 ", "-0.25")]
    [InlineData("es", "1,500", "1.5")]
    public void A_number_is_read_as_its_writer_or_a_program_writes_it(string language, string typed, string number) =>
        TypedNumber.Of("amount", typed, LocaleOf(language)).Value.ShouldBe(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("en", "1,500")]
    [InlineData("en", "1,500.00")]
    [InlineData("pt-BR", "1.500")]
    [InlineData("tr", "12.500")]
    [InlineData("es", "1.500,5")]
    [InlineData("en", "1 500")]
    [InlineData("en", "1e3")]
    [InlineData("en", "")]
    [InlineData("en", "NaN")]
    [InlineData("en", "99999999999999999999999999999999999")]
    public void What_may_be_a_mark_between_thousands_is_not_guessed_at(string language, string typed) =>
        TypedNumber.Of("amount", typed, LocaleOf(language)).Problem!.Field.ShouldBe("amount");

    private static Locale LocaleOf(string language)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddSingleton<Texts>().AddSingleton(TimeZoneInfo.Utc).BuildServiceProvider() };
        context.Request.Headers.AcceptLanguage = language;
        return Locale.Of(context);
    }
}
