using Shouldly;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

/// <summary>Cards that are saved on Stripe's page, and charged without the buyer.</summary>
public sealed class StripeCardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_that_the_buyer_agreed_to_save_can_be_charged()
    {
        await using var test = await StripeUnderTest.Start();
        var first = await test.Paid(test.Purchase(savesCard: true));
        var card = (await test.Provider.CardOf(first, Stop)).Value.ShouldNotBeNull();
        (card.Brand, card.Last4).ShouldBe(("visa", "4242"));
        card.Customer.ShouldStartWith("cus_");

        var purchase = test.Purchase();
        var charged = (await test.Provider.Charge(purchase, card, Stop)).Value;

        charged.Declined.ShouldBe("");
        var truth = await test.Truth(purchase with { Checkout = charged.Payment });
        truth.State.ShouldBe(PaymentState.Paid);
        truth.Payments.ShouldHaveSingleItem().ShouldBe(
            new TakenPayment { Id = charged.Payment, Order = purchase.Purchase.Order, Amount = 2500, Currency = "USD" });

        var again = await test.Opened(test.Purchase(savesCard: true), StripeUnderTest.Buyer with { Customer = card.Customer });
        test.Fake.Sessions[^1].Customer.ShouldBe(card.Customer);
        test.Fake.Sessions[^1].Id.ShouldBe(again.Checkout);
    }

    [Fact]
    public async Task Without_the_buyers_agreement_or_money_no_card_is_kept()
    {
        await using var test = await StripeUnderTest.Start();
        (await test.Provider.CardOf(await test.Paid(), Stop)).Value.ShouldBeNull();
        (await test.Provider.CardOf(await test.Opened(test.Purchase(savesCard: true)), Stop)).Value.ShouldBeNull();
        var known = await test.Opened(buyer: StripeUnderTest.Buyer with { Customer = Card(test).Customer });
        test.Fake.Pay(known.Checkout);
        (await test.Provider.CardOf(known with { SavesCard = true }, Stop)).Value.ShouldBeNull("Stripe was not asked to save it");
    }

    [Theory]
    [InlineData("card_declined")]
    [InlineData("authentication_required")]
    [InlineData("expired_card")]
    [InlineData("insufficient_funds")]
    [InlineData("stolen_card")]
    public async Task A_decline_is_an_answer_that_names_the_payment(string code)
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, card) = (test.Purchase(), Card(test));
        test.Fake.DeclineNextOffSession(code);

        var answer = (await test.Provider.Charge(purchase, card, Stop)).Value;

        answer.ShouldBe(new ChargeAnswer(test.Fake.IntentOf(purchase.Purchase.Order), code));
        (await test.Truth(purchase with { Checkout = answer.Payment })).ShouldBe(new PaymentTruth { State = PaymentState.Failed, Failure = code });
        (await test.Provider.Charge(purchase, card, Stop)).Value.ShouldBe(answer, "the same purchase is not tried twice");
        test.Fake.ChargesTaken.ShouldBe(0);
    }

    [Fact]
    public async Task A_card_that_was_removed_is_a_decline_without_a_payment()
    {
        await using var test = await StripeUnderTest.Start();
        var card = Card(test);
        var other = Card(test);
        (await test.Provider.Charge(test.Purchase(), card with { Card = other.Card }, Stop)).Value.ShouldBe(new ChargeAnswer("", "resource_missing"));
        test.Fake.RemoveCard(card.Card);
        (await test.Provider.Charge(test.Purchase(), card, Stop)).Value.ShouldBe(new ChargeAnswer("", "resource_missing"));
    }

    [Fact]
    public async Task A_charge_that_takes_its_time_is_no_decline()
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, card) = (test.Purchase(), Card(test));
        test.Fake.DeclineNextOffSession("processing");
        var answer = (await test.Provider.Charge(purchase, card, Stop)).Value;
        answer.Declined.ShouldBe("");
        purchase = purchase with { Checkout = answer.Payment };
        (await test.Truth(purchase)).State.ShouldBe(PaymentState.Processing);
        test.Fake.Settle(answer.Payment);
        (await test.Truth(purchase)).State.ShouldBe(PaymentState.Paid);
    }

    [Fact]
    public async Task A_card_is_charged_once_for_a_purchase_however_often_the_answer_is_lost()
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, card) = (test.Purchase(), Card(test));
        test.Fake.Fail(ProviderFault.LostAnswer, times: 4);
        (await test.Provider.Charge(purchase, card, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        var charged = (await test.Provider.Charge(purchase, card, Stop)).Value;
        test.Fake.ChargesTaken.ShouldBe(1);

        // Days later Stripe has forgotten the key.
        test.Clock.Advance(TimeSpan.FromDays(2));
        (await test.Provider.Charge(purchase, card, Stop)).Value.ShouldBe(charged);
        test.Fake.ChargesTaken.ShouldBe(1);
    }

    [Fact]
    public async Task A_purchase_of_days_ago_that_was_never_charged_is_not_charged_any_more()
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, card) = (test.Purchase(), Card(test));
        await test.Provider.Charge(test.Purchase(), card, Stop);
        test.Clock.Advance(TimeSpan.FromDays(2));
        var failure = (await test.Provider.Charge(purchase, card, Stop)).Failure!;
        (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Refused, "too_late"));
        test.Fake.ChargesTaken.ShouldBe(1);
    }

    [Fact]
    public async Task A_charge_can_be_looked_for_without_making_one()
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, card) = (test.Purchase(), Card(test));
        (await test.Provider.FindCharge(purchase, card, Stop)).Value.ShouldBeNull();
        test.Fake.Fail(ProviderFault.LostAnswer, times: 3);
        await test.Provider.Charge(purchase, card, Stop);
        (await test.Provider.FindCharge(purchase, card, Stop)).Value.ShouldBe(new ChargeAnswer(test.Fake.IntentOf(purchase.Purchase.Order)));
        (await test.Provider.FindCharge(test.Purchase(), card, Stop)).Value.ShouldBeNull("that is another purchase");
        test.Fake.ChargesTaken.ShouldBe(1);
    }

    [Fact]
    public async Task A_charge_whose_answer_was_lost_is_found_by_its_notification_and_no_other_payment_is()
    {
        await using var test = await StripeUnderTest.Start();
        var (purchase, other, card) = (test.Purchase(), test.Purchase(), Card(test));
        test.Fake.Fail(ProviderFault.LostAnswer, times: 3);
        await test.Provider.Charge(purchase, card, Stop);
        var intent = test.Fake.IntentOf(purchase.Purchase.Order);

        (await test.Provider.Fetch(purchase, intent, Stop)).Value.Payments.Single().Id.ShouldBe(intent);

        (await test.Provider.Fetch(other, intent, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unknown);
        (await test.Provider.Fetch(other, "pi_none", Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unknown);
        (await test.Provider.Fetch(other, "../v1/refunds", Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unknown);
    }

    [Fact]
    public async Task A_declined_charge_can_be_closed_for_good_and_a_paid_one_is_left_alone()
    {
        await using var test = await StripeUnderTest.Start();
        var card = Card(test);
        var (declined, paid) = (test.Purchase(), test.Purchase());
        test.Fake.DeclineNextOffSession("card_declined");
        declined = declined with { Checkout = (await test.Provider.Charge(declined, card, Stop)).Value.Payment };
        paid = paid with { Checkout = (await test.Provider.Charge(paid, card, Stop)).Value.Payment };

        (await test.Provider.Close(declined, Stop)).Value.ShouldBeTrue();
        (await test.Provider.Close(paid, Stop)).Value.ShouldBeTrue();

        (await test.Truth(declined)).State.ShouldBe(PaymentState.Canceled);
        (await test.Truth(paid)).State.ShouldBe(PaymentState.Paid);
    }

    [Fact]
    public async Task While_Stripe_is_down_nothing_is_known_of_a_charge()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Fail(ProviderFault.Down);
        (await test.Provider.Charge(test.Purchase(), Card(test), Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        (await test.Provider.CardOf(test.Purchase(savesCard: true) with { Checkout = "cs_1" }, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
    }

    private static SavedCard Card(StripeUnderTest test)
    {
        var (customer, card) = test.Fake.SaveCard();
        return new SavedCard(customer, card, "visa", "4242");
    }
}
