using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Checkout.Notifications;
using Topup.Server.Storage;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class NotificationsOnSqlite(SqlitePayments payments) : NotificationTests(payments), IClassFixture<SqlitePayments>;

public sealed class NotificationsOnPostgres(PostgresPayments payments) : NotificationTests(payments), IClassFixture<PostgresPayments>;

/// <summary>The providers' way in, <c>/webhooks/{method}</c>, up to the credits: what is not genuine changes nothing.</summary>
public abstract class NotificationTests(PaymentsFixture fixture) : PaymentTests(fixture)
{
    private const int BodyBytesMax = 256 * 1024;

    [Fact]
    public async Task A_notification_of_stripe_of_which_any_byte_was_altered_is_refused_and_credits_nothing()
    {
        var (order, paid) = await PaidOrder(Stripe);
        var (body, signature) = (paid.Body, paid.Headers["stripe-signature"]);
        await AllRefused(Stripe, Enumerable.Range(0, body.Length).Select(i => FakeStripe.Notification(Altered(body, i), signature)));
        await AllRefused(Stripe, Enumerable.Range(0, signature.Length).Select(i => FakeStripe.Notification(body, Altered(signature, i))));
        (await Left(order)).ShouldBe(0);
        await Deliver(Stripe, paid);
        (await Left(order)).ShouldBe(Credits);
    }

    [Fact]
    public async Task A_notification_of_mercado_pago_of_which_any_signed_byte_was_altered_is_refused_and_credits_nothing()
    {
        var (order, paid) = await PaidOrder(MercadoPago);
        foreach (var header in (string[])["x-signature", "x-request-id"])
        {
            await AllRefused(MercadoPago, Enumerable.Range(0, paid.Headers[header].Length).Select(i =>
                paid with { Headers = new Dictionary<string, string>(paid.Headers) { [header] = Altered(paid.Headers[header], i) } }));
        }
        var id = paid.PathAndQuery.IndexOf("data.id=", StringComparison.Ordinal) + "data.id=".Length;
        await AllRefused(MercadoPago, Enumerable.Range(id, paid.PathAndQuery.IndexOf('&', id) - id).Select(i =>
            paid with { PathAndQuery = Altered(paid.PathAndQuery, i) }));
        (await Left(order)).ShouldBe(0);
        await Deliver(MercadoPago, paid);
        (await Left(order)).ShouldBe(Credits);
    }

    [Fact]
    public async Task A_notification_that_is_forged_stale_of_the_future_or_under_a_foreign_secret_is_refused_and_credits_nothing()
    {
        var (byStripe, ofStripe) = await PaidOrder(Stripe);
        var now = Host.Clock.GetUtcNow();
        string[] signatures =
        [
            "", "t=1,v1=", "v1=" + ofStripe.Headers["stripe-signature"].Split("v1=")[1], "t=" + now.ToUnixTimeSeconds(),
            FakeStripe.Sign(ofStripe.Body, "whsec_of_somebody_else", now), FakeStripe.Sign(ofStripe.Body, "", now),
            FakeStripe.Sign(ofStripe.Body, Stripe.Stripe.WebhookSecret, now.AddSeconds(-301)),
            FakeStripe.Sign(ofStripe.Body, Stripe.Stripe.WebhookSecret, now.AddSeconds(301)),
            FakeStripe.Sign(Encoding.UTF8.GetBytes("{}"), Stripe.Stripe.WebhookSecret, now),
            ofStripe.Headers["stripe-signature"].Replace("v1=", "v0=", StringComparison.Ordinal),
        ];
        await AllRefused(Stripe, signatures.Select(signature => FakeStripe.Notification(ofStripe.Body, signature)));
        await AllRefused(Stripe, [ofStripe with { Headers = new Dictionary<string, string> { ["content-type"] = "application/json" } }]);

        var (byMercadoPago, ofMercadoPago) = await PaidOrder(MercadoPago);
        var (id, request, time) = ((string)JsonNode.Parse(ofMercadoPago.Body)!["data"]!["id"]!, ofMercadoPago.Headers["x-request-id"], now.ToUnixTimeSeconds());
        string[] others =
        [
            "", "ts=1,v1=0", FakeMercadoPago.Sign("secret of somebody else", id, request, time), FakeMercadoPago.Sign("", id, request, time),
            FakeMercadoPago.Sign(FakeMercadoPago.WebhookSecret, id, request, time - 301),
            FakeMercadoPago.Sign(FakeMercadoPago.WebhookSecret, id, request, time + 301),
            FakeMercadoPago.Sign(FakeMercadoPago.WebhookSecret, "1", request, time),
        ];
        await AllRefused(MercadoPago, others.Select(signature =>
            ofMercadoPago with { Headers = new Dictionary<string, string>(ofMercadoPago.Headers) { ["x-signature"] = signature } }));
        await AllRefused(MercadoPago, [FakeMercadoPago.Ipn("payment", id), ofMercadoPago with { Headers = new Dictionary<string, string>() }]);

        (await Left(byStripe), await Left(byMercadoPago)).ShouldBe((0, 0));
    }

    /// <summary>Only the id in the address is signed; whatever the body claims, nothing of it is believed.</summary>
    [Fact]
    public async Task What_an_altered_body_of_mercado_pago_claims_is_not_believed()
    {
        var (order, _) = await PaidOrder(MercadoPago);
        var unpaid = await NewOrder(MercadoPago);
        var declined = MercadoPago.NewsOf(() => MercadoPago.Decline(unpaid.Number)).Single();
        var claim = new JsonObject
        {
            ["action"] = "payment.created", ["type"] = "payment", ["data"] = new JsonObject { ["id"] = "1", ["status"] = "approved" },
            ["external_reference"] = unpaid.Number, ["status"] = "approved", ["transaction_amount"] = Price,
        };
        await Deliver(MercadoPago, declined with { Body = Encoding.UTF8.GetBytes(claim.ToJsonString()) });
        (await Left(unpaid), await Left(order)).ShouldBe((0, 0));
        (await See(unpaid)).Status.ShouldBe("pending");
    }

    [Fact]
    public async Task An_unsigned_notification_of_mercado_pago_is_a_hint_where_the_operator_allows_it_and_the_provider_alone_is_believed()
    {
        await Client.SavePaymentMethod("mercadopago", new PaymentMethodRequest { Enabled = true, SignatureMode = "fetch_on_mismatch" }, stop: Stop);
        try
        {
            var (order, paid) = await PaidOrder(MercadoPago);
            var unpaid = await NewOrder(MercadoPago);
            await Deliver(MercadoPago, FakeMercadoPago.Ipn("payment", "1"), FakeMercadoPago.Ipn("payment", unpaid.Number), FakeMercadoPago.Ipn("merchant_order", "1"));
            (await Left(order), await Left(unpaid)).ShouldBe((0, 0));
            await Deliver(MercadoPago, FakeMercadoPago.Ipn("payment", (string)JsonNode.Parse(paid.Body)!["data"]!["id"]!));
            (await Left(order), await Left(unpaid)).ShouldBe((Credits, 0));
        }
        finally
        {
            await Client.SavePaymentMethod("mercadopago", new PaymentMethodRequest { Enabled = true, SignatureMode = "strict" }, stop: Stop);
        }
    }

    /// <summary>On a server of its own: what one address may still send is counted for all tests of a server.</summary>
    [Fact]
    public async Task Unsigned_notifications_from_one_address_have_a_limit_and_signed_ones_have_none()
    {
        await using var server = await Fixture.NewHost();
        await server.Client.SavePaymentMethod("mercadopago", MercadoPago.Keys with { SignatureMode = "fetch_on_mismatch" }, stop: Stop);
        for (var i = 0; i < ReceiveNotification.UnsignedMax; i++) (await Send(FakeMercadoPago.Ipn("moon", "1"))).ShouldBe(HttpStatusCode.OK);
        (await Send(FakeMercadoPago.Ipn("moon", "1"))).ShouldBe(HttpStatusCode.TooManyRequests);
        (await Send(MercadoPago.MercadoPago.Webhook("moon", "1", "rose"))).ShouldBe(HttpStatusCode.OK);

        Task<HttpStatusCode> Send(FakeNotification notification) => MercadoPago.Provider.Deliver(notification, to: server.Url);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_notification_played_back_is_taken_and_has_no_second_effect(string method)
    {
        var till = TillOf(method);
        var (order, paid) = await PaidOrder(till);
        var before = await InboxRows();
        for (var i = 0; i < 5; i++) await Deliver(till, paid);
        (await InboxRows()).ShouldBe(before + 1);
        (await Entries(order)).Select(entry => entry.Kind).ShouldBe(["purchase"]);
        Host.Clock.Advance(TimeSpan.FromMinutes(6));
        if (till is StripeTill) (await till.Provider.Deliver(paid)).ShouldBe(HttpStatusCode.BadRequest, "recorded more than five minutes ago");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_notification_that_is_worked_off_again_changes_nothing(string method)
    {
        var till = TillOf(method);
        var (order, paid) = await PaidOrder(till);
        await Deliver(till, paid);
        var (seen, news) = (await See(order), await News(order));
        await Host.Services.GetRequiredService<Database>().Transact(
            (connection, transaction) => connection.ExecuteAsync("update inbox set status = 0, try_at = 0, tries = 0", transaction: transaction), Stop);
        Host.Services.GetRequiredService<InboxWorker>().Nudge();
        await WorkedOff();
        (await See(order)).ShouldBe(seen);
        (await News(order)).ShouldBe(news);
        (await Entries(order)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_type_that_nobody_knows_is_taken_and_left_alone()
    {
        var (order, before) = (await NewOrder(Stripe), await Waiting());
        var unknown = new JsonObject
        {
            ["id"] = "evt_unknown", ["object"] = "event", ["type"] = "moon.rose", ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = new JsonObject { ["object"] = "moon", ["client_reference_id"] = order.Number } },
        };
        await Deliver(Stripe, Stripe.Stripe.Signed(Encoding.UTF8.GetBytes(unknown.ToJsonString())));
        await Deliver(MercadoPago, MercadoPago.MercadoPago.Webhook("moon", "123", "rose"));
        (await See(order)).Status.ShouldBe("pending");
        (await Waiting()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_signed_and_makes_no_sense_is_refused()
    {
        foreach (var body in (string[])["", "[]", "null", "{", """{"id":"evt_1","object":"v2.core.event","type":"a"}""", """{"id":1,"object":"event","type":"a"}"""])
            (await Stripe.Provider.Deliver(Stripe.Stripe.Signed(Encoding.UTF8.GetBytes(body)))).ShouldBe(HttpStatusCode.BadRequest, body);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_body_larger_than_256_kb_is_refused_whether_it_says_its_length_or_not(string method)
    {
        using var http = Host.NewHttp("");
        foreach (var chunked in (bool[])[false, true])
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/webhooks/" + method) { Content = new ByteArrayContent(new byte[BodyBytesMax + 1]) };
            message.Headers.TransferEncodingChunked = chunked;
            (await http.SendAsync(message, Stop)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }
        var whole = Stripe.Stripe.Signed([.. Encoding.UTF8.GetBytes("""{"id":"evt_large","object":"event","type":"moon.rose"}"""), .. Enumerable.Repeat((byte)' ', BodyBytesMax - 55)]);
        (await Stripe.Provider.Deliver(whole)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The same account may sell other things, by other programs.</summary>
    [Fact]
    public async Task Payments_of_other_programs_are_taken_and_left_alone()
    {
        var before = await Waiting();
        var elsewhere = MercadoPago.NewsOf(() => MercadoPago.MercadoPago.PayElsewhere("invoice-17", 10));
        await Deliver(MercadoPago, elsewhere);
        var foreign = new JsonObject
        {
            ["id"] = "evt_foreign", ["object"] = "event", ["type"] = "checkout.session.completed", ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = new JsonObject { ["id"] = "cs_x", ["object"] = "checkout.session", ["client_reference_id"] = "invoice-17", ["payment_intent"] = "pi_x" } },
        };
        var refund = new JsonObject
        {
            ["id"] = "evt_foreign_refund", ["object"] = "event", ["type"] = "refund.created", ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = new JsonObject { ["id"] = "re_x", ["object"] = "refund", ["payment_intent"] = "pi_x" } },
        };
        await Deliver(Stripe, Stripe.Stripe.Signed(Encoding.UTF8.GetBytes(foreign.ToJsonString())), Stripe.Stripe.Signed(Encoding.UTF8.GetBytes(refund.ToJsonString())));
        (await Waiting()).ShouldBe(before, "what is not ours is not asked about again and again");
    }

    /// <summary>A provider may be faster than our own commit; its notification waits for the purchase.</summary>
    [Fact]
    public async Task A_notification_of_an_order_that_is_not_there_yet_waits()
    {
        var before = await Waiting();
        var early = new JsonObject
        {
            ["id"] = "evt_early", ["object"] = "event", ["type"] = "checkout.session.completed", ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = new JsonObject { ["object"] = "checkout.session", ["client_reference_id"] = Guid.CreateVersion7().ToString() } },
        };
        await Deliver(Stripe, Stripe.Stripe.Signed(Encoding.UTF8.GetBytes(early.ToJsonString())));
        (await Waiting()).ShouldBe(before + 1);
        Host.Clock.Advance(TimeSpan.FromDays(2));
        Host.Services.GetRequiredService<InboxWorker>().Nudge();
        await WorkedOff();
        (await Waiting()).ShouldBe(0);
    }

    private async Task<(Order Order, FakeNotification Paid)> PaidOrder(Till till)
    {
        var order = await NewOrder(till);
        return (order, till.NewsOf(() => till.Pay(order.Number))[^1]);
    }

    private async Task AllRefused(Till till, IEnumerable<FakeNotification> notifications)
    {
        var before = await InboxRows();
        foreach (var notification in notifications)
            (await till.Provider.Deliver(notification)).ShouldBe(HttpStatusCode.BadRequest);
        (await InboxRows()).ShouldBe(before);
    }

    private static byte[] Altered(byte[] bytes, int at)
    {
        var altered = (byte[])bytes.Clone();
        altered[at] ^= 1;
        return altered;
    }

    private static string Altered(string text, int at) => text[..at] + (char)(text[at] ^ 1) + text[(at + 1)..];

    private Task<long> InboxRows() => Count("select count(*) from inbox");

    /// <summary>Also those that other tests of this server have left to be tried again.</summary>
    private Task<long> Waiting() => Count("select count(*) from inbox where status = 0");

    private Task<long> Count(string sql) => Host.Services.GetRequiredService<Database>().Read(connection => connection.ExecuteScalarAsync<long>(sql), Stop);
}
