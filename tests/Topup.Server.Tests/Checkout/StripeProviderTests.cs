using System.Collections.Specialized;
using System.Web;
using Shouldly;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class StripeProviderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_asks_for_exactly_the_price_and_knows_the_order()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();

        purchase.Checkout.ShouldStartWith("cs_test_");
        purchase.CheckoutUrl.ShouldStartWith(test.Fake.Url.ToString());
        var sent = Sent(test);
        sent["line_items[0][price_data][unit_amount]"].ShouldBe("2500");
        sent["line_items[0][price_data][currency]"].ShouldBe("usd");
        sent["line_items[0][price_data][product_data][name]"].ShouldBe("500 SMS");
        sent["client_reference_id"].ShouldBe(purchase.Purchase.Order);
        sent["metadata[order_id]"].ShouldBe(purchase.Purchase.Order);
        sent["metadata[tenant_id]"].ShouldBe("tenant-1");
        sent["payment_intent_data[metadata][order_id]"].ShouldBe(purchase.Purchase.Order);
        sent["success_url"].ShouldBe("https://shop.example/back?t=1&session_id={CHECKOUT_SESSION_ID}");
        sent["cancel_url"].ShouldBe("https://shop.example/back?t=1");
        sent["adaptive_pricing[enabled]"].ShouldBe("false");
        sent["locale"].ShouldBe("pt-BR");
        sent["customer_email"].ShouldBe("ada@example.com");
        sent["payment_intent_data[setup_future_usage]"].ShouldBeNull();
        test.Fake.Requests[^1].Header("Idempotency-Key").ShouldBe($"order:{purchase.Purchase.Order}:session");
        test.Fake.Requests[^1].Body.ShouldContain("%7BCHECKOUT_SESSION_ID%7D");
    }

    [Theory]
    [InlineData("de-AT", "de")]
    [InlineData("es-419", "es-419")]
    [InlineData("EN", "en")]
    [InlineData("xx", null)]
    [InlineData("", null)]
    public async Task A_page_speaks_the_buyers_language_where_Stripe_does(string locale, string? sent)
    {
        await using var test = await StripeUnderTest.Start();
        await test.Opened(buyer: StripeUnderTest.Buyer with { Locale = locale, ReturnUrl = "https://shop.example/back" });
        Sent(test)["locale"].ShouldBe(sent);
        Sent(test)["success_url"].ShouldBe("https://shop.example/back?session_id={CHECKOUT_SESSION_ID}");
    }

    [Theory]
    [InlineData(1, 35)]
    [InlineData(60, 60)]
    [InlineData(48 * 60, 24 * 60 - 5)]
    public async Task A_page_closes_when_the_purchase_does_as_far_as_Stripe_allows(int minutes, int sentMinutes)
    {
        await using var test = await StripeUnderTest.Start();
        var now = test.Clock.GetUtcNow();
        await test.Opened(test.Purchase() with { ExpiresAt = Instant.From(now.AddMinutes(minutes)) });
        Sent(test)["expires_at"].ShouldBe(now.AddMinutes(sentMinutes).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_same_purchase_has_one_page_however_often_it_is_opened()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = test.Purchase() with { ExpiresAt = Instant.From(test.Clock.GetUtcNow().AddMinutes(1)) };
        test.Fake.Fail(ProviderFault.LostAnswer, times: 3);
        (await test.Provider.Open(purchase, StripeUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        test.Clock.Advance(TimeSpan.FromMinutes(10));

        var first = (await test.Provider.Open(purchase, StripeUnderTest.Buyer, Stop)).Value;
        var second = (await test.Provider.Open(purchase, StripeUnderTest.Buyer, Stop)).Value;

        second.ShouldBe(first);
        test.Fake.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_purchase_that_is_opened_differently_under_its_key_is_refused()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        var failure = (await test.Provider.Open(purchase with { Title = "600 SMS" }, StripeUnderTest.Buyer, Stop)).Failure!;
        (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Refused, "idempotency_error"));
    }

    [Fact]
    public async Task A_customer_whom_Stripe_does_not_know_keeps_nobody_from_buying()
    {
        await using var test = await StripeUnderTest.Start();
        var gone = StripeUnderTest.Buyer with { Customer = "cus_gone" };
        var purchase = await test.Opened(test.Purchase(savesCard: true), gone);

        Sent(test)["customer"].ShouldBeNull();
        Sent(test)["customer_email"].ShouldBe("ada@example.com");
        Sent(test)["customer_creation"].ShouldBe("always");
        (await test.Opened(purchase, gone)).Checkout.ShouldBe(purchase.Checkout);
        test.Fake.Sessions.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(49, "USD", "Stripe takes at least 0.50 USD.")]
    [InlineData(49, "JPY", "Stripe takes at least 50 JPY.")]
    [InlineData(12_345, "KWD", "Stripe takes KWD in steps of 0.010.")]
    [InlineData(150, "MGA", "Stripe takes MGA in steps of 1.00.")]
    [InlineData(1_000_000_000_000, "USD", "Stripe takes at most 9999999999.99 USD.")]
    [InlineData(10_000, "CLF", "Stripe cannot be paid in CLF.")]
    [InlineData(2_500, "USD", null)]
    [InlineData(5_000, "CLP", null)]
    public async Task A_price_that_Stripe_cannot_take_is_refused_before_it_is_asked(long price, string currency, string? sentence)
    {
        await using var test = await StripeUnderTest.Start();
        test.Provider.Refuses(price, currency).ShouldBe(sentence);
        if (sentence is null) return;
        (await test.Provider.Open(test.Purchase(price, currency), StripeUnderTest.Buyer, Stop)).Failure.ShouldBe(
            new ProviderFailure(ProviderFailureKind.Refused, "amount", sentence));
        test.Fake.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("USD", 2_500, "2500")]
    [InlineData("JPY", 2_500, "2500")]
    [InlineData("CLP", 990, "990")]
    [InlineData("ISK", 500, "50000")]
    [InlineData("UGX", 5_000, "500000")]
    [InlineData("KWD", 5_120, "5120")]
    [InlineData("MGA", 500_000, "5000")]
    public async Task The_money_that_comes_back_is_the_money_that_was_asked_for(string currency, long price, string wire)
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid(test.Purchase(price, currency));
        Sent(test)["line_items[0][price_data][unit_amount]"].ShouldBe(wire);
        await test.Provider.Refund(purchase, test.RefundOf(purchase, price), Stop);

        var payment = (await test.Truth(purchase)).Payments.ShouldHaveSingleItem();
        (payment.Amount, payment.Currency, payment.Refunded).ShouldBe((price, currency, price));
    }

    [Fact]
    public async Task A_purchase_that_was_never_opened_is_unknown()
    {
        await using var test = await StripeUnderTest.Start();
        (await test.Provider.Fetch(test.Purchase(), "", Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unknown);
        (await test.Provider.Fetch(test.Purchase() with { Checkout = "cs_test_none" }, "", Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unknown);
    }

    [Fact]
    public async Task A_page_is_open_until_the_buyer_has_paid()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        (await test.Truth(purchase)).ShouldBe(PaymentTruth.Open);

        test.Fake.Decline(purchase.Checkout, "card_declined");
        (await test.Truth(purchase)).ShouldBe(PaymentTruth.Open with { Failure = "card_declined" });

        var intent = test.Fake.Pay(purchase.Checkout);
        var truth = await test.Truth(purchase);
        (truth.State, truth.Failure).ShouldBe((PaymentState.Paid, ""));
        truth.Payments.ShouldHaveSingleItem().ShouldBe(new TakenPayment { Id = intent, Order = purchase.Purchase.Order, Amount = 2500, Currency = "USD" });
    }

    [Theory]
    [InlineData("processing")]
    [InlineData("requires_action")]
    public async Task Money_that_is_under_way_is_paid_when_it_comes_and_failed_when_it_does_not(string status)
    {
        await using var test = await StripeUnderTest.Start();
        var (comes, fails) = (await test.Opened(), await test.Opened());
        test.Fake.PayLater(comes.Checkout, status);
        test.Fake.PayLater(fails.Checkout, status);
        (await test.Truth(comes)).State.ShouldBe(PaymentState.Processing);
        (await test.Truth(comes)).Payments.ShouldBeEmpty();

        test.Fake.Arrive(comes.Checkout);
        test.Fake.Bounce(fails.Checkout);

        (await test.Truth(comes)).State.ShouldBe(PaymentState.Paid);
        (await test.Truth(fails)).ShouldBe(new PaymentTruth { State = PaymentState.Failed, Failure = "payment_intent_payment_attempt_failed" });
    }

    [Fact]
    public async Task A_page_that_nobody_paid_on_expires()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        test.Clock.Advance(TimeSpan.FromHours(2));
        (await test.Truth(purchase)).State.ShouldBe(PaymentState.Expired);
    }

    [Fact]
    public async Task What_was_paid_otherwise_than_agreed_is_told_as_it_is()
    {
        await using var test = await StripeUnderTest.Start();
        var less = await test.Opened();
        test.Fake.Pay(less.Checkout, amount: 2499);
        (await test.Truth(less)).Payments.Single().Amount.ShouldBe(2499);

        var other = await test.Opened();
        test.Fake.Pay(other.Checkout, currency: "eur");
        (await test.Truth(other)).Payments.Single().Currency.ShouldBe("EUR");

        var parts = await test.Opened(test.Purchase(500, "ISK"));
        test.Fake.Pay(parts.Checkout, amount: 50_050);
        (await test.Truth(parts)).Payments.Single().Amount.ShouldBeNull();

        test.Fake.IsLive = true;
        (await test.Truth(less)).Payments.Single().IsOurMode.ShouldBeFalse("we sell for test money");
    }

    [Fact]
    public async Task Refunds_add_up_to_what_was_paid_and_one_that_failed_no_longer_counts()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.PageMax = 1;
        var purchase = await test.Paid();
        foreach (var amount in (long[])[1000, 1000, 500])
            (await test.Provider.Refund(purchase, test.RefundOf(purchase, amount), Stop)).Value.Status.ShouldBe(RefundStatus.Succeeded);
        (await test.Truth(purchase)).Payments.Single().Refunded.ShouldBe(2500);

        var more = await test.Provider.Refund(purchase, test.RefundOf(purchase, 1), Stop);
        (more.Failure!.Kind, more.Failure.Code).ShouldBe((ProviderFailureKind.Refused, "charge_already_refunded"));

        test.Fake.FailRefund(test.Fake.Refunds[1].Id);
        (await test.Truth(purchase)).Payments.Single().Refunded.ShouldBe(1500);
        (await test.Truth(purchase)).State.ShouldBe(PaymentState.Paid);
    }

    [Theory]
    [InlineData("pending", RefundStatus.Pending, 1000)]
    [InlineData("requires_action", RefundStatus.Pending, 1000)]
    [InlineData("failed", RefundStatus.Failed, 0)]
    [InlineData("canceled", RefundStatus.Failed, 0)]
    internal async Task A_refund_on_its_way_counts_and_one_that_failed_does_not(string status, RefundStatus told, long counted)
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.RefundStatus = status;
        var purchase = await test.Paid();
        (await test.Provider.Refund(purchase, test.RefundOf(purchase, 1000), Stop)).Value.Status.ShouldBe(told);
        (await test.Truth(purchase)).Payments.Single().Refunded.ShouldBe(counted);
    }

    [Fact]
    public async Task A_refund_is_made_once_however_often_it_is_asked_for()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        var refund = test.RefundOf(purchase, 1000);
        test.Fake.Fail(ProviderFault.LostAnswer, times: 3, on: request => request.Method == "POST");
        (await test.Provider.Refund(purchase, refund, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        var made = (await test.Provider.Refund(purchase, refund, Stop)).Value;

        // Days later Stripe has forgotten the key.
        test.Clock.Advance(TimeSpan.FromDays(3));
        (await test.Provider.Refund(purchase, refund, Stop)).Value.ShouldBe(made);
        test.Fake.FailRefund(made.Id);
        var failed = (await test.Provider.Refund(purchase, refund with { ProviderId = made.Id }, Stop)).Value;

        failed.ShouldBe(new RefundAnswer(made.Id, RefundStatus.Failed, "lost_or_stolen_card"));
        test.Fake.Refunds.ShouldHaveSingleItem().Metadata["refund_id"].ShouldBe(refund.Id);
    }

    [Fact]
    public async Task A_refund_that_was_never_asked_for_may_be_asked_for_late()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        var refund = test.RefundOf(purchase, 1000);
        test.Clock.Advance(TimeSpan.FromDays(3));
        (await test.Provider.Refund(purchase, refund, Stop)).Value.Status.ShouldBe(RefundStatus.Succeeded);
        test.Fake.Refunds.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("needs_response", DisputeState.Open)]
    [InlineData("under_review", DisputeState.Open)]
    [InlineData("appeal_needs_response", DisputeState.Open)]
    [InlineData("a_word_of_tomorrow", DisputeState.Open)]
    [InlineData("won", DisputeState.Won)]
    [InlineData("lost", DisputeState.Lost)]
    public async Task A_dispute_is_open_until_it_is_decided(string status, DisputeState told)
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        test.Fake.Judge(test.Fake.Dispute(test.Fake.IntentOf(purchase.Purchase.Order), 2000), status);

        var payment = (await test.Truth(purchase)).Payments.Single();

        (payment.Dispute, payment.Disputed).ShouldBe((told, 2000));
        if (told == DisputeState.Won) return;
        (await test.Provider.Refund(purchase, test.RefundOf(purchase, 1), Stop)).Failure!.Code.ShouldBe("charge_disputed");
    }

    [Theory]
    [InlineData("warning_needs_response")]
    [InlineData("warning_under_review")]
    [InlineData("warning_closed")]
    public async Task A_question_of_the_bank_is_no_dispute_yet(string status)
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        test.Fake.Dispute(test.Fake.IntentOf(purchase.Purchase.Order), status: status);
        (await test.Truth(purchase)).Payments.Single().Dispute.ShouldBe(DisputeState.None);
    }

    [Theory]
    [InlineData(true, DisputeState.Won)]
    [InlineData(false, DisputeState.Lost)]
    public async Task A_dispute_that_was_prevented_went_to_whoever_has_the_money(bool moneyBack, DisputeState told)
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        test.Fake.Judge(test.Fake.Dispute(test.Fake.IntentOf(purchase.Purchase.Order)), "prevented", moneyBack);
        (await test.Truth(purchase)).Payments.Single().Dispute.ShouldBe(told);
    }

    [Fact]
    public async Task Of_several_disputes_what_is_open_counts_with_what_is_lost()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        var intent = test.Fake.IntentOf(purchase.Purchase.Order);
        test.Fake.Judge(test.Fake.Dispute(intent, 300), "won");
        test.Fake.Judge(test.Fake.Dispute(intent, 500), "lost");
        var last = test.Fake.Dispute(intent, 700);
        (await Disputed(test)).ShouldBe((DisputeState.Open, 1200));
        test.Fake.Judge(last, "lost");
        (await Disputed(test)).ShouldBe((DisputeState.Lost, 1200));
        test.Fake.Dispute(intent, 9_999);
        (await Disputed(test)).ShouldBe((DisputeState.Open, 2500), "more than was paid cannot go back");

        async Task<(DisputeState, long)> Disputed(StripeUnderTest under)
        {
            var payment = (await under.Truth(purchase)).Payments.Single();
            return (payment.Dispute, payment.Disputed);
        }
    }

    [Fact]
    public async Task Nobody_can_pay_on_a_page_that_was_closed()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        (await test.Provider.Close(purchase, Stop)).Value.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => test.Fake.Pay(purchase.Checkout));
        (await test.Truth(purchase)).State.ShouldBe(PaymentState.Expired);
        (await test.Provider.Close(purchase, Stop)).Value.ShouldBeTrue("again");
        (await test.Provider.Close(test.Purchase(), Stop)).Value.ShouldBeTrue("nothing was opened");
    }

    [Fact]
    public async Task Closing_a_page_that_was_paid_or_has_expired_is_fine_and_changes_nothing()
    {
        await using var test = await StripeUnderTest.Start();
        var (paid, expired) = (await test.Paid(), await test.Opened());
        test.Clock.Advance(TimeSpan.FromHours(2));
        (await test.Provider.Close(paid, Stop)).Value.ShouldBeTrue();
        (await test.Provider.Close(expired, Stop)).Value.ShouldBeTrue();
        (await test.Truth(paid)).State.ShouldBe(PaymentState.Paid);
    }

    [Fact]
    public async Task A_page_that_Stripe_could_not_be_asked_to_close_may_still_be_open()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        test.Fake.Fail(ProviderFault.Down);
        (await test.Provider.Close(purchase, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);

        test.Fake.Heal();
        test.Fake.Say(FakeStripe.Failed(400, "invalid_request_error", null, "Not now."));
        (await test.Provider.Close(purchase, Stop)).Failure!.Code.ShouldBe("session_open");
    }

    [Fact]
    public async Task The_list_has_every_payment_of_a_span_that_took_money_page_by_page()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.PageMax = 2;
        var before = await test.Paid();
        test.Clock.Advance(TimeSpan.FromHours(1));
        var from = test.Clock.GetUtcNow();
        var orders = new List<string>();
        for (var purchase = 0; purchase < 5; purchase++) orders.Add((await test.Paid()).Purchase.Order);
        test.Fake.Refund(test.Fake.IntentOf(orders[0]), 700);
        var declined = await test.Opened();
        test.Fake.Decline(declined.Checkout);
        var until = from.AddHours(1);
        test.Clock.Set(until);
        var after = await test.Paid();

        var listed = (await test.Provider.List(from, until, Stop)).Value;

        listed.Select(payment => payment.Order).Order().ShouldBe(orders.Order());
        orders.ShouldNotContain(before.Purchase.Order);
        orders.ShouldNotContain(after.Purchase.Order);
        listed.Single(payment => payment.Order == orders[0]).ShouldBe(new ListedPayment(test.Fake.IntentOf(orders[0]), orders[0], 2500, "USD", 700, from));
    }

    [Fact]
    public async Task A_list_that_broke_off_is_no_list()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.PageMax = 1;
        await test.Paid();
        await test.Paid();
        test.Fake.Fail(ProviderFault.ServerError, on: request => request.Query.Contains("starting_after", StringComparison.Ordinal));
        var now = test.Clock.GetUtcNow();
        (await test.Provider.List(now.AddDays(-1), now.AddDays(1), Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
    }

    [Fact]
    public async Task What_is_half_known_is_not_known()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Paid();
        foreach (var path in (string[])["/v1/checkout/sessions", "/v1/refunds", "/v1/disputes"])
        {
            test.Fake.Fail(ProviderFault.Garbage, on: request => request.Path.StartsWith(path, StringComparison.Ordinal));
            var failure = (await test.Provider.Fetch(purchase, "", Stop)).Failure!;
            (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Unavailable, "garbage"), path);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"id":"cs_1","status":"complete","payment_status":"paid","currency":"usd"}""")]
    [InlineData("""{"id":"cs_1","status":null,"currency":"usd","livemode":false}""")]
    [InlineData("""{"id":"cs_1","status":"complete","currency":"usd","livemode":false,"payment_intent":{"id":"pi_1","status":"succeeded","currency":"usd","livemode":false,"created":1,"amount_received":25.5}}""")]
    public async Task An_answer_without_what_it_must_have_is_garbage(string body)
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Say(new FakeAnswer(200, body), new FakeAnswer(200, body), new FakeAnswer(200, body));
        (await test.Provider.Fetch(test.Purchase() with { Checkout = "cs_1" }, "", Stop)).Failure!.Code.ShouldBe("garbage");
    }

    [Fact]
    public async Task A_page_that_was_done_without_money_needs_a_look()
    {
        await using var test = await StripeUnderTest.Start();
        var body = """{"id":"cs_1","status":"complete","payment_status":"no_payment_required","currency":"usd","livemode":false,"amount_total":0,"payment_intent":null}""";
        test.Fake.Say(new FakeAnswer(200, body));
        var truth = (await test.Provider.Fetch(test.Purchase() with { Checkout = "cs_1" }, "", Stop)).Value;
        truth.State.ShouldBe(PaymentState.Paid);
        truth.Payments.ShouldHaveSingleItem().Amount.ShouldBe(0);
    }

    /// <summary>The parameters of the last change.</summary>
    private static NameValueCollection Sent(StripeUnderTest test) =>
        HttpUtility.ParseQueryString(test.Fake.Requests.Last(request => request.Path == "/v1/checkout/sessions").Body);
}
