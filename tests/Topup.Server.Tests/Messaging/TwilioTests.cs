using System.Net;
using System.Text;
using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

/// <summary>Messages through a Twilio of our own that is as strict as the real one, and what it tells later.</summary>
public sealed class TwilioTests(SqliteMessageHost fixture) : MessageDeskTests(fixture), IClassFixture<SqliteMessageHost>
{
    [Fact]
    public async Task A_text_is_asked_for_once_and_settled_to_the_segments_that_Twilio_counted()
    {
        await using var twilio = await Started();
        twilio.SegmentsOf = _ => 3;
        var (tenant, type, slug) = await Open(Sms(twilio) with { CreditsPer = "segment" }, credits: 10);

        const string Words = "Olá, João&To=%2B19995550000\r\nX-Header: y";
        var reply = await Client.SendMessage(Text(tenant, "sms", text: Words), stop: Stop);
        var sent = await Until(reply, "sent");

        var text = twilio.Texts.Single();
        (text.To, text.From, text.Body, text.Callback).ShouldBe((Phone, FakeTwilio.Number, Words, CallbackUrl(slug, reply)));
        (sent.ProviderId, sent.Segments, sent.Credits).ShouldBe((text.Sid, 3, 3));
        (await Left(tenant, type)).ShouldBe((7, 0));
        twilio.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_messaging_service_that_has_not_counted_yet_is_asked_again_and_an_api_key_does_for_the_token()
    {
        await using var twilio = await Started();
        twilio.SegmentsOf = _ => 2;
        var (tenant, type, _) = await Open(Sms(twilio) with
        {
            From = null, MessagingServiceSid = FakeTwilio.Service, ApiKey = FakeTwilio.ApiKey, Secret = FakeTwilio.ApiKeySecret, CreditsPer = "segment",
        }, credits: 10);

        var sent = await Until(await Client.SendMessage(Text(tenant, "sms"), stop: Stop), "sent");

        (sent.Segments, twilio.Texts.Single().Callback).ShouldBe((2, null), "nothing that an API key cannot check is asked for");
        twilio.Requests.Select(request => request.Method).ShouldBe(["POST", "GET"]);
        (await Left(tenant, type)).ShouldBe((8, 0));
    }

    [Fact]
    public async Task WhatsApp_goes_from_a_number_to_a_number_of_WhatsApp_and_a_template_sends_the_text_that_Twilio_keeps()
    {
        await using var twilio = await Started();
        var (tenant, _, _) = await Open(WhatsApp(twilio), credits: 5);
        var template = Host.NewName("template");
        await Client.SaveMessageTemplate(template, new MessageTemplateRequest
        {
            Channel = "whatsapp", ContentSid = FakeTwilio.Content, ContentVariables = new Dictionary<string, string> { ["1"] = "{name}", ["2"] = "{credits} left" },
        }, stop: Stop);

        await Until(await Client.SendMessage(Text(tenant, "whatsapp"), stop: Stop), "sent");
        await Until(await Client.SendMessage(Templated(tenant, template), stop: Stop), "sent");

        var (plain, kept) = (twilio.Texts[0], twilio.Texts[1]);
        (plain.To, plain.From, plain.Body).ShouldBe(("whatsapp:" + Phone, "whatsapp:" + FakeTwilio.Number, "Hello"));
        (kept.Body, kept.ContentSid).ShouldBe(("", FakeTwilio.Content));
        System.Text.Json.Nodes.JsonNode.Parse(kept.ContentVariables!)!.ToJsonString().ShouldBe("""{"1":"Ana \u0022A\u0022","2":"5 left"}""");

        await using var gateway = await FakeGateway.Start();
        await Open(Http(gateway, "whatsapp"), credits: 0);
        await Refused(Client.SendMessage(Templated(tenant, template), stop: Stop), 409, "no_message_driver", "template");
        gateway.Calls.ShouldBeEmpty();

        static MessageRequest Templated(string tenant, string template) => new()
        {
            Tenant = tenant, Channel = "whatsapp", To = Phone, Template = template,
            Variables = new Dictionary<string, string> { ["name"] = "Ana \"A\"", ["credits"] = "5" },
        };
    }

    [Theory]
    [InlineData(400, 21211, "failed", false)]
    [InlineData(400, 21614, "failed", false)]
    [InlineData(400, 21610, "failed", true)]
    [InlineData(400, 21408, "failed", false)]
    [InlineData(429, 20429, "queued", false)]
    [InlineData(503, 20503, "queued", false)]
    [InlineData(500, 20500, "unknown", false)]
    public async Task What_Twilio_refuses_is_given_back_tried_again_or_unknown_after_its_code(int status, int code, string becomes, bool suppresses)
    {
        await using var twilio = await Started();
        var (tenant, type, _) = await Open(Sms(twilio), credits: 5);
        var to = $"+55119{code}{status}0";
        twilio.Say(FakeTwilio.Failed(status, code));

        var message = await Until(await Client.SendMessage(Text(tenant, "sms", to), stop: Stop), becomes, minAttempts: 1);

        message.Reason.ShouldBe($"twilio_{code}");
        (await Left(tenant, type)).ShouldBe(becomes == "failed" ? (5, 0) : (4, 1));
        twilio.Texts.ShouldBeEmpty();
        (await Client.FindSuppressions(new SuppressionRequest { Channel = "sms", Recipient = to }, Stop)).Data.Count.ShouldBe(suppresses ? 1 : 0);

        // What still waits on the channel would go through the Twilio of another test.
        Host.Clock.Advance(TimeSpan.FromHours(1));
        await Work();
        twilio.Texts.Count(text => text.To == to).ShouldBe(becomes == "queued" ? 1 : 0);
    }

    [Fact]
    public async Task After_429_it_comes_again_when_Twilio_wants_it_and_no_sooner()
    {
        await using var twilio = await Started();
        var (tenant, _, _) = await Open(Sms(twilio), credits: 5);
        twilio.Say(FakeTwilio.Failed(429, 20429) with { Headers = new() { ["Retry-After"] = "600" } });
        var reply = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        await Until(reply, "queued", minAttempts: 1);

        Host.Clock.Advance(TimeSpan.FromSeconds(599));
        await Work();
        twilio.Requests.Count.ShouldBe(1);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Work();

        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("sent");
        twilio.Texts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Credentials_that_are_wrong_keep_messages_waiting_and_send_nothing()
    {
        await using var twilio = await Started();
        var (tenant, type, slug) = await Open(Sms(twilio) with { Secret = "wrong" }, credits: 5);
        var reply = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        (await Until(reply, "queued", minAttempts: 1)).Reason.ShouldBe("twilio_20003");

        await Client.SaveMessageDriver(slug, Sms(twilio), stop: Stop);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Work();

        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("sent");
        (await Left(tenant, type)).ShouldBe((4, 0));
    }

    [Theory]
    [InlineData(nameof(ProviderFault.LostAnswer))]
    [InlineData(nameof(ProviderFault.Slow))]
    [InlineData(nameof(ProviderFault.Garbage))]
    public async Task An_answer_that_is_lost_leaves_an_unknown_outcome_which_a_callback_ends(string fault)
    {
        await using var twilio = await Started();
        twilio.SegmentsOf = _ => 4;
        var (tenant, type, slug) = await Open(Sms(twilio) with { CreditsPer = "segment" }, credits: 5);
        twilio.Fail(Enum.Parse<ProviderFault>(fault), times: 1);
        var reply = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        await Until(reply, "unknown");
        Host.Clock.Advance(TimeSpan.FromDays(2));
        await Work();
        twilio.Requests.Count.ShouldBe(1, "it is never asked for a second time by itself");
        (await Left(tenant, type)).ShouldBe((4, 1));
        if (twilio.Texts.Count == 0) return;

        twilio.Move(twilio.Texts.Single(), "delivered");
        await twilio.DeliverAll();

        var message = await Client.GetMessage(reply.Message.Id, Stop);
        (message.Status, message.ProviderId, message.Segments).ShouldBe(("delivered", twilio.Texts.Single().Sid, 4));
        (await Left(tenant, type)).ShouldBe((1, 0));
        slug.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Callbacks_move_a_message_forward_only_in_whatever_order_and_however_often_they_come()
    {
        await using var twilio = await Started();
        var (tenant, type, _) = await Open(Sms(twilio), credits: 5);
        var first = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        await Until(first, "sent");
        var second = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        await Until(second, "sent");
        foreach (var status in new[] { "queued", "sent", "delivered", "undelivered" }) twilio.Move(twilio.Texts[0], status);
        foreach (var status in new[] { "sent", "failed", "delivered" }) twilio.Move(twilio.Texts[1], status, status == "failed" ? 30008 : null);
        var told = twilio.TakeOutgoing();

        // The first: delivered before sent, each twice. The second: as they come.
        foreach (var at in new[] { 2, 1, 0, 2, 3, 1, 4, 5, 5, 6 }) (await twilio.Deliver(told[at])).ShouldBe(HttpStatusCode.NoContent);

        (await Client.GetMessage(first.Message.Id, Stop)).Status.ShouldBe("delivered");
        (await Client.GetMessage(second.Message.Id, Stop)).ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe("undelivered"), message => message.Reason.ShouldBe("twilio_30008"), message => message.Credits.ShouldBe(1));
        (await Left(tenant, type)).ShouldBe((3, 0));
        (await Host.Events(tenant)).Count(news => news.Type == "message.failed").ShouldBe(1);
    }

    [Fact]
    public async Task A_callback_that_is_forged_or_of_another_account_changes_nothing()
    {
        await using var twilio = await Started();
        var (tenant, _, slug) = await Open(Sms(twilio), credits: 5);
        var reply = await Client.SendMessage(Text(tenant, "sms"), stop: Stop);
        await Until(reply, "sent");
        var (text, url) = (twilio.Texts.Single(), CallbackUrl(slug, reply));
        text.Status = "delivered";
        var fields = FakeTwilio.Fields(text);
        var genuine = FakeTwilio.Callback(url, fields);
        FakeNotification[] forged =
        [
            FakeTwilio.Callback(url, fields, token: "another"),
            FakeTwilio.Callback(url + "x", fields) with { PathAndQuery = new Uri(url).PathAndQuery },
            genuine with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(genuine.Body) + "&MessageStatus=failed") },
            genuine with { Headers = new Dictionary<string, string> { ["content-type"] = genuine.Headers["content-type"] } },
            genuine with { Headers = new Dictionary<string, string>(genuine.Headers) { ["x-twilio-signature"] = "" } },
            genuine with { PathAndQuery = genuine.PathAndQuery + "&a=b" },
            genuine with { Body = [] },
        ];
        foreach (var notification in forged) (await twilio.Deliver(notification)).ShouldBe(HttpStatusCode.Forbidden);
        // Genuine, and about no message of this driver's.
        text = new FakeText { Sid = "SMother", To = text.To, From = text.From, Body = "", Segments = 1, Status = "delivered" };
        (await twilio.Deliver(FakeTwilio.Callback(url, FakeTwilio.Fields(text)))).ShouldBe(HttpStatusCode.NoContent);
        (await twilio.Deliver(FakeTwilio.Callback(Host.Url + $"webhooks/messages/{slug}?message=nobody~{new string('0', 32)}", fields))).ShouldBe(HttpStatusCode.NoContent);
        (await twilio.Deliver(FakeTwilio.Callback(Host.Url + $"webhooks/messages/{slug}", fields))).ShouldBe(HttpStatusCode.NoContent);
        (await twilio.Deliver(genuine with { PathAndQuery = "/webhooks/messages/nobody" })).ShouldBe(HttpStatusCode.NotFound);
        (await twilio.Deliver(genuine with { Body = new byte[70_000] })).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("sent");

        (await twilio.Deliver(genuine)).ShouldBe(HttpStatusCode.NoContent);
        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("delivered");
    }

    [Fact]
    public async Task Who_answered_stop_gets_no_more_and_costs_nothing_whoever_writes()
    {
        await using var twilio = await Started();
        var (tenant, type, _) = await Open(Sms(twilio), credits: 5);
        const string To = "+5511912345678";
        twilio.OptOut(To);
        (await Until(await Client.SendMessage(Text(tenant, "sms", To), stop: Stop), "failed")).Reason.ShouldBe("twilio_21610");

        var refused = await Client.SendMessage(Text(tenant, "sms", To), stop: Stop);

        (refused.Message.Status, refused.Message.Reason, refused.Message.Credits).ShouldBe(("refused", "recipient_suppressed", 0));
        twilio.Requests.Count.ShouldBe(1, "Twilio is not even asked");
        (await Left(tenant, type)).ShouldBe((5, 0));
        var found = (await Client.FindSuppressions(new SuppressionRequest { Channel = "sms", Recipient = To }, Stop)).Data.Single();
        (found.Cause, found.Recipient, found.Tenant).ShouldBe(("opted_out", "+55…5678", null));
    }

    [Fact]
    public async Task A_callback_that_says_there_is_no_such_number_keeps_further_messages_from_it()
    {
        await using var twilio = await Started();
        var (tenant, _, _) = await Open(Sms(twilio), credits: 5);
        const string To = "+5511912340000";
        await Until(await Client.SendMessage(Text(tenant, "sms", To), stop: Stop), "sent");
        twilio.Move(twilio.Texts.Single(), "undelivered", 30005);
        await twilio.DeliverAll();
        (await Client.SendMessage(Text(tenant, "sms", To), stop: Stop)).Message.Reason.ShouldBe("recipient_suppressed");
    }

    [Fact]
    public async Task A_driver_is_saved_with_all_it_needs_and_its_secrets_are_shown_nowhere()
    {
        await using var twilio = await Started();
        var right = Sms(twilio);
        (MessageDriverRequest Request, string Code, string Field)[] cases =
        [
            (right with { Channel = "email" }, "invalid_field", "channel"), (right with { AccountSid = null }, "missing_field", "account_sid"),
            (right with { AccountSid = "AC1" }, "invalid_field", "account_sid"), (right with { AccountSid = FakeTwilio.ApiKey }, "invalid_field", "account_sid"),
            (right with { ApiKey = FakeTwilio.AccountSid }, "invalid_field", "api_key"), (right with { From = null }, "missing_field", "from"),
            (right with { MessagingServiceSid = FakeTwilio.Service }, "invalid_field", "from"), (right with { From = "a\r\nb" }, "invalid_field", "from"),
            (right with { From = "A name too long" }, "invalid_field", "from"), (right with { ApiBase = "ftp://x" }, "invalid_field", "api_base"),
            (right with { AllowPrivate = null }, "invalid_field", "api_base"), (right with { Secret = "a b" }, "invalid_field", "secret"),
            (right with { Secret = null }, "missing_field", "secret"), (right with { CallbackSecret = "x" }, "invalid_field", "callback_secret"),
            (right with { Host = "x" }, "invalid_field", "host"), (right with { Kind = "twilio-whatsapp" }, "invalid_field", "channel"),
            (WhatsApp(twilio) with { From = "Shop" }, "invalid_field", "from"), (WhatsApp(twilio) with { CreditsPer = "segment" }, "invalid_field", "credits_per"),
        ];
        foreach (var (request, code, field) in cases) await Refused(Client.SaveMessageDriver("wrong", request, stop: Stop), 400, code, field);

        var saved = await Client.SaveMessageDriver("right", right with { ApiKey = FakeTwilio.ApiKey, Secret = "canary-one", CallbackSecret = "canary-two" }, stop: Stop);
        (saved.HearsCallbacks, saved.Missing).ShouldBe((true, null));
        foreach (var path in new[] { "/v1/message-drivers", "/v1/audit?limit=1000" }) (await Host.Http.GetStringAsync(path, Stop)).ShouldNotContain("canary");
        (await Client.SaveMessageDriver("right", right with { ApiKey = FakeTwilio.ApiKey, Secret = null, Priority = 2 }, stop: Stop)).HearsCallbacks.ShouldBeTrue();
        await Refused(Client.SaveMessageDriver("right", right with { Secret = null }, stop: Stop), 400, "missing_field", "secret");
        await Client.DeleteMessageDriver("right", stop: Stop);
    }

    private string CallbackUrl(string slug, MessageReply reply) => $"{Host.Url}webhooks/messages/{slug}?message={Uri.EscapeDataString(reply.Message.Id)}";

    private async Task<FakeTwilio> Started()
    {
        var twilio = new FakeTwilio(Host.Clock) { Receiver = Host.Url };
        await twilio.Start();
        return twilio;
    }

    private static MessageDriverRequest Sms(FakeTwilio twilio) => new()
    {
        Kind = "twilio-sms", Channel = "sms", AccountSid = FakeTwilio.AccountSid, Secret = FakeTwilio.AuthToken, From = FakeTwilio.Number,
        ApiBase = twilio.Url.ToString().TrimEnd('/'), AllowPrivate = true,
    };

    private static MessageDriverRequest WhatsApp(FakeTwilio twilio) => Sms(twilio) with { Kind = "twilio-whatsapp", Channel = "whatsapp" };
}
