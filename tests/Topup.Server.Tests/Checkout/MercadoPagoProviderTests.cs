using Shouldly;
using Topup.Domain.Checkout;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class MercadoPagoProviderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_asks_for_exactly_what_was_ordered()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = test.NewPurchase(2_990);
        var page = (await test.Provider.Open(row, MercadoPagoUnderTest.Buyer, Stop)).Value;
        page.Url.ShouldStartWith("https://www.mercadopago.com.br/");
        page.Url.ShouldEndWith(page.Id);
        test.Fake.Requests.Single().Body.ShouldBe(
            """
            {"items":[{"id":"sms-500","title":"500 SMS","quantity":1,"unit_price":29.90,"currency_id":"BRL"}],
            "external_reference":"{order}","metadata":{"order_id":"{order}"},"expires":true,"expiration_date_to":"2026-03-10T14:00:00.000\u002B00:00",
            "payer":{"name":"Ana","email":"ana@example.com"},
            "back_urls":{"success":"https://topup.example.com/return/abc","pending":"https://topup.example.com/return/abc","failure":"https://topup.example.com/return/abc"},
            "auto_return":"approved","notification_url":"https://topup.example.com/webhooks/mercadopago?source_news=webhooks"}
            """.ReplaceLineEndings("").Replace("{order}", row.Purchase.Order, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_access_token_of_the_older_tests_leads_to_the_page_for_tests()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.AccessToken = "TEST-1234";
        test.Options = test.Fake.Options();
        (await test.OpenPurchase()).CheckoutUrl.ShouldStartWith("https://sandbox.mercadopago.com.br/");
    }

    [Theory]
    [InlineData("http://topup.example.com/return")]
    [InlineData("https://127.0.0.1/return")]
    [InlineData("https://[::1]/return")]
    [InlineData("https://localhost:5001/return")]
    [InlineData("https://topup/return")]
    [InlineData("https://topup.localhost/return")]
    [InlineData("/return")]
    [InlineData("")]
    public async Task An_address_that_Mercado_Pago_would_refuse_is_left_out(string address)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = test.NewPurchase();
        var buyer = new Buyer("", "", "", "", address, address);
        (await test.Provider.Open(row, buyer, Stop)).Failure.ShouldBeNull();
        var page = test.Fake.Page(row.Purchase.Order);
        foreach (var name in new[] { "back_urls", "auto_return", "notification_url", "payer" }) page.ContainsKey(name).ShouldBeFalse(name);
    }

    [Theory]
    [InlineData(248, true)]
    [InlineData(249, false)]
    public async Task An_address_for_notifications_that_is_too_long_is_left_out(int length, bool named)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = test.NewPurchase();
        var address = "https://topup.example.com/".PadRight(length - "?source_news=webhooks".Length, 'a');
        (await test.Provider.Open(row, MercadoPagoUnderTest.Buyer with { NotifyUrl = address }, Stop)).Failure.ShouldBeNull();
        test.Fake.Page(row.Purchase.Order).ContainsKey("notification_url").ShouldBe(named);
    }

    [Theory]
    [InlineData(199_000, "COP", "1990")]
    [InlineData(1_990, "CLP", "1990")]
    [InlineData(1_990, "PYG", "1990")]
    [InlineData(1_990, "MXN", "19.90")]
    public async Task A_price_is_in_major_units_and_whole_where_only_whole_ones_are_taken(long price, string currency, string written)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase(price, currency);
        test.Fake.Page(row.Purchase.Order)["items"]![0]!["unit_price"]!.ToJsonString().ShouldBe(written);
        test.Fake.Pay(row.Purchase.Order);
        (await test.Fetch(row)).Payments.Single().Amount.ShouldBe(price);
    }

    [Theory]
    [InlineData(199_050, "COP", "whole COP")]
    [InlineData(1_000, "EUR", "not EUR")]
    [InlineData(0, "BRL", "above zero")]
    [InlineData(-1, "BRL", "above zero")]
    public async Task A_price_that_it_cannot_take_is_refused_in_words(long price, string currency, string words)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Provider.Refuses(price, currency)!.ShouldContain(words);
        (await test.Provider.Open(test.NewPurchase(price, currency), MercadoPagoUnderTest.Buyer, Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Refused);
        test.Fake.Requests.ShouldBeEmpty();
        test.Provider.Refuses(100, "BRL").ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_answer_may_leave_two_pages_and_both_pay_the_same_order()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail(ProviderFault.LostAnswer, times: 1);
        var row = await test.OpenPurchase();
        test.Fake.Pages.ShouldBe(2);
        var payment = test.Fake.Pay(row.Purchase.Order);
        (await test.Fetch(row)).Payments.Single().Id.ShouldBe(payment);
    }

    [Fact]
    public async Task A_page_that_nobody_paid_is_open_and_later_expired()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Open);
        test.Clock.Set(row.ExpiresAt.ToDateTimeOffset().AddMinutes(9));
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Open, "a payment of the last minute may still show");
        test.Clock.Set(row.ExpiresAt.ToDateTimeOffset().AddMinutes(11));
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Expired);
    }

    [Fact]
    public async Task A_payment_counts_with_its_price_and_not_with_what_the_bank_adds()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.Pay(row.Purchase.Order);
        var truth = await test.Fetch(row);
        truth.State.ShouldBe(PaymentState.Paid);
        truth.Payments.Single().ShouldBe(new TakenPayment { Id = payment, Order = row.Purchase.Order, Amount = 2_990, Currency = "BRL" });
    }

    [Fact]
    public async Task Two_payments_of_one_order_are_both_told_the_oldest_first()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var (first, second) = test.Fake.PayTwice(row.Purchase.Order);
        (await test.Fetch(row)).Payments.Select(payment => payment.Id).ShouldBe([first, second]);
    }

    [Fact]
    public async Task A_slip_is_under_way_until_it_is_paid()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.PayLater(row.Purchase.Order);
        test.Clock.Advance(TimeSpan.FromDays(2));
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Processing);
        test.Fake.Approve(payment);
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Paid);
    }

    [Fact]
    public async Task A_slip_that_nobody_paid_is_over()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.PayLater(row.Purchase.Order, "pending_waiting_transfer");
        test.Clock.Advance(TimeSpan.FromDays(30));
        test.Fake.RunOut(payment);
        var truth = await test.Fetch(row);
        truth.State.ShouldBe(PaymentState.Expired);
        truth.Failure.ShouldBe("expired");
    }

    [Fact]
    public async Task A_payment_under_review_is_under_way_and_one_that_asks_the_buyer_is_open()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (reviewed, challenged) = (await test.OpenPurchase(), await test.OpenPurchase());
        var payment = test.Fake.PayUnderReview(reviewed.Purchase.Order);
        test.Fake.PayLater(challenged.Purchase.Order, "pending_challenge");
        (await test.Fetch(reviewed)).State.ShouldBe(PaymentState.Processing);
        (await test.Fetch(challenged)).State.ShouldBe(PaymentState.Open);
        test.Fake.Reject(payment);
        var truth = await test.Fetch(reviewed);
        truth.State.ShouldBe(PaymentState.Open);
        truth.Failure.ShouldBe("cc_rejected_high_risk");
    }

    [Fact]
    public async Task A_declined_attempt_is_not_the_end()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.Decline(row.Purchase.Order, "cc_rejected_bad_filled_date");
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        test.Fake.Decline(row.Purchase.Order);
        var truth = await test.Fetch(row);
        (truth.State, truth.Failure).ShouldBe((PaymentState.Open, "cc_rejected_insufficient_amount"));
        test.Fake.Pay(row.Purchase.Order);
        truth = await test.Fetch(row);
        (truth.State, truth.Failure, truth.Payments.Length).ShouldBe((PaymentState.Paid, "", 1));
    }

    [Fact]
    public async Task A_payment_that_the_search_does_not_show_yet_is_found_by_its_number()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.SearchIsBehind = true;
        var payment = test.Fake.Pay(row.Purchase.Order);
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Open);
        (await test.Fetch(row, payment)).State.ShouldBe(PaymentState.Paid);
        (await test.Fetch(row with { Purchase = row.Purchase with { Payments = payment } })).State.ShouldBe(PaymentState.Paid, "it was known before");
        test.Fake.CatchUpSearch();
        (await test.Fetch(row)).State.ShouldBe(PaymentState.Paid);
    }

    [Fact]
    public async Task What_the_search_says_late_is_not_believed()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.Pay(row.Purchase.Order);
        test.Fake.SearchIsBehind = true;
        test.Fake.RefundAtPanel(payment);
        (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(2_990);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("x")]
    [InlineData("12/../../users/me")]
    [InlineData("99999999999999999999999")]
    public async Task A_hint_of_nothing_changes_nothing(string hint)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        (await test.Fetch(await test.OpenPurchase(), hint)).State.ShouldBe(PaymentState.Open);
    }

    [Fact]
    public async Task A_hint_of_another_orders_payment_does_not_count()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (mine, other) = (await test.OpenPurchase(), await test.OpenPurchase());
        var payment = test.Fake.Pay(other.Purchase.Order);
        (await test.Fetch(mine, payment)).ShouldBe(PaymentTruth.Open);
    }

    [Fact]
    public async Task What_was_paid_otherwise_than_agreed_is_told_as_it_is()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.Pay(row.Purchase.Order, amount: 0.01m);
        test.Fake.Pay(row.Purchase.Order, currency: "ARS");
        test.Fake.Pay(row.Purchase.Order, account: 987);
        test.Fake.Pay(row.Purchase.Order, amount: 29.905m);
        test.Fake.Pay(row.Purchase.Order, currency: "XXX");
        var payments = (await test.Fetch(row)).Payments;
        payments.Select(payment => (payment.Amount, payment.Currency, payment.IsOurAccount)).ShouldBe(
            [(1L, "BRL", true), (2_990L, "ARS", true), (2_990L, "BRL", false), (null, "BRL", true), (null, "XXX", true)]);
    }

    [Fact]
    public async Task Our_own_account_is_asked_for_once()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.Fail(ProviderFault.ServerError, on: request => request.Path == "/users/me");
        (await test.Provider.Fetch(row, "", Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable, "a failure is not remembered");
        test.Fake.Heal();
        var before = test.Fake.Requests.Count;
        await test.Fetch(row);
        await test.Fetch(row);
        test.Fake.Requests.Skip(before).Count(request => request.Path == "/users/me").ShouldBe(1);
    }

    [Fact]
    public async Task More_payments_than_one_page_of_the_search_are_all_found()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        for (var attempt = 0; attempt < 50; attempt++) test.Fake.Decline(row.Purchase.Order);
        test.Clock.Advance(TimeSpan.FromMinutes(-5));
        var oldest = test.Fake.Pay(row.Purchase.Order);
        (await test.Fetch(row)).Payments.Single().Id.ShouldBe(oldest);
    }

    [Fact]
    public async Task A_whole_refund_names_no_amount_and_is_made_once_for_its_id()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        var refund = MercadoPagoUnderTest.NewRefund(row, payment, 2_990);
        test.Fake.Fail(ProviderFault.LostAnswer, times: 1, on: request => request.Method == "POST");
        var first = (await test.Provider.Refund(row, refund, Stop)).Value;
        first.Status.ShouldBe(RefundStatus.Succeeded);
        (await test.NewProvider().Refund(row, refund, Stop)).Value.ShouldBe(first, "as after a restart");
        test.Fake.RefundsMade(row.Purchase.Order).ShouldBe(1);
        test.Fake.Requests.Last(request => request.Method == "POST").Body.ShouldBe("{}");
        (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(2_990);
    }

    [Fact]
    public async Task Refunds_in_part_add_up_to_the_whole()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        foreach (var (amount, sum) in new (long, long)[] { (990, 990), (1_000, 1_990), (1_000, 2_990) })
        {
            (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, amount), Stop)).Value.Status.ShouldBe(RefundStatus.Succeeded);
            (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(sum);
        }
        test.Fake.Requests.First(request => request.Path.EndsWith("/refunds", StringComparison.Ordinal)).Body.ShouldBe("""{"amount":9.90}""");
        (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 1), Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Refused);
        test.Fake.Refunded(row.Purchase.Order).ShouldBe(29.90m);
    }

    [Fact]
    public async Task A_refund_in_process_counts_until_it_fails()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        test.Fake.RefundStatus = "in_process";
        (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 1_000), Stop)).Value.Status.ShouldBe(RefundStatus.Pending);
        (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(1_000);
        test.Fake.FinishRefunds(payment, succeed: false);
        (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_that_is_rejected_has_failed()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        test.Fake.RefundStatus = "rejected";
        (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 2_990), Stop)).Value.Status.ShouldBe(RefundStatus.Failed);
        (await test.Fetch(row)).Payments.Single().Refunded.ShouldBe(0);
    }

    [Theory]
    [InlineData(2063, "state")]
    [InlineData(2024, "too old")]
    [InlineData(15016, "too old")]
    [InlineData(3024, "as a whole")]
    [InlineData(4040, "more than")]
    [InlineData(4041, "more than")]
    [InlineData(2000, "no payment")]
    public async Task A_refund_that_will_not_be_is_refused_in_words(int code, string words)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        test.Fake.RefundError = code;
        var failure = (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 100), Stop)).Failure!;
        (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Refused, code.ToString(null as IFormatProvider)));
        failure.Message.ShouldContain(words);
    }

    [Fact]
    public async Task An_account_that_may_not_refund_says_so()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        test.Fake.RefundsAreAllowed = false;
        var failure = (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 100), Stop)).Failure!;
        (failure.Kind, failure.Code).ShouldBe((ProviderFailureKind.Refused, "unauthorized"));
    }

    [Fact]
    public async Task A_payment_of_another_order_is_not_refunded()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, _) = await Paid(test);
        var (other, payment) = await Paid(test);
        (await test.Provider.Refund(row, MercadoPagoUnderTest.NewRefund(row, payment, 2_990), Stop)).Failure!.Code.ShouldBe("wrong_order");
        test.Fake.RefundsMade(other.Purchase.Order).ShouldBe(0);
    }

    [Fact]
    public async Task A_mediation_is_an_open_dispute_and_a_chargeback_is_won_or_lost()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var (row, payment) = await Paid(test);
        await Disputed(DisputeState.None, 0, () => { });
        await Disputed(DisputeState.Open, 2_990, () => test.Fake.Mediate(payment));
        await Disputed(DisputeState.Open, 2_990, () => test.Fake.ChargeBack(payment));
        await Disputed(DisputeState.Lost, 2_990, () => test.Fake.LoseChargeback(payment));
        await Disputed(DisputeState.Won, 2_990, () => test.Fake.WinChargeback(payment));

        async Task Disputed(DisputeState state, long disputed, Action happens)
        {
            happens();
            var truth = await test.Fetch(row);
            truth.State.ShouldBe(PaymentState.Paid);
            (truth.Payments.Single().Dispute, truth.Payments.Single().Disputed).ShouldBe((state, disputed));
        }
    }

    [Fact]
    public async Task On_a_page_that_was_closed_nobody_can_pay()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.CanPay(row.Purchase.Order).ShouldBeTrue();
        (await test.Provider.Close(row, Stop)).Value.ShouldBeTrue();
        test.Fake.CanPay(row.Purchase.Order).ShouldBeFalse();
        (await test.Provider.Close(row, Stop)).Value.ShouldBeTrue("closed already");
        (await test.Provider.Close(row with { Checkout = "unknown" }, Stop)).Value.ShouldBeTrue("there is none");
        (await test.Provider.Close(row with { Checkout = "" }, Stop)).Value.ShouldBeTrue("never opened");
    }

    [Fact]
    public async Task The_list_has_everything_that_took_money_from_anybody_on_all_its_pages()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var early = await test.OpenPurchase();
        test.Fake.Pay(early.Purchase.Order);
        var slip = await test.OpenPurchase();
        var paidLate = test.Fake.PayLater(slip.Purchase.Order);
        test.Clock.Advance(TimeSpan.FromDays(2));
        var from = test.Clock.GetUtcNow();
        test.Fake.Approve(paidLate);
        var expected = new List<string> { paidLate };
        for (var number = 0; number < 60; number++)
        {
            var row = await test.OpenPurchase();
            expected.Add(test.Fake.Pay(row.Purchase.Order));
        }
        test.Fake.RefundAtPanel(expected[^1], 10m);
        test.Fake.Decline((await test.OpenPurchase()).Purchase.Order);
        expected.Add(test.Fake.PayElsewhere("invoice-17", 5));
        test.Fake.PayElsewhere("what we bought", 5, account: 987);
        var listed = (await test.Provider.List(from, from.AddDays(1), Stop)).Value;
        listed.Select(payment => payment.Id).Order().ShouldBe(expected.Order());
        listed.Single(payment => payment.Id == paidLate).ShouldBe(new ListedPayment(paidLate, slip.Purchase.Order, 2_990, "BRL", 0, from));
        listed.Single(payment => payment.Id == expected[^2]).Refunded.ShouldBe(1_000);
        (await test.Provider.List(from.AddDays(1), from.AddDays(2), Stop)).Value.ShouldBeEmpty();
    }

    private static async Task<(PurchaseRow Row, string Payment)> Paid(MercadoPagoUnderTest test)
    {
        var row = await test.OpenPurchase();
        return (row, test.Fake.Pay(row.Purchase.Order));
    }
}
