using System.Globalization;
using System.Text;
using Shouldly;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.MercadoPago;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class MercadoPagoNotifierTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_formats_find_the_order_and_its_payment()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.Notices = MercadoPagoNotices.Webhooks | MercadoPagoNotices.Ipn | MercadoPagoNotices.MerchantOrders;
        var payment = test.Fake.Pay(row.Purchase.Order);
        var notifications = test.Fake.TakeOutgoing();
        notifications.Count.ShouldBe(3);
        foreach (var notification in notifications)
            (await Subject(test, notification.AsReceived())).ShouldBe(new NotificationSubject(row.Purchase.Order, payment), notification.PathAndQuery);
    }

    [Fact]
    public async Task A_chargeback_finds_its_order_by_its_payment()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        test.Fake.Notices = MercadoPagoNotices.Webhooks | MercadoPagoNotices.Ipn;
        var payment = test.Fake.Pay(row.Purchase.Order);
        test.Fake.TakeOutgoing();
        test.Fake.ChargeBack(payment);
        var notifications = test.Fake.TakeOutgoing();
        notifications.Count(notification => notification.PathAndQuery.Contains("chargebacks", StringComparison.Ordinal)).ShouldBe(2);
        foreach (var notification in notifications)
            (await Subject(test, notification.AsReceived())).ShouldBe(new NotificationSubject(row.Purchase.Order, payment), notification.PathAndQuery);
    }

    [Theory]
    [InlineData("?data.id={0}&type=payment", "")]
    [InlineData("?id={0}&topic=payment", "")]
    [InlineData("?type=payment", """{"data":{"id":"{0}"}}""")]
    [InlineData("", """{"type":"payment","data":{"id":{0}}}""")]
    [InlineData("", """{"topic":"payment","resource":"https://api.mercadopago.com/v1/payments/{0}"}""")]
    [InlineData("?data.id={0}&id=1&type=payment", """{"data":{"id":"2"}}""")]
    [InlineData("?data.id={0}&type=payment", "no JSON")]
    public async Task The_id_is_taken_from_where_it_stands(string query, string body)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.Pay(row.Purchase.Order);
        var notification = Received(query.Replace("{0}", payment, StringComparison.Ordinal), body.Replace("{0}", payment, StringComparison.Ordinal));
        (await Subject(test, notification)).ShouldBe(new NotificationSubject(row.Purchase.Order, payment));
    }

    [Theory]
    [InlineData("?data.id=1&type=payment", "")]
    [InlineData("?data.id=abc&type=payment", "")]
    [InlineData("?data.id=12%2F..%2Fusers%2Fme&type=payment", "")]
    [InlineData("?data.id=..&type=payment", "")]
    [InlineData("?data.id=1&data.id=2&type=payment", "")]
    [InlineData("?data.id=99999999999999999999999999&type=payment", "")]
    [InlineData("?data.id=1&type=merchant_order", "")]
    [InlineData("?data.id=1&type=topic_chargebacks_wh", "")]
    [InlineData("?data.id=1&type=subscription_preapproval", "")]
    [InlineData("?type=payment", "")]
    [InlineData("", "")]
    [InlineData("?%&&&=&id", "[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("", "[1]")]
    [InlineData("", "null")]
    public async Task What_is_about_nothing_of_ours_is_nothing(string query, string body)
    {
        await using var test = await MercadoPagoUnderTest.Start();
        (await test.Notifier.Check(Received(query, body), MercadoPagoUnderTest.Beginning, Stop)).Accepted.ShouldBeTrue();
        (await Subject(test, Received(query, body))).IsNothing.ShouldBeTrue();
    }

    [Fact]
    public async Task A_payment_that_another_program_made_is_nothing()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var payment = test.Fake.PayElsewhere("invoice-17", 10);
        (await Subject(test, test.Fake.Webhook("payment", payment, "payment.created").AsReceived())).IsNothing.ShouldBeTrue();
    }

    [Fact]
    public async Task A_payment_that_is_not_shown_yet_is_nothing_and_then_it_is_found()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var row = await test.OpenPurchase();
        var payment = test.Fake.Pay(row.Purchase.Order);
        var notification = test.Fake.TakeOutgoing().Single().AsReceived();
        test.Fake.Hide(payment);
        (await Subject(test, notification)).IsNothing.ShouldBeTrue();
        test.Fake.Hide(payment, hidden: false);
        (await Subject(test, notification)).Order.ShouldBe(row.Purchase.Order);
    }

    [Fact]
    public async Task While_the_provider_is_down_nothing_is_known()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        test.Fake.Fail(ProviderFault.ServerError);
        var answer = await test.Notifier.SubjectOf(Received("?data.id=1&type=payment", ""), Stop);
        answer.Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
    }

    [Theory]
    [InlineData(SignatureMode.Strict, true, true, true)]
    [InlineData(SignatureMode.Strict, false, false, false)]
    [InlineData(SignatureMode.FetchOnMismatch, true, true, true)]
    [InlineData(SignatureMode.FetchOnMismatch, false, true, false)]
    [InlineData(SignatureMode.Off, true, true, false)]
    [InlineData(SignatureMode.Off, false, true, false)]
    public async Task What_does_not_verify_is_refused_or_a_hint_or_taken(object mode, bool signedRightly, bool accepted, bool trusted)
    {
        await using var test = await MercadoPagoUnderTest.Start((SignatureMode)mode);
        test.Fake.SignsRightly = signedRightly;
        var verdict = await Check(test, test.Fake.Webhook("payment", "86439942801", "payment.updated"));
        verdict.Accepted.ShouldBe(accepted);
        if (accepted) verdict.Trusted.ShouldBe(trusted);
        if (accepted) verdict.Type.ShouldBe("payment");
    }

    [Theory]
    [InlineData(SignatureMode.Strict, false)]
    [InlineData(SignatureMode.FetchOnMismatch, true)]
    public async Task The_older_format_is_never_signed(object mode, bool accepted)
    {
        await using var test = await MercadoPagoUnderTest.Start((SignatureMode)mode);
        var verdict = await Check(test, FakeMercadoPago.Ipn("payment", "86439942801"));
        verdict.Accepted.ShouldBe(accepted);
        if (accepted) verdict.Trusted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_signature_without_an_id_in_the_query_covers_nothing_that_matters()
    {
        await using var test = await MercadoPagoUnderTest.Start(SignatureMode.Strict);
        var genuine = test.Fake.Webhook("payment", "86439942801", "payment.updated").AsReceived();
        var time = MercadoPagoUnderTest.Beginning.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var header = $"ts={time},v1={Encoding.ASCII.GetString(MercadoPagoSignature.Sign(FakeMercadoPago.WebhookSecret, "", "", time))}";
        var headers = new Dictionary<string, string>(genuine.Headers) { ["x-signature"] = header };
        headers.Remove("x-request-id");
        (await test.Notifier.Check(genuine with { Query = "?id=86439942801&topic=payment", Headers = headers }, MercadoPagoUnderTest.Beginning, Stop)).Accepted.ShouldBeFalse();
        (await test.Notifier.Check(genuine with { Query = "?type=payment" }, MercadoPagoUnderTest.Beginning, Stop)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_notification_of_six_minutes_ago_does_not_verify()
    {
        await using var test = await MercadoPagoUnderTest.Start(SignatureMode.Strict);
        var notification = test.Fake.Webhook("payment", "86439942801", "payment.updated").AsReceived();
        (await test.Notifier.Check(notification, MercadoPagoUnderTest.Beginning.AddMinutes(4), Stop)).Accepted.ShouldBeTrue();
        (await test.Notifier.Check(notification, MercadoPagoUnderTest.Beginning.AddMinutes(6), Stop)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task Its_id_comes_from_what_is_signed_and_a_hint_has_none()
    {
        await using var test = await MercadoPagoUnderTest.Start();
        var genuine = test.Fake.Webhook("payment", "86439942801", "payment.updated");
        var other = test.Fake.Webhook("payment", "86439942801", "payment.updated");
        var first = await Check(test, genuine);
        first.Id.ShouldNotBeEmpty();
        (await Check(test, genuine with { Body = other.Body })).Id.ShouldBe(first.Id, "the body is not signed");
        (await Check(test, other)).Id.ShouldNotBe(first.Id);
        test.Fake.SignsRightly = false;
        (await Check(test, test.Fake.Webhook("payment", "86439942801", "payment.updated"))).Id.ShouldBeEmpty();
    }

    private static Task<NotificationVerdict> Check(MercadoPagoUnderTest test, FakeNotification notification) =>
        test.Notifier.Check(notification.AsReceived(), MercadoPagoUnderTest.Beginning, Stop);

    private static async Task<NotificationSubject> Subject(MercadoPagoUnderTest test, Notification notification) =>
        (await test.Notifier.SubjectOf(notification, Stop)).Value;

    private static Notification Received(string query, string body) => new(query, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body));
}
