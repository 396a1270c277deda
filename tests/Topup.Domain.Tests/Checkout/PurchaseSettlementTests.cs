using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Xunit;
using static Topup.Domain.Tests.Checkout.PurchaseUnderTest;

namespace Topup.Domain.Tests.Checkout;

/// <summary>
/// From what a provider says to what a pool holds. After every change the rig adds up the pool's whole history, so that
/// conservation is part of every test here.
/// </summary>
public sealed class PurchaseSettlementTests
{
    [Fact]
    public void The_same_word_any_number_of_times_credits_once()
    {
        var test = new PurchaseUnderTest();
        for (var i = 0; i < 5; i++) test.Learn(Payment());
        (test.Purchase.Status, test.Worth, test.History.Count).ShouldBe((PurchaseStatus.Credited, Credits, 1));
        test.News.ShouldBe([PurchaseNews.Paid]);
    }

    [Fact]
    public void Money_that_went_back_before_anybody_looked_buys_nothing()
    {
        var test = new PurchaseUnderTest().Learn(Payment(refunded: Price));
        (test.Purchase.Status, test.Worth, test.History.Count).ShouldBe((PurchaseStatus.Refunded, 0, 0));
        // The refund failed: now it buys.
        test.Learn(Payment()).Worth.ShouldBe(Credits);
    }

    [Fact]
    public void A_payment_that_is_disputed_before_anybody_looked_is_credited_when_the_dispute_is_won()
    {
        var test = new PurchaseUnderTest().Learn(Payment(dispute: DisputeState.Open));
        (test.Purchase.Status, test.Worth).ShouldBe((PurchaseStatus.Disputed, 0));
        test.Learn(Payment(dispute: DisputeState.Won)).Worth.ShouldBe(Credits);
        test.Purchase.Status.ShouldBe(PurchaseStatus.DisputeWon);
    }

    [Fact]
    public void An_open_dispute_holds_the_rest_and_its_end_sets_free_or_takes()
    {
        foreach (var (verdict, left, debt) in ((DisputeState, long, long)[])[(DisputeState.Won, 60, 0), (DisputeState.None, 60, 0), (DisputeState.Lost, 0, 40)])
        {
            var test = new PurchaseUnderTest().Learn(Payment());
            test.Spend(40);
            test.Learn(Payment(dispute: DisputeState.Open));
            (test.Pool.Balance.Available, test.Pool.Balance.Held).ShouldBe((0, 60));
            test.Learn(Payment(dispute: verdict));
            (test.Pool.Balance.Available, test.Pool.Balance.Held, test.Pool.Debt).ShouldBe((left, 0, debt), verdict.ToString());
        }
    }

    [Fact]
    public void A_purchase_that_is_refused_stays_as_it_is()
    {
        var test = new PurchaseUnderTest();
        var wanted = PaymentJudgement.Apply(test.Purchase, Truth(Payment()));
        var suspended = PurchaseUnderTest.Terms with { TenantSuspended = true };
        var decision = PurchaseSettlement.Decide(
            test.Pool, suspended, "sms", Credits, LotSource.Purchase, test.Purchase, wanted, spentBecomesDebt: true, Note.None, new Instant(1_000));
        (decision.Ledger.Refusal, decision.Purchase, decision.News.Length).ShouldBe((LedgerRefusal.TenantSuspended, test.Purchase, 0));
        // The money itself is taken from anybody.
        PurchaseSettlement.Decide(test.Pool, suspended, "money", Price, LotSource.Refund, test.Purchase, wanted, spentBecomesDebt: true, Note.None, new Instant(1_000))
            .Purchase.LotType.ShouldBe("money");
    }

    [Fact]
    public void Whatever_happens_the_claim_is_the_share_of_the_money_that_went_back() => ForAllLives((random, test) =>
    {
        for (var step = 0; step < 30; step++)
        {
            Live(random, test);
            var purchase = test.Purchase;
            if (purchase.Lot != 0) purchase.Claim.Total.ShouldBe(Claim.Target(Credits, purchase.GoneBack, purchase.Paid));
            (purchase.DisputeHold != 0 && purchase.Dispute != DisputeState.Open).ShouldBeFalse("only an open dispute holds");
        }
    });

    [Fact]
    public void Where_spent_becomes_debt_a_tenant_is_worth_what_was_bought_less_what_was_spent_and_what_went_back() => ForAllLives((random, test) =>
    {
        long spent = 0;
        for (var step = 0; step < 30; step++)
        {
            if (random.Next(2) == 0) spent += test.SpendUpTo(random.Next(1, 40));
            else test.Learn(AnyPayment(random));
            var bought = test.Purchase.Lot == 0 ? 0 : Credits - test.Purchase.Claim.Total;
            test.Worth.ShouldBe(bought - spent);
        }
    });

    [Fact]
    public void Where_spent_is_forgiven_nothing_is_ever_owed() => ForAllLives((random, test) =>
    {
        for (var step = 0; step < 30; step++)
        {
            if (random.Next(2) == 0) test.SpendUpTo(random.Next(1, 40));
            else test.Learn(AnyPayment(random));
            (test.Pool.Debt, test.Purchase.Claim.Owed).ShouldBe((0, 0));
        }
    }, spentBecomesDebt: false);

    [Fact]
    public void Where_it_ends_does_not_depend_on_what_was_seen_on_the_way() => ForAllLives((random, test) =>
    {
        for (var step = random.Next(1, 8); step > 0; step--) test.Learn(AnyPayment(random));
        var last = AnyPayment(random);
        test.Learn(last);
        var direct = new PurchaseUnderTest().Learn(last);
        (test.Purchase.GoneBack, test.Purchase.Dispute, test.Pool.Balance.Available).ShouldBe((direct.Purchase.GoneBack, direct.Purchase.Dispute, direct.Pool.Balance.Available));
        test.Purchase.Status.ShouldBe(direct.Purchase.Status);

        test.Learn(Payment(dispute: DisputeState.Won));
        direct.Learn(Payment(dispute: DisputeState.Won));
        (test.Worth, test.Purchase.Status).ShouldBe((direct.Worth, direct.Purchase.Status));
    });

    /// <summary>One thing that may happen to a purchase or its credits.</summary>
    private static void Live(Random random, PurchaseUnderTest test)
    {
        switch (random.Next(8))
        {
            case 0:
                test.SpendUpTo(random.Next(1, 60));
                break;
            case 1:
                test.Grant(random.Next(1, 60));
                break;
            case 2 when test.Pool.Balance.Available > 0:
                var hold = test.Hold(random.NextInt64(1, test.Pool.Balance.Available + 1)).Main!.Id;
                test.Learn(AnyPayment(random));
                if (random.Next(2) == 0) test.Release(hold);
                else test.Capture(hold, random.Next(1, 60));
                break;
            case 3 when test.Purchase.Refundable > 0:
                test.Return(random.NextInt64(1, test.Purchase.Refundable + 1));
                break;
            case 4:
                var use = test.SpendUpTo(1) == 1 ? test.History[^1] : null;
                test.Learn(AnyPayment(random));
                if (use is { Kind: EntryKind.Consume }) test.Reverse(use);
                break;
            default:
                test.Learn(AnyPayment(random));
                break;
        }
    }

    /// <summary>The payment of the order, refunded and disputed in any way.</summary>
    private static TakenPayment AnyPayment(Random random)
    {
        long[] refunds = [0, 1, 3_33, 5_00, 9_99, Price, random.NextInt64(0, Price + 1)];
        var refunded = refunds[random.Next(refunds.Length)];
        var dispute = random.Next(3) == 0 ? (DisputeState)random.Next(1, 4) : DisputeState.None;
        return Payment(refunded: refunded, dispute: dispute, disputed: random.NextInt64(1, Price + 1));
    }

    private static void ForAllLives(Action<Random, PurchaseUnderTest> check, bool spentBecomesDebt = true) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Random(seed), new PurchaseUnderTest(spentBecomesDebt))));
}
