using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class MoneyFormatTests
{
    /// <summary>Currencies that shops of credits are known to sell in.</summary>
    [Theory]
    [InlineData("USD", 2, 123_456_789, "$1,234,567.89")]
    [InlineData("EUR", 2, 123_456_789, "1.234.567,89_€")]
    [InlineData("GBP", 2, 123_456_789, "£1,234,567.89")]
    [InlineData("TRY", 2, 123_456_789, "₺1.234.567,89")]
    [InlineData("BRL", 2, 123_456_789, "R$_1.234.567,89")]
    [InlineData("MXN", 2, 123_456_789, "MX$1,234,567.89")]
    [InlineData("ARS", 2, 123_456_789, "ARS_1.234.567,89")]
    [InlineData("CLP", 0, 1_234_567, "CLP_1.234.567")]
    [InlineData("COP", 2, 123_456_789, "COP_1.234.567,89")]
    [InlineData("PEN", 2, 123_456_789, "S/_1,234,567.89")]
    [InlineData("UYU", 2, 123_456_789, "UYU_1.234.567,89")]
    [InlineData("CAD", 2, 123_456_789, "CA$1,234,567.89")]
    [InlineData("AUD", 2, 123_456_789, "A$1,234,567.89")]
    [InlineData("JPY", 0, 1_234_567, "¥1,234,567")]
    [InlineData("KRW", 0, 1_234_567, "₩1,234,567")]
    [InlineData("INR", 2, 123_456_789, "₹1,234,567.89")]
    [InlineData("AED", 2, 123_456_789, "AED_1,234,567.89")]
    [InlineData("VND", 0, 1_234_567, "1.234.567_₫")]
    [InlineData("ZAR", 2, 123_456_789, "R_1_234_567,89")]
    [InlineData("KWD", 3, 1_234_567_890, "KWD_1,234,567.890")]
    public void A_currency_is_written_as_its_country_writes_it(string currency, int digits, long units, string text)
    {
        Currency.Digits(currency).ShouldBe(digits);
        Text(units, currency).ShouldBe(text);
        Text(-units, currency).ShouldBe("-" + text);
    }

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(5, "$0.05")]
    [InlineData(99, "$0.99")]
    [InlineData(100, "$1.00")]
    [InlineData(99_999, "$999.99")]
    [InlineData(100_000, "$1,000.00")]
    [InlineData(-1, "-$0.01")]
    [InlineData(long.MinValue, "-$92,233,720,368,547,758.08")]
    [InlineData(long.MaxValue, "$92,233,720,368,547,758.07")]
    public void Every_amount_has_its_digits_and_groups(long units, string text) => Text(units, "USD").ShouldBe(text);

    [Fact]
    public void The_style_of_the_operator_wins()
    {
        var style = new MoneyStyle("credits", SymbolPlace.After, HasSpace: true, "·", "");
        MoneyFormat.Text(1_234_567, "BRL", style).Replace('\u00a0', '_').ShouldBe("12345·67_credits");
        MoneyFormat.Text(-1_234_567, "BRL", style with { Place = SymbolPlace.Before, HasSpace = false, ThousandsSeparator = "'" }).ShouldBe("-credits12'345·67");
    }

    [Fact]
    public void Every_currency_of_the_table_can_be_written_and_read_back()
    {
        foreach (var currency in Currency.Codes)
            foreach (var units in new[] { 0, 7, -7, 12_345, 1_234_567_890, long.MinValue, long.MaxValue })
            {
                var (text, style) = (MoneyFormat.Text(units, currency), MoneyStyle.Of(currency));
                text.ShouldContain(style.Symbol, Case.Sensitive, currency);
                var number = text.Replace(style.Symbol, "", StringComparison.Ordinal);
                (number.IndexOf(style.DecimalSeparator, StringComparison.Ordinal) is var point && point < 0 ? 0 : number.TrimEnd('\u00a0').Length - point - 1)
                    .ShouldBe(Currency.Digits(currency), currency);
                Int128.Parse(string.Concat(number.Where(c => c is '-' || char.IsAsciiDigit(c))), null).ShouldBe((Int128)units, currency);
            }
    }

    [Fact]
    public void No_two_currencies_share_a_symbol() =>
        Currency.Codes.GroupBy(currency => MoneyStyle.Of(currency).Symbol).Where(same => same.Count() > 1).ShouldBeEmpty();

    /// <summary>The space that does not break, made visible.</summary>
    private static string Text(long units, string currency) => MoneyFormat.Text(units, currency).Replace('\u00a0', '_');
}
