using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("USD", 2)]
    [InlineData("BRL", 2)]
    [InlineData("JPY", 0)]
    [InlineData("CLP", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    public void A_currency_has_its_digits(string code, int digits) => Currency.Digits(code).ShouldBe(digits);

    [Theory]
    [InlineData("usd")]
    [InlineData("XXX")]
    [InlineData("US")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_currency_is_unknown(string? code) => Currency.IsKnown(code).ShouldBeFalse();

    [Fact]
    public void Codes_are_three_capital_letters_and_stand_there_once()
    {
        Currency.Codes.Count.ShouldBeGreaterThan(150);
        Currency.Codes.ShouldAllBe(code => code.Length == 3 && code.All(char.IsAsciiLetterUpper));
        Currency.Codes.ShouldBeUnique();
        Currency.Codes.ShouldAllBe(code => Currency.Digits(code) <= Amount.DecimalsMax);
    }
}
