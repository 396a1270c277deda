using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class TaxTests
{
    [Theory]
    [InlineData(11_800, 180_000, 10_000, 1_800)] // 18 %
    [InlineData(12_000, 200_000, 10_000, 2_000)] // 20 %
    [InlineData(999, 190_000, 839, 160)] // 159.50… of 9.99 at 19 %
    [InlineData(1, 1_000_000, 0, 1)] // half a unit goes up
    [InlineData(-1, 1_000_000, 0, -1)] // and away from zero
    [InlineData(1_000, 0, 1_000, 0)]
    [InlineData(0, 180_000, 0, 0)]
    [InlineData(10_000, 88_750, 9_185, 815)] // 8.875 %
    [InlineData(long.MaxValue, 1_000_000, 4_611_686_018_427_387_903, 4_611_686_018_427_387_904)]
    public void The_tax_is_its_share_of_the_price(long gross, long rate, long net, long tax) =>
        Tax.Included(gross, rate).ShouldBe(new TaxedPrice(net, tax, gross));

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void A_rate_is_from_none_to_a_hundred_percent(long rate) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Tax.Included(1, rate));

    [Fact]
    public void Net_and_tax_are_always_the_price_and_nothing_is_nearer()
    {
        var cases = (from gross in Gen.OneOf(Gen.Choose(-100_000, 100_000).Select(units => (long)units), ArbMap.Default.GeneratorFor<long>())
            from rate in Gen.Choose(0, (int)Tax.RateMax)
            select (gross, rate: (long)rate)).ToArbitrary();
        Prop.ForAll(cases, given =>
        {
            var taxed = Tax.Included(given.gross, given.rate);
            // Twice the distance between the tax and its exact share, in parts of 1 + rate.
            var off = 2 * ((Int128)taxed.Tax * (Tax.RateMax + given.rate) - ((Int128)given.gross * given.rate));
            return taxed.Net + taxed.Tax == given.gross && taxed.Gross == given.gross
                && (off < 0 ? -off : off) <= Tax.RateMax + given.rate
                && Tax.Included(given.gross == long.MinValue ? 0 : -given.gross, given.rate).Tax == (given.gross == long.MinValue ? 0 : -taxed.Tax);
        }).QuickCheckThrowOnFailure();
    }
}
