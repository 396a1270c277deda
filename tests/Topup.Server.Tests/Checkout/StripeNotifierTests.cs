using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Topup.Server.Checkout.Providers;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class StripeNotifierTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_genuine_notification_is_accepted_under_its_own_id()
    {
        await using var test = await StripeUnderTest.Start();
        await test.Paid();
        var notification = test.Fake.TakeOutgoing()[^1];

        var verdict = await test.Notifier.Check(notification.AsReceived(), test.Clock.GetUtcNow(), Stop);

        verdict.Accepted.ShouldBeTrue();
        verdict.Trusted.ShouldBeTrue();
        verdict.Type.ShouldBe("checkout.session.completed");
        verdict.Id.ShouldBe(JsonNode.Parse(notification.Body)!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Forged_stale_altered_and_unsigned_ones_are_refused()
    {
        await using var test = await StripeUnderTest.Start();
        await test.Paid();
        var genuine = test.Fake.TakeOutgoing()[^1];
        var now = test.Clock.GetUtcNow();

        (await Accepts(test, genuine, now.AddSeconds(301))).ShouldBeFalse("too old");
        (await Accepts(test, genuine, now.AddSeconds(-301))).ShouldBeFalse("of the future");
        (await Accepts(test, FakeStripe.Notification(genuine.Body, FakeStripe.Sign(genuine.Body, "whsec_guess", now)), now)).ShouldBeFalse("another secret");
        (await Accepts(test, FakeStripe.Notification([.. genuine.Body, (byte)' '], genuine.Headers["stripe-signature"]), now)).ShouldBeFalse("another body");
        (await Accepts(test, genuine with { Headers = new Dictionary<string, string>() }, now)).ShouldBeFalse("no signature");
        (await Accepts(test, test.Fake.Signed("[]"u8.ToArray()), now)).ShouldBeFalse("no event");
        (await Accepts(test, test.Fake.Signed("""{"id":"evt_1"""u8.ToArray()), now)).ShouldBeFalse("no JSON");
        (await Accepts(test, genuine, now)).ShouldBeTrue();
        test.Options = test.Options with { WebhookSecrets = [] };
        (await Accepts(test, genuine, now)).ShouldBeFalse("no secret to check by");
    }

    [Fact]
    public async Task A_thin_event_of_the_other_API_is_refused()
    {
        await using var test = await StripeUnderTest.Start();
        var thin = test.Fake.Signed("""{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.error_report_triggered","livemode":false}"""u8.ToArray());
        (await Accepts(test, thin, test.Clock.GetUtcNow())).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"id":"evt_1","object":"event","type":"invoice.paid","livemode":false,"data":{"object":{"object":"invoice","metadata":{"order_id":"x"},"payment_intent":"pi_1"}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"one.of.tomorrow","livemode":false,"data":[1,{"object":7}],"more":{"id":null}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"charge.refunded","livemode":false}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"charge.refunded","livemode":false,"data":{"object":"ch_1"}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"charge.dispute.created","livemode":false,"data":{"object":{"object":"dispute","payment_intent":null}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"payment_intent.succeeded","livemode":true,"data":{"object":{"object":"payment_intent","id":"pi_1","metadata":{"order_id":"x"}}}}""")]
    public async Task What_is_not_about_us_is_accepted_and_left_alone(string body)
    {
        await using var test = await StripeUnderTest.Start();
        var notification = test.Fake.Signed(Encoding.UTF8.GetBytes(body));

        (await Accepts(test, notification, test.Clock.GetUtcNow())).ShouldBeTrue();

        (await test.Notifier.SubjectOf(notification.AsReceived(), Stop)).Value.IsNothing.ShouldBeTrue();
        test.Fake.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_notification_of_a_purchase_leads_to_its_order()
    {
        await using var test = await StripeUnderTest.Start();
        var purchase = await test.Opened();
        var order = purchase.Purchase.Order;
        test.Fake.Decline(purchase.Checkout);
        var intent = test.Fake.Pay(purchase.Checkout);
        test.Fake.Refund(intent, 100);
        test.Fake.FailRefund(test.Fake.Refund(intent, 200));
        test.Fake.Judge(test.Fake.Dispute(intent), "won");
        var later = await test.Opened();
        test.Fake.PayLater(later.Checkout);
        test.Fake.Bounce(later.Checkout);
        var never = await test.Opened();
        test.Fake.Expire(never.Checkout);

        var subjects = new Dictionary<string, HashSet<string>>();
        foreach (var notification in test.Fake.TakeOutgoing())
        {
            var type = FakeStripe.TypeOf(notification);
            if (type == "charge.succeeded") continue;
            var subject = (await test.Notifier.SubjectOf(notification.AsReceived(), Stop)).Value;
            subjects[type] = [.. subjects.GetValueOrDefault(type, []), subject.Order];
        }

        subjects.Keys.Order().ShouldBe(
        [
            "charge.dispute.closed", "charge.dispute.created", "charge.dispute.funds_reinstated", "charge.dispute.funds_withdrawn", "charge.refunded",
            "checkout.session.async_payment_failed", "checkout.session.completed", "checkout.session.expired", "payment_intent.payment_failed",
            "payment_intent.processing", "payment_intent.succeeded", "refund.created", "refund.failed", "refund.updated",
        ]);
        string[] ours = [order, later.Purchase.Order, never.Purchase.Order];
        subjects.Values.SelectMany(orders => orders).ShouldAllBe(found => ours.Contains(found));
        subjects["charge.dispute.created"].ShouldBe([order]);
        subjects["refund.failed"].ShouldBe([order]);
        subjects["checkout.session.expired"].ShouldBe([never.Purchase.Order]);
    }

    [Fact]
    public async Task A_dispute_of_a_payment_of_another_program_is_none_of_ours()
    {
        await using var test = await StripeUnderTest.Start();
        var body = """{"id":"evt_1","object":"event","type":"charge.dispute.created","livemode":false,"data":{"object":{"object":"dispute","payment_intent":"pi_other"}}}""";
        var subject = await test.Notifier.SubjectOf(test.Fake.Signed(Encoding.UTF8.GetBytes(body)).AsReceived(), Stop);
        subject.Value.IsNothing.ShouldBeTrue();
    }

    [Fact]
    public async Task While_Stripe_cannot_be_asked_the_subject_is_not_known_yet()
    {
        await using var test = await StripeUnderTest.Start();
        test.Fake.Dispute(test.Fake.IntentOf((await test.Paid()).Purchase.Order));
        var dispute = test.Fake.TakeOutgoing().Find(notification => FakeStripe.TypeOf(notification) == "charge.dispute.created")!;
        test.Fake.Fail(ProviderFault.Down);
        (await test.Notifier.SubjectOf(dispute.AsReceived(), Stop)).Failure!.Kind.ShouldBe(ProviderFailureKind.Unavailable);
    }

    private static async Task<bool> Accepts(StripeUnderTest test, FakeNotification notification, DateTimeOffset now) =>
        (await test.Notifier.Check(notification.AsReceived(), now, Stop)).Accepted;
}
