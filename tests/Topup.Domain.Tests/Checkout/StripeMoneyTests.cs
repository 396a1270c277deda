using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class StripeMoneyTests
{
    private static IEnumerable<string> Payable => Currency.Codes.Where(StripeMoney.IsPayable);

    [Theory]
    [InlineData("USD", 1250, 1250)]
    [InlineData("BRL", 1, 1)]
    [InlineData("JPY", 1250, 1250)]
    [InlineData("CLP", 990, 990)]
    [InlineData("HUF", 17500, 17500)]
    [InlineData("TWD", 10000, 10000)]
    [InlineData("ISK", 5, 500)]
    [InlineData("UGX", 5, 500)]
    [InlineData("KWD", 5120, 5120)]
    [InlineData("MGA", 500, 5)]
    [InlineData("IQD", 5120, 512)]
    public void An_amount_has_the_digits_that_Stripe_gives_it(string currency, long minor, long wire)
    {
        StripeMoney.TryToWire(minor, currency, out var sent).ShouldBe(StripeMoneyProblem.None);
        sent.ShouldBe(wire);
        StripeMoney.FromWire(wire, currency).ShouldBe(minor);
    }

    [Theory]
    [InlineData("KWD", 5124)]
    [InlineData("MGA", 550)]
    [InlineData("IQD", 5121)]
    public void What_would_have_to_be_rounded_is_refused(string currency, long minor) =>
        StripeMoney.TryToWire(minor, currency, out _).ShouldBe(StripeMoneyProblem.TooFine);

    [Theory]
    [InlineData("ISK", 550)]
    [InlineData("UGX", 1)]
    [InlineData("USD", -1)]
    [InlineData("USD", long.MaxValue)]
    [InlineData("MGA", long.MaxValue)]
    [InlineData("usd", 100)]
    [InlineData("", 100)]
    [InlineData("XXX", 100)]
    public void What_Stripe_says_and_is_no_whole_amount_is_none(string currency, long wire) => StripeMoney.FromWire(wire, currency).ShouldBeNull();

    [Theory]
    [InlineData("USD", 50)]
    [InlineData("GBP", 30)]
    [InlineData("JPY", 50)]
    [InlineData("MXN", 1000)]
    [InlineData("HUF", 17500)]
    [InlineData("UAH", 1)]
    public void A_charge_has_a_least_amount_and_a_refund_has_not(string currency, long least)
    {
        StripeMoney.Least(currency).ShouldBe(least);
        StripeMoney.CheckCharge(least, currency).ShouldBe(StripeMoneyProblem.None);
        StripeMoney.CheckCharge(least - 1, currency).ShouldBe(StripeMoneyProblem.TooSmall);
        if (least > 1) StripeMoney.TryToWire(least - 1, currency, out _).ShouldBe(StripeMoneyProblem.None);
    }

    [Theory]
    [InlineData("USD", 999_999_999_999)]
    [InlineData("JPY", 999_999_999_999)]
    [InlineData("ISK", 9_999_999_999)]
    [InlineData("KWD", 999_999_999_990)]
    [InlineData("MGA", 99_999_999_999_900)]
    public void A_charge_has_a_largest_amount(string currency, long most)
    {
        StripeMoney.Most(currency).ShouldBe(most);
        StripeMoney.TryToWire(most, currency, out _).ShouldBe(StripeMoneyProblem.None);
        StripeMoney.TryToWire(most + StripeMoney.Step(currency), currency, out _).ShouldBe(StripeMoneyProblem.TooLarge);
    }

    [Theory]
    [InlineData("XXX")]
    [InlineData("usd")]
    [InlineData("CLF")]
    [InlineData("MXV")]
    public void What_nobody_pays_in_is_refused(string currency) =>
        StripeMoney.TryToWire(10_000, currency, out _).ShouldBe(StripeMoneyProblem.NotPayable);

    [Fact]
    public void Every_currency_comes_back_from_the_wire_as_it_went()
    {
        Payable.Count().ShouldBeGreaterThan(145);
        foreach (var currency in Payable)
            foreach (var steps in (long[])[1, 7, 50, 1_000, 123_456, 99_999_999])
            {
                var minor = steps * StripeMoney.Step(currency);
                StripeMoney.TryToWire(minor, currency, out var wire).ShouldBe(StripeMoneyProblem.None, $"{minor} {currency}");
                StripeMoney.FromWire(wire, currency).ShouldBe(minor, $"{wire} {currency}");
            }
    }

    [Fact]
    public void Only_these_currencies_have_other_digits_at_Stripe_than_by_ISO()
    {
        var others = Payable.Where(currency => StripeMoney.TryToWire(1_000, currency, out var wire) != StripeMoneyProblem.None || wire != 1_000);
        others.ShouldBe(["IQD", "ISK", "LYD", "MGA", "UGX"]);
    }

    [Fact]
    public void Nothing_and_less_is_too_small()
    {
        foreach (var currency in Payable)
        {
            StripeMoney.TryToWire(0, currency, out _).ShouldBe(StripeMoneyProblem.TooSmall);
            StripeMoney.TryToWire(-10_000, currency, out _).ShouldBe(StripeMoneyProblem.TooSmall);
        }
    }
}
