using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Checkout;
using Xunit;
using static Topup.Domain.Tests.Checkout.PurchaseUnderTest;

namespace Topup.Domain.Tests.Checkout;

public sealed class PaymentJudgementTests
{
    [Fact]
    public void The_agreed_price_is_taken_for_the_purchase()
    {
        var paid = Judge(Payment());
        (paid.Status, paid.Paid, paid.Payments, paid.Review, paid.OwesCredits).ShouldBe((PurchaseStatus.Paid, Price, "p1", ReviewReason.None, true));
    }

    public static TheoryData<string, ReviewReason> NotAsAgreed => new()
    {
        { "order", ReviewReason.WrongOrder },
        { "account", ReviewReason.WrongAccount },
        { "mode", ReviewReason.WrongMode },
        { "currency", ReviewReason.WrongCurrency },
        { "less", ReviewReason.WrongAmount },
        { "more", ReviewReason.WrongAmount },
        { "fraction", ReviewReason.WrongAmount },
    };

    [Theory]
    [MemberData(nameof(NotAsAgreed))]
    public void A_payment_that_is_not_as_agreed_buys_nothing_and_a_person_must_look(string what, ReviewReason reason)
    {
        var judged = Judge(Wrong(what));
        (judged.Status, judged.Paid, judged.Review, judged.OwesCredits).ShouldBe((PurchaseStatus.NeedsReview, 0L, reason, false));
        Judge(judged, Truth(Wrong(what))).ShouldBe(judged);
    }

    [Theory]
    [MemberData(nameof(NotAsAgreed))]
    public void The_agreed_payment_buys_beside_one_that_is_not_as_agreed(string what, ReviewReason reason)
    {
        var wrong = Wrong(what) with { Id = "p0" };
        var judged = Judge(wrong, Payment());
        (judged.Status, judged.Paid, judged.Payments).ShouldBe((PurchaseStatus.Paid, Price, "p1"));
        // Money for this order, in this currency and to this account, is a surplus; all else is for a person.
        var isSurplus = what is "less" or "more";
        (judged.Surplus, judged.Review).ShouldBe(isSurplus ? (wrong.Amount!.Value, ReviewReason.None) : (0, reason));
        Judge(judged, Truth(Payment())).Review.ShouldBe(ReviewReason.None);
    }

    [Fact]
    public void An_operator_may_accept_another_amount_but_no_other_order_account_mode_or_currency()
    {
        foreach (var what in new[] { "less", "more" })
        {
            var accepted = PaymentJudgement.Apply(Judge(Wrong(what)), Truth(Wrong(what)), accept: true);
            (accepted.Status, accepted.Paid, accepted.OwesCredits).ShouldBe((PurchaseStatus.Paid, Wrong(what).Amount!.Value, true));
            Judge(accepted, Truth(Wrong(what))).ShouldBe(accepted);
        }
        foreach (var what in new[] { "order", "account", "mode", "currency", "fraction" })
            PaymentJudgement.Apply(Judge(Wrong(what)), Truth(Wrong(what)), accept: true).Paid.ShouldBe(0, what);
    }

    [Fact]
    public void Parts_that_add_up_to_the_price_pay_it()
    {
        var first = Judge(Payment("a", 4_00));
        (first.Status, first.Review).ShouldBe((PurchaseStatus.NeedsReview, ReviewReason.WrongAmount));
        var both = Judge(first, Truth(Payment("a", 4_00), Payment("b", 6_00)));
        (both.Status, both.Paid, both.Payments, both.Review, both.Surplus).ShouldBe((PurchaseStatus.Paid, Price, "a b", ReviewReason.None, 0L));
        var refunded = Judge(both, Truth(Payment("a", 4_00, refunded: 4_00), Payment("b", 6_00, refunded: 1_00)));
        (refunded.Refunded, refunded.Status).ShouldBe((5_00, PurchaseStatus.PartlyRefunded));
    }

    [Fact]
    public void Parts_that_add_up_to_something_else_do_not_pay_it()
    {
        Judge(Payment("a", 4_00), Payment("b", 6_01)).Status.ShouldBe(PurchaseStatus.NeedsReview);
        Judge(Payment("a", 4_00), Payment("b", 6_00) with { Currency = "EUR" }).Review.ShouldBe(ReviewReason.WrongCurrency);
    }

    [Fact]
    public void A_second_payment_of_the_same_order_is_a_surplus_until_it_goes_back()
    {
        var twice = Judge(Payment("a"), Payment("b"));
        (twice.Paid, twice.Payments, twice.Surplus, twice.Review).ShouldBe((Price, "a", Price, ReviewReason.None));
        Judge(twice, Truth(Payment("a"), Payment("b", refunded: 3_00))).Surplus.ShouldBe(7_00);
        Judge(twice, Truth(Payment("a"), Payment("b", dispute: DisputeState.Open))).Surplus.ShouldBe(0);
        Judge(twice, Truth(Payment("a"), Payment("b", dispute: DisputeState.Won))).Surplus.ShouldBe(Price);
        Judge(twice, Truth(Payment("a"), Payment("b", refunded: Price))).Surplus.ShouldBe(0);
    }

    [Fact]
    public void The_payment_that_bought_it_stays_the_one_whatever_comes_later()
    {
        var first = Judge(Payment("b"));
        var later = Judge(first, Truth(Payment("a"), Payment("b"), Payment("c", 5_00)));
        (later.Payments, later.Surplus).ShouldBe(("b", 15_00));
        var gone = Judge(later, Truth(Payment("a"), Payment("b", refunded: Price)));
        (gone.Payments, gone.Status, gone.Surplus).ShouldBe(("b", PurchaseStatus.Refunded, Price));
    }

    [Fact]
    public void Of_several_payments_one_that_was_not_refunded_buys_it()
    {
        var judged = Judge(Payment("a", refunded: Price), Payment("b"));
        (judged.Payments, judged.Refunded, judged.Surplus, judged.Status).ShouldBe(("b", 0L, 0L, PurchaseStatus.Paid));
    }

    [Fact]
    public void A_payment_listed_twice_is_one_payment()
    {
        var judged = Judge(Payment(), Payment());
        (judged.Paid, judged.Surplus).ShouldBe((Price, 0L));
    }

    [Theory]
    [InlineData(PaymentState.Open)]
    [InlineData(PaymentState.Processing)]
    [InlineData(PaymentState.Failed)]
    [InlineData(PaymentState.Expired)]
    [InlineData(PaymentState.Canceled)]
    [InlineData(PaymentState.Paid)]
    public void A_provider_that_no_longer_shows_the_payment_changes_nothing(PaymentState state)
    {
        var paid = Judge(Payment(refunded: 2_00));
        Judge(paid, Truth(state)).ShouldBe(paid);
        var parts = Judge(Payment("a", 4_00), Payment("b", 6_00));
        Judge(parts, Truth(Payment("b", 6_00))).ShouldBe(parts);

        // Nor does it settle a doubt.
        var doubted = Judge(Wrong("currency"));
        var still = Judge(doubted, Truth(state));
        (still.Status, still.Review).ShouldBe((PurchaseStatus.NeedsReview, ReviewReason.WrongCurrency));
    }

    [Theory]
    [InlineData(PaymentState.Open, PurchaseStatus.Pending, ReviewReason.None)]
    [InlineData(PaymentState.Processing, PurchaseStatus.Processing, ReviewReason.None)]
    [InlineData(PaymentState.Failed, PurchaseStatus.Failed, ReviewReason.None)]
    [InlineData(PaymentState.Expired, PurchaseStatus.Expired, ReviewReason.None)]
    [InlineData(PaymentState.Canceled, PurchaseStatus.Canceled, ReviewReason.None)]
    [InlineData(PaymentState.Paid, PurchaseStatus.NeedsReview, ReviewReason.WrongAmount)]
    public void Without_a_payment_the_state_is_what_the_provider_says(PaymentState state, PurchaseStatus expected, ReviewReason review)
    {
        var judged = Judge(Fresh, Truth(state) with { Failure = "card_declined" });
        (judged.Status, judged.Review, judged.Paid, judged.Failure).ShouldBe((expected, review, 0L, "card_declined"));
        var late = Judge(judged, Truth(Payment()));
        (late.Status, late.Paid, late.OwesCredits, late.Failure, late.Review).ShouldBe((PurchaseStatus.Paid, Price, true, "", ReviewReason.None));
    }

    [Fact]
    public void A_wrong_payment_that_was_refunded_is_no_worry_and_a_right_one_after_it_counts()
    {
        var back = Judge(Judge(Payment("a", 4_00)), Truth(Payment("a", 4_00, refunded: 4_00)));
        (back.Status, back.Review, back.Paid).ShouldBe((PurchaseStatus.Refunded, ReviewReason.None, 0L));
        var late = Judge(back, Truth(Payment("a", 4_00, refunded: 4_00), Payment("b")));
        (late.Status, late.Paid, late.OwesCredits).ShouldBe((PurchaseStatus.Paid, Price, true));
    }

    public static TheoryData<long, DisputeState, long, PurchaseStatus, long> Refunds => new()
    {
        { 0, DisputeState.None, 0, PurchaseStatus.Paid, 0 },
        { 1, DisputeState.None, 0, PurchaseStatus.PartlyRefunded, 1 },
        { Price, DisputeState.None, 0, PurchaseStatus.Refunded, Price },
        { Price + 1, DisputeState.None, 0, PurchaseStatus.Refunded, Price },
        { 0, DisputeState.Open, Price, PurchaseStatus.Disputed, 0 },
        { 2_00, DisputeState.Open, 8_00, PurchaseStatus.Disputed, 2_00 },
        { 0, DisputeState.Won, Price, PurchaseStatus.DisputeWon, 0 },
        { 2_00, DisputeState.Won, 8_00, PurchaseStatus.PartlyRefunded, 2_00 },
        { 0, DisputeState.Lost, Price, PurchaseStatus.DisputeLost, Price },
        { 2_00, DisputeState.Lost, 3_00, PurchaseStatus.DisputeLost, 5_00 },
        { 9_00, DisputeState.Lost, Price, PurchaseStatus.DisputeLost, Price },
    };

    [Theory]
    [MemberData(nameof(Refunds))]
    public void The_weightiest_of_refund_and_dispute_is_the_status(long refunded, DisputeState dispute, long disputed, PurchaseStatus status, long goneBack)
    {
        var judged = Judge(Payment(refunded: refunded, dispute: dispute, disputed: disputed));
        (judged.Status, judged.GoneBack, judged.Refundable).ShouldBe((status, goneBack, dispute == DisputeState.Open ? 0 : Price - goneBack));
        judged.OwesCredits.ShouldBe(goneBack < Price && dispute != DisputeState.Open);

        // The same from wherever it was before.
        foreach (var before in Refunds)
        {
            var (wasRefunded, wasDispute, wasDisputed, _, _) = before.Data;
            var from = Judge(Payment(refunded: wasRefunded, dispute: wasDispute, disputed: wasDisputed));
            var now = Judge(from, Truth(Payment(refunded: refunded, dispute: dispute, disputed: disputed)));
            // Before any credit was added, money that came back is called credited only where it had gone.
            if (status == PurchaseStatus.Paid) now.Status.ShouldBeOneOf(PurchaseStatus.Paid, PurchaseStatus.Credited);
            else (now.Status, now.GoneBack).ShouldBe((status, goneBack), $"from {wasRefunded} {wasDispute} {wasDisputed}");
        }
    }

    [Fact]
    public void Money_that_was_returned_to_the_balance_and_refunded_too_needs_review_once()
    {
        var returned = Judge(Payment()) with { Returned = 8_00 };
        Judge(returned, Truth(Payment(refunded: 2_00))).Review.ShouldBe(ReviewReason.None);
        var gone = Judge(returned, Truth(Payment(refunded: 3_00)));
        (gone.Review, gone.GoneBack, gone.Refundable, gone.Status).ShouldBe((ReviewReason.SurplusGone, Price, 0L, PurchaseStatus.Refunded));
        Judge(gone with { Review = ReviewReason.None }, Truth(Payment(refunded: 3_00))).Review.ShouldBe(ReviewReason.None);
    }

    [Fact]
    public void A_review_that_only_a_person_can_end_is_not_ended_by_the_provider()
    {
        foreach (var reason in new[] { ReviewReason.NoBalance, ReviewReason.SurplusGone })
            Judge(Judge(Payment()) with { Review = reason }, Truth(Payment())).Review.ShouldBe(reason);
    }

    [Fact]
    public void The_same_word_twice_changes_nothing()
    {
        ImmutableArray<PaymentTruth> truths =
        [
            Truth(PaymentState.Open), Truth(PaymentState.Failed), Truth(Payment()), Truth(Payment(refunded: 3_00)), Truth(Payment("a"), Payment("b")),
            Truth(Payment(dispute: DisputeState.Open)), Truth(Wrong("currency")), Truth(Wrong("less"), Payment()),
        ];
        foreach (var truth in truths)
        {
            var once = Judge(Fresh, truth);
            Judge(once, truth).ShouldBe(once);
        }
    }

    private static TakenPayment Wrong(string what) => what switch
    {
        "order" => Payment() with { Order = "another" },
        "account" => Payment() with { IsOurAccount = false },
        "mode" => Payment() with { IsOurMode = false },
        "currency" => Payment() with { Currency = "ARS" },
        "less" => Payment(amount: Price - 1),
        "more" => Payment(amount: Price + 1),
        "fraction" => Payment() with { Amount = null },
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static Purchase Judge(params ImmutableArray<TakenPayment> payments) => Judge(Fresh, Truth(payments));

    private static Purchase Judge(Purchase purchase, PaymentTruth truth) => PaymentJudgement.Apply(purchase, truth);
}
