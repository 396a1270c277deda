using Shouldly;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class AutoTopUpTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
    private static readonly BillingPeriod March = BillingPeriod.First(Now, BillingPeriod.RenewalDayMin, TimeZoneInfo.Utc);

    /// <summary>Less than 20 left: one pack; at most 30.00 a month.</summary>
    private static readonly AutoTopUpRule Rule = new()
    {
        Threshold = 20, Pack = "sms-100", Method = PaymentMethod.Stripe, MonthlyCap = 30_00, Currency = "USD",
        Consent = new Consent("user-1", "Charge my card", Now),
    };

    private static readonly AutoTopUpState Fresh = new();

    private static readonly AutoTopUpState Ordering = new()
    {
        Attempt = new AutoTopUpAttempt("key", "sms-100", 10_00, ByPrice: false, "USD", PaymentMethod.Stripe, new ChargedCard("cus", "pm"), Now),
    };

    [Theory]
    [InlineData(20, 0, 0, 0, 0, "nothing at the threshold")]
    [InlineData(19, 0, 0, 0, 1, "one less")]
    [InlineData(0, 0, 0, 0, 20, "empty")]
    [InlineData(0, 20, 0, 0, 0, "what is held still counts")]
    [InlineData(25, 0, 6, 0, 1, "debt counts against it")]
    [InlineData(0, 0, 5, 0, 25, "debt alone")]
    [InlineData(10, 0, 0, 10, 0, "money under way counts")]
    [InlineData(10, 0, 0, 9, 1, "not enough under way")]
    public void It_orders_when_less_than_the_threshold_remains_all_counted(long left, long held, long debt, long pending, long missing, string why) =>
        AutoTopUp.Missing(Rule, Pool.Empty with { Purchased = left, Held = held, Debt = debt }, pending).ShouldBe(missing, why);

    [Theory]
    [InlineData(19, 0, 81)]
    [InlineData(20, 0, 0)]
    [InlineData(0, 0, 100)]
    [InlineData(0, 15, 85)]
    [InlineData(0, 20, 0)]
    public void A_target_is_filled_up_to_once_the_threshold_is_crossed(long left, long pending, long missing) =>
        AutoTopUp.Missing(Rule with { Target = 100 }, Pool.Empty with { Purchased = left }, pending).ShouldBe(missing);

    [Fact]
    public void A_target_below_what_is_there_buys_nothing() =>
        AutoTopUp.Missing(Rule with { Target = 10 }, Pool.Empty with { Purchased = 15 }, 0).ShouldBe(0);

    [Fact]
    public void What_has_no_end_is_never_topped_up() =>
        AutoTopUp.Missing(Rule, Pool.Empty with { Allowance = Allowance.None with { Limit = null } }, 0).ShouldBe(0);

    [Theory]
    [InlineData(500L, 0, 0, 20, 100, "of the allowance")]
    [InlineData(500L, 100, 0, 20, 120, "of the allowance with what it carried over")]
    [InlineData(500L, 0, 9_000, 20, 100, "the allowance goes before the last refill")]
    [InlineData(0L, 0, 1_000, 20, 200, "without an allowance, of the total after the last refill")]
    [InlineData(0L, 0, 0, 20, 0, "of nothing")]
    [InlineData(499L, 0, 0, 20, 100, "rounded up")]
    [InlineData(1L, 0, 0, 1, 1, "of one")]
    [InlineData(Amount.PoolMax, 0, 0, 99, 6_930_000_000_000_000, "the largest pool")]
    public void A_threshold_in_percent_is_a_share(long limit, long rolledOver, long refillMark, int percent, long threshold, string why) =>
        AutoTopUp.ThresholdOf(Rule with { ThresholdPercent = percent, Threshold = 0 }, Pool.Empty with
        {
            Allowance = Allowance.None with { Limit = limit, RolledOver = rolledOver }, RefillMark = refillMark,
        }).ShouldBe(threshold, why);

    [Fact]
    public void It_orders_when_credits_are_missing_and_nothing_stands_in_the_way()
    {
        Decide(Fresh).ShouldBe(AutoTopUpDecision.Order);
        Decide(Fresh, missing: 0).ShouldBe(AutoTopUpDecision.Nothing);
        Decide(Ordering).ShouldBe(AutoTopUpDecision.Nothing, "one attempt at a time");
        Decide(Fresh with { IsSuspended = true }).ShouldBe(AutoTopUpDecision.Nothing);
        Decide(Fresh with { IsEnded = true }).ShouldBe(AutoTopUpDecision.Nothing);
        Decide(Fresh with { WaitsUntil = Now.Plus(TimeSpan.FromMilliseconds(1)) }).Step.ShouldBe(AutoTopUpStep.Wait);
        Decide(Fresh with { WaitsUntil = Now }).ShouldBe(AutoTopUpDecision.Order);
    }

    [Theory]
    [InlineData(10_00, 0, true)]
    [InlineData(10_00, 20_00, true)]
    [InlineData(10_00, 20_01, false)]
    [InlineData(30_00, 0, true)]
    [InlineData(30_01, 0, false)]
    [InlineData(1, 30_00, false)]
    [InlineData(1, 99_00, false)]
    public void The_cap_of_the_month_is_never_passed(long price, long spent, bool orders) =>
        Decide(Fresh, price: price, spent: spent).ShouldBe(orders ? AutoTopUpDecision.Order : AutoTopUpDecision.CapReached(March.End));

    [Fact]
    public void The_cap_is_told_once_a_month()
    {
        var first = AutoTopUp.ReachCap(Fresh, March);
        (first.News, first.State.Reason).ShouldBe((AutoTopUpNews.Failed, AutoTopUp.CapReason));
        AutoTopUp.ReachCap(first.State, March).ShouldBe(new AutoTopUpChange(first.State, null));
        var april = BillingPeriod.First(March.End, BillingPeriod.RenewalDayMin, TimeZoneInfo.Utc);
        AutoTopUp.ReachCap(first.State, april).News.ShouldBe(AutoTopUpNews.Failed);
        AutoTopUp.UnderNewRule(first.State).ShouldBe(Fresh, "what the old cap said is over");
    }

    [Theory]
    [InlineData(DisputeState.None, PurchaseStatus.Credited, null)]
    [InlineData(DisputeState.None, PurchaseStatus.PartlyRefunded, null)]
    [InlineData(DisputeState.Won, PurchaseStatus.DisputeWon, null)]
    [InlineData(DisputeState.Open, PurchaseStatus.Disputed, "disputed")]
    [InlineData(DisputeState.Lost, PurchaseStatus.DisputeLost, "disputed")]
    [InlineData(DisputeState.None, PurchaseStatus.Refunded, "refunded")]
    public void Whoever_took_the_last_money_back_is_not_charged_again(DisputeState dispute, PurchaseStatus status, string? reason) =>
        Decide(Fresh, last: PurchaseUnderTest.Fresh with { Dispute = dispute, Status = status })
            .ShouldBe(reason is null ? AutoTopUpDecision.Order : AutoTopUpDecision.Suspend(reason));

    [Fact]
    public void Declines_wait_an_hour_and_the_third_suspends_and_the_first_and_last_are_told()
    {
        var first = Decline(Ordering);
        (first.News, first.State.Failures, first.State.WaitsUntil, first.State.Reason, first.State.IsSuspended, first.State.Attempt)
            .ShouldBe((AutoTopUpNews.Failed, 1, Now.Plus(TimeSpan.FromHours(1)), "card_declined", false, null));
        var second = Decline(first.State);
        (second.News, second.State.Failures, second.State.WaitsUntil).ShouldBe((null, 2, Now.Plus(TimeSpan.FromHours(1))));
        var third = Decline(second.State);
        (third.News, third.State.Failures, third.State.IsSuspended, third.State.Reason).ShouldBe((AutoTopUpNews.Suspended, 3, true, "card_declined"));

        var resumed = AutoTopUp.Resume(third.State);
        (resumed.IsSuspended, resumed.Failures, resumed.Reason).ShouldBe((false, 0, ""));
        Decide(resumed).ShouldBe(AutoTopUpDecision.Order);
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var after = AutoTopUp.After(Ordering with { Failures = 2, Reason = "card_declined" }, AutoTopUpOutcome.Succeeded, Now);
        after.News.ShouldBe(AutoTopUpNews.Succeeded);
        after.State.ShouldBe(Fresh with { LastAt = Now });
    }

    [Fact]
    public void What_is_under_way_changes_nothing() =>
        AutoTopUp.After(Ordering, AutoTopUpOutcome.UnderWay, Now).ShouldBe(new AutoTopUpChange(Ordering, null));

    [Theory]
    [InlineData("authentication_required", true)]
    [InlineData("expired_card", true)]
    [InlineData("lost_card", true)]
    [InlineData("stolen_card", true)]
    [InlineData("resource_missing", true)]
    [InlineData("no_saved_card", true)]
    [InlineData("pack_unknown", true)]
    [InlineData("not_credited", true)]
    [InlineData("card_declined", false)]
    [InlineData("insufficient_funds", false)]
    [InlineData("insufficient_balance", false)]
    [InlineData("processing_error", false)]
    [InlineData("expired", false)]
    public void What_another_try_would_not_cure_suspends_at_once(string reason, bool suspends)
    {
        var after = AutoTopUp.After(Ordering, AutoTopUpOutcome.Declined(reason), Now);
        (after.State.IsSuspended, after.State.Reason).ShouldBe((suspends, reason));
        after.News.ShouldBe(suspends ? AutoTopUpNews.Suspended : AutoTopUpNews.Failed);
    }

    /// <summary>Every status is decided; a new one does not compile before it is.</summary>
    [Theory]
    [InlineData(PurchaseStatus.Created, true, "")]
    [InlineData(PurchaseStatus.Pending, true, "")]
    [InlineData(PurchaseStatus.Processing, true, "")]
    [InlineData(PurchaseStatus.Failed, false, "failed")]
    [InlineData(PurchaseStatus.Expired, false, "expired")]
    [InlineData(PurchaseStatus.Canceled, false, "canceled")]
    [InlineData(PurchaseStatus.NeedsReview, false, "needs_review")]
    [InlineData(PurchaseStatus.Credited, false, "")]
    [InlineData(PurchaseStatus.PartlyRefunded, false, "")]
    [InlineData(PurchaseStatus.Refunded, false, "")]
    [InlineData(PurchaseStatus.Disputed, false, "")]
    [InlineData(PurchaseStatus.DisputeWon, false, "")]
    [InlineData(PurchaseStatus.DisputeLost, false, "")]
    public void The_outcome_is_that_of_the_purchase(PurchaseStatus status, bool underWay, string reason)
    {
        var purchase = PurchaseUnderTest.Fresh with { Status = status, Paid = 10_00, Lot = 1, LotType = "sms" };
        AutoTopUp.OutcomeOf(purchase).ShouldBe(new AutoTopUpOutcome(underWay, reason));
    }

    [Fact]
    public void Money_that_was_taken_and_bought_nothing_is_a_failure()
    {
        var paid = PurchaseUnderTest.Fresh with { Status = PurchaseStatus.Paid, Paid = 10_00 };
        AutoTopUp.OutcomeOf(paid).ShouldBe(AutoTopUpOutcome.UnderWay, "the credits are still to come");
        AutoTopUp.OutcomeOf(paid with { Review = ReviewReason.NoBalance }).ShouldBe(AutoTopUpOutcome.Declined("needs_review"));
        AutoTopUp.OutcomeOf(paid with { Status = PurchaseStatus.Credited, Lot = 1, LotType = "balance" })
            .ShouldBe(AutoTopUpOutcome.Declined("not_credited"), "the money went to the balance, and the pool is as low as before");
        AutoTopUp.OutcomeOf(PurchaseUnderTest.Fresh with { Status = PurchaseStatus.Failed, Failure = "lost_card" })
            .ShouldBe(AutoTopUpOutcome.Declined("lost_card"));
    }

    [Fact]
    public void Another_rule_ends_neither_a_suspension_nor_a_back_off_nor_an_attempt()
    {
        AutoTopUp.UnderNewRule(Ordering).ShouldBe(Ordering);
        AutoTopUp.UnderNewRule(Ordering with { IsEnded = true }).ShouldBe(Ordering, "consented again while the last order is under way");
        var suspended = Decline(Decline(Decline(Ordering).State).State).State;
        AutoTopUp.UnderNewRule(suspended).ShouldBe(suspended);
        var waiting = Decline(Ordering).State;
        AutoTopUp.UnderNewRule(waiting).ShouldBe(waiting);
    }

    private static AutoTopUpDecision Decide(AutoTopUpState state, long missing = 10, long price = 10_00, long spent = 0, Purchase? last = null) =>
        AutoTopUp.Decide(Rule, state, missing, price, spent, March, last, Now);

    private static AutoTopUpChange Decline(AutoTopUpState state) => AutoTopUp.After(state, AutoTopUpOutcome.Declined("card_declined"), Now);
}
