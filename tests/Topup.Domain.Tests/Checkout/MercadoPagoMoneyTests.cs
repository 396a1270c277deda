using System.Globalization;
using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class MercadoPagoMoneyTests
{
    public static TheoryData<string> Currencies => [.. MercadoPagoMoney.Currencies];

    [Theory]
    [InlineData(1250, "BRL", "12.50")]
    [InlineData(1, "ARS", "0.01")]
    [InlineData(100, "MXN", "1.00")]
    [InlineData(1990, "CLP", "1990")]
    [InlineData(5000, "PYG", "5000")]
    [InlineData(199_000, "COP", "1990")]
    [InlineData(100, "HNL", "1")]
    [InlineData(2500, "NIO", "25")]
    [InlineData(1_000_000_000_000_000, "BRL", "10000000000000.00")]
    public void A_price_is_written_in_major_units_with_the_decimals_of_the_wire(long minor, string currency, string wire)
    {
        MercadoPagoMoney.TryToWire(minor, currency, out var written).ShouldBe(MercadoPagoMoneyProblem.None);
        written.ToString(CultureInfo.InvariantCulture).ShouldBe(wire);
    }

    [Theory]
    [InlineData("COP")]
    [InlineData("HNL")]
    [InlineData("NIO")]
    public void A_fraction_is_refused_where_only_whole_units_are_taken(string currency)
    {
        MercadoPagoMoney.TryToWire(1_001, currency, out _).ShouldBe(MercadoPagoMoneyProblem.NotWhole);
        MercadoPagoMoney.TryToWire(1_050, currency, out _).ShouldBe(MercadoPagoMoneyProblem.NotWhole);
        MercadoPagoMoney.TryToWire(1_000, currency, out _).ShouldBe(MercadoPagoMoneyProblem.None);
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("JPY")]
    [InlineData("brl")]
    [InlineData("")]
    public void A_currency_that_no_account_has_is_refused(string currency) =>
        MercadoPagoMoney.TryToWire(1_000, currency, out _).ShouldBe(MercadoPagoMoneyProblem.UnknownCurrency);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Nothing_is_no_price(long minor) =>
        MercadoPagoMoney.TryToWire(minor, "BRL", out _).ShouldBe(MercadoPagoMoneyProblem.NotPositive);

    [Theory]
    [MemberData(nameof(Currencies))]
    public void What_is_written_reads_back_as_the_same_amount(string currency)
    {
        var step = MercadoPagoMoney.IsWholeUnits(currency) && Currency.Digits(currency) == 2 ? 100 : 1;
        foreach (var minor in new[] { 1, 7, 99, 100, 12_345, 1_000_000_007, Amount.Max / 100 }.Select(value => value * step))
        {
            MercadoPagoMoney.TryToWire(minor, currency, out var wire).ShouldBe(MercadoPagoMoneyProblem.None);
            wire.Scale.ShouldBe(MercadoPagoMoney.IsWholeUnits(currency) ? (byte)0 : (byte)2);
            MercadoPagoMoney.FromWire(wire, currency).ShouldBe(minor);
        }
    }

    [Theory]
    [InlineData("12.5", "BRL", 1250L)]
    [InlineData("12.500", "BRL", 1250L)]
    [InlineData("0", "BRL", 0L)]
    [InlineData("1990", "COP", 199_000L)]
    [InlineData("1990.0", "CLP", 1990L)]
    [InlineData("12.505", "BRL", null)]
    [InlineData("1990.5", "CLP", null)]
    [InlineData("-1", "BRL", null)]
    [InlineData("79228162514264337593543950335", "BRL", null)]
    [InlineData("1", "XXX", null)]
    public void What_is_no_whole_number_of_minor_units_reads_as_nothing(string wire, string currency, long? minor) =>
        MercadoPagoMoney.FromWire(decimal.Parse(wire, CultureInfo.InvariantCulture), currency).ShouldBe(minor);

    [Fact]
    public void Every_currency_is_known_to_ISO() => MercadoPagoMoney.Currencies.ShouldAllBe(code => Currency.IsKnown(code));
}
