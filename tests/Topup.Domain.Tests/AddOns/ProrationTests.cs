using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.AddOns;
using Xunit;

namespace Topup.Domain.Tests.AddOns;

public sealed class ProrationTests
{
    private const int Cases = 5_000;

    private static readonly Arbitrary<(long Price, int Days)> Prices = Arb.From(
        from digits in Gen.Choose(1, 16)
        from price in Gen.Choose(1, int.MaxValue)
        from days in Gen.Choose(28, 31)
        select (Math.Min((long)price << (2 * digits) & long.MaxValue, Amount.Max), days));

    [Theory]
    [InlineData(30_00, 30, 30, 30_00)]
    [InlineData(30_00, 15, 30, 15_00)]
    [InlineData(30_00, 1, 30, 1_00)]
    [InlineData(30_00, 0, 30, 0)]
    [InlineData(30_00, 31, 31, 30_00)]
    [InlineData(30_00, 16, 31, 15_48)]
    [InlineData(30_00, 14, 28, 15_00)]
    [InlineData(30_00, 15, 29, 15_52)]
    [InlineData(1, 15, 30, 1)]
    [InlineData(1, 14, 30, 0)]
    [InlineData(5, 3, 30, 1)]
    [InlineData(Amount.Max, 30, 31, 967_741_935_483_871)]
    public void The_rest_of_a_cycle_costs_its_share_rounded_half_away_from_zero(long price, int daysLeft, int days, long share) =>
        Proration.Share(price, daysLeft, days).ShouldBe(share);

    [Fact]
    public void The_daily_shares_of_a_cycle_add_up_to_the_full_price() => Check.One(Settings(), Prop.ForAll(Prices, one =>
    {
        var shares = Enumerable.Range(0, one.Days).Select(day => Proration.Share(one.Price, one.Days - day, one.Days) - Proration.Share(one.Price, one.Days - day - 1, one.Days)).ToList();
        shares.Sum().ShouldBe(one.Price);
        shares.ShouldAllBe(share => share >= 0);
        (shares.Max() - shares.Min()).ShouldBeLessThanOrEqualTo(1, "no day costs a unit more than another, beyond rounding");
    }));

    [Fact]
    public void A_share_is_never_more_than_the_price_and_never_a_unit_from_the_exact_one() => Check.One(Settings(), Prop.ForAll(Prices, one =>
    {
        for (var left = 0; left <= one.Days; left++)
        {
            var share = Proration.Share(one.Price, left, one.Days);
            share.ShouldBeInRange(0, one.Price);
            var exact = (decimal)one.Price * left / one.Days;
            share.ShouldBe((long)Math.Round(exact, MidpointRounding.AwayFromZero));
        }
    }));

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 0, 0)]
    public void What_cannot_be_is_a_bug_of_the_caller(long price, int daysLeft, int days) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Proration.Share(price, daysLeft, days));

    private static Config Settings() => Config.QuickThrowOnFailure.WithMaxTest(Cases);
}
