using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Ledger;
using Topup.Domain.Tests.Checkout;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

/// <summary>What refunds and lost disputes claim of one lot: in proportion, without drift, and never twice.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData(100, 0, 10_00, 0)]
    [InlineData(100, 1, 10_00, 0)]
    [InlineData(100, 10, 10_00, 1)]
    [InlineData(100, 3_33, 10_00, 33)]
    [InlineData(100, 9_99, 10_00, 99)]
    [InlineData(100, 10_00, 10_00, 100)]
    [InlineData(100, 10_01, 10_00, 100)]
    [InlineData(1, 9_99, 10_00, 0)]
    [InlineData(100, 5, 0, 0)]
    [InlineData(long.MaxValue, long.MaxValue - 1, long.MaxValue, long.MaxValue - 1)]
    public void The_share_is_rounded_down_and_all_of_it_goes_with_the_last_cent(long granted, long goneBack, long paid, long target) =>
        Claim.Target(granted, goneBack, paid).ShouldBe(target);

    [Fact]
    public void Any_number_of_refunds_claims_as_much_as_one_of_the_same_amount() => ForAll(random =>
    {
        var (granted, paid) = (random.NextInt64(1, 1L << 40), random.NextInt64(1, 1_000_000));
        long goneBack = 0, claimed = 0;
        while (goneBack < paid)
        {
            goneBack = Math.Min(goneBack + random.NextInt64(1, paid / 3 + 2), paid);
            var more = Claim.Target(granted, goneBack, paid) - claimed;
            more.ShouldBeGreaterThanOrEqualTo(0);
            claimed += more;
            claimed.ShouldBeLessThanOrEqualTo(granted);
            // Never more than the share that went back, and less than one unit short of it.
            ((Int128)claimed * paid <= (Int128)granted * goneBack).ShouldBeTrue();
            ((Int128)(claimed + 1) * paid > (Int128)granted * goneBack).ShouldBeTrue();
        }
        claimed.ShouldBe(granted);
    });

    [Fact]
    public void What_is_left_goes_first_and_what_was_spent_is_owed()
    {
        var test = new PurchaseUnderTest().Learn(PurchaseUnderTest.Payment());
        test.Spend(70);
        test.Learn(PurchaseUnderTest.Payment(refunded: 2_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 20, Owed: 0, Forgiven: 0));
        test.Learn(PurchaseUnderTest.Payment(refunded: 6_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 30, Owed: 30, Forgiven: 0));
        test.Pool.Debt.ShouldBe(30);
    }

    [Fact]
    public void A_refund_that_failed_gives_back_the_other_way_round()
    {
        var test = new PurchaseUnderTest().Learn(PurchaseUnderTest.Payment());
        test.Spend(70);
        test.Learn(PurchaseUnderTest.Payment(refunded: 6_00));
        test.Learn(PurchaseUnderTest.Payment(refunded: 4_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 30, Owed: 10, Forgiven: 0));
        test.Pool.Debt.ShouldBe(10);
        test.Learn(PurchaseUnderTest.Payment()).Purchase.Claim.ShouldBe(default);
        (test.Pool.Debt, test.Pool.Balance.Available).ShouldBe((0, 30));
    }

    [Fact]
    public void Debt_that_other_credits_have_paid_meanwhile_comes_back_as_credits()
    {
        var test = new PurchaseUnderTest().Learn(PurchaseUnderTest.Payment());
        test.Spend(100);
        test.Learn(PurchaseUnderTest.Payment(refunded: 10_00)).Pool.Debt.ShouldBe(100);
        test.Grant(60);
        (test.Pool.Debt, test.Pool.Balance.Available).ShouldBe((40, 0));
        test.Learn(PurchaseUnderTest.Payment());
        (test.Pool.Debt, test.Pool.Balance.Available).ShouldBe((0, 60));
    }

    [Fact]
    public void What_was_spent_is_forgiven_where_the_operator_says_so()
    {
        var test = new PurchaseUnderTest(spentBecomesDebt: false).Learn(PurchaseUnderTest.Payment());
        test.Spend(70);
        test.Learn(PurchaseUnderTest.Payment(refunded: 10_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 30, Owed: 0, Forgiven: 70));
        test.Pool.Debt.ShouldBe(0);
        test.Learn(PurchaseUnderTest.Payment()).Pool.Balance.Available.ShouldBe(30);
    }

    [Fact]
    public void What_expired_or_was_voided_before_cannot_be_claimed_of_the_tenant()
    {
        var expired = new PurchaseUnderTest().Learn(PurchaseUnderTest.Payment());
        expired.Spend(30);
        expired.Expire();
        expired.Learn(PurchaseUnderTest.Payment(refunded: 10_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 0, Owed: 30, Forgiven: 70));

        var voided = new PurchaseUnderTest().Learn(PurchaseUnderTest.Payment());
        voided.Void();
        voided.Learn(PurchaseUnderTest.Payment(refunded: 10_00)).Purchase.Claim.ShouldBe(new Claim(Taken: 0, Owed: 0, Forgiven: 100));
        voided.Pool.Debt.ShouldBe(0);
    }

    private static void ForAll(Action<Random> check) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Random(seed))));
}
