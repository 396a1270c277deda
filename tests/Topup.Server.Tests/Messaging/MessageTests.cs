using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Messaging;
using Topup.Server.Storage;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

public sealed class SqliteMessageHost() : MessageHost(isPostgres: false);

public sealed class PostgresMessageHost() : MessageHost(isPostgres: true);

/// <summary>
/// A server that looks for messages only when a test says so, and has a key for secrets. Its patience with a provider is long
/// enough for a busy machine: an answer that comes too late would be an unknown outcome, which is another test.
/// </summary>
public abstract class MessageHost(bool isPostgres) : HostFixture(isPostgres,
    "--Topup:MessageEverySeconds=86400", "--Topup:MessageTimeoutSeconds=4", "--Topup:SecretKey=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");

public sealed class MessagesOnSqlite(SqliteMessageHost host) : MessageTests(host), IClassFixture<SqliteMessageHost>;

public sealed class MessagesOnPostgres(PostgresMessageHost host) : MessageTests(host), IClassFixture<PostgresMessageHost>;

/// <summary>Messages through a real gateway: held, sent, settled, and what becomes of them when something fails.</summary>
public abstract class MessageTests(MessageHost fixture) : ServerTests(fixture)
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Recipient = "+5511998765432";

    [Fact]
    public async Task An_accepted_message_is_sent_once_and_its_credit_is_spent()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 2);

        var reply = await Send(tenant, channel, key: "first");
        var sent = await Sent(reply);

        (sent.Status, sent.Credits, sent.ProviderId, sent.To, sent.Text).ShouldBe(("sent", 1, "gw-" + reply.Message.Id.Split('~')[1], Recipient, "Hello"));
        var pool = await Client.GetPool(tenant, type, Stop);
        (pool.Remaining.Total, pool.Remaining.Held).ShouldBe((1, 0));
        gateway.Calls.Count.ShouldBe(1);
        var again = await Send(tenant, channel, key: "first");
        (again.Replayed, again.Message.Id, again.Message.Status).ShouldBe((true, reply.Message.Id, "sent"));
        await Refused(Client.SendMessage(Request(tenant, channel) with { Text = "Other" }, "first", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Work();
        gateway.Calls.Count.ShouldBe(1);
        (await Types(tenant)).ShouldBe(["message.sent"]);
    }

    [Fact]
    public async Task The_gateway_can_check_the_signature_and_gets_the_same_id_with_every_attempt()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(503);
        var (tenant, _, channel) = await Open(gateway, credits: 2);
        var reply = await Send(tenant, channel);
        await Until(reply, "queued", minAttempts: 1);
        gateway.Answer = FakeGateway.Accept;
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Work();

        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("sent");
        gateway.Calls.Count.ShouldBe(2);
        gateway.Calls.Select(call => call.Headers["webhook-id"]).Distinct().Count().ShouldBe(1);
        foreach (var call in gateway.Calls)
        {
            var signed = Encoding.ASCII.GetBytes($"{call.Headers["webhook-id"]}.{call.Headers["webhook-timestamp"]}.").Concat(call.Body).ToArray();
            call.Headers["webhook-signature"].ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), signed)));
        }
        gateway.Calls[0].Headers["webhook-signature"].ShouldNotBe(gateway.Calls[1].Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_gateway_that_floods_is_read_no_further_than_a_reply_goes()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Answer = async (context, _) =>
        {
            var flood = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(flood, context.RequestAborted);
        };
        var (tenant, _, channel) = await Open(gateway, credits: 2);
        (await Until(await Send(tenant, channel), "unknown")).Reason.ShouldBe("reply_unreadable");
    }

    [Fact]
    public async Task A_message_that_the_gateway_refuses_costs_nothing()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(200, """{"status":"refused","reason":"not_a_mobile"}""");
        var (tenant, type, channel) = await Open(gateway, credits: 2);

        var message = await Until(await Send(tenant, channel), "failed");

        (message.Reason, message.Credits).ShouldBe(("not_a_mobile", 0));
        var pool = await Client.GetPool(tenant, type, Stop);
        (pool.Remaining.Total, pool.Remaining.Held).ShouldBe((2, 0));
        (await Types(tenant)).ShouldBe(["message.failed"]);
    }

    [Theory]
    [InlineData(400, "failed")]
    [InlineData(302, "failed")]
    [InlineData(429, "queued")]
    [InlineData(503, "queued")]
    [InlineData(500, "unknown")]
    [InlineData(502, "unknown")]
    [InlineData(200, "unknown")]
    public async Task An_answer_that_is_no_reply_is_believed_as_far_as_it_goes(int status, string becomes)
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(status, "nothing to read");
        var (tenant, type, channel) = await Open(gateway, credits: 2);

        await Until(await Send(tenant, channel), becomes, minAttempts: 1);

        (await Client.GetPool(tenant, type, Stop)).Remaining.Held.ShouldBe(becomes == "failed" ? 0 : 1);
        gateway.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_gateway_that_hangs_leaves_an_unknown_outcome_with_the_credit_held_until_the_operator_decides()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var (tenant, type, channel) = await Open(gateway, credits: 3);
        var (first, second) = (await Send(tenant, channel), await Send(tenant, channel));
        (await Until(first, "unknown")).Reason.ShouldBe("timeout");
        await Until(second, "unknown");
        gateway.Answer = FakeGateway.Accept;
        Host.Clock.Advance(TimeSpan.FromDays(20));
        await Work();
        gateway.Calls.Count.ShouldBe(2);
        (await Client.GetPool(tenant, type, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(1), left => left.Held.ShouldBe(2));

        (await Resolve(first, "sent")).Status.ShouldBe("sent");
        (await Resolve(second, "not_sent")).Status.ShouldBe("failed");
        await Refused(Resolve(first, "not_sent"), 409, "message_not_unknown");

        (await Client.GetPool(tenant, type, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(2), left => left.Held.ShouldBe(0));
        (await All(Client.ListAudit(stop: Stop))).Count(row => row.Action == "message.resolved" && row.Target == first.Message.Id).ShouldBe(1);
    }

    [Fact]
    public async Task What_nobody_learns_within_29_days_is_given_back()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(500);
        var (tenant, type, channel) = await Open(gateway, credits: 1);
        var reply = await Send(tenant, channel);
        await Until(reply, "unknown");

        Host.Clock.Advance(TimeSpan.FromDays(29));
        await Work();

        var message = await Client.GetMessage(reply.Message.Id, Stop);
        (message.Status, message.Reason).ShouldBe(("failed", "outcome_never_known"));
        (await Client.GetPool(tenant, type, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(1), left => left.Held.ShouldBe(0));
    }

    [Fact]
    public async Task Sent_but_not_saved_is_unknown_and_never_sent_a_second_time()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 2);
        var reply = await Send(tenant, channel);
        await Until(reply, "sent");
        // As a server leaves it that dies after the gateway has answered: claimed, held, and nobody comes back for it.
        var lost = await SendWhereNobodyListens(tenant, type);
        await Execute("update messages set channel = @channel, status = 1, driver = 'x', attempts = 1, due_at = @due, version = version + 1 where id = @id",
            new { channel, due = Host.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeMilliseconds(), id = lost.Message.Id.Split('~')[1] });
        var before = gateway.Calls.Count;

        await Work();
        (await Client.GetMessage(lost.Message.Id, Stop)).Status.ShouldBe("sending");
        Host.Clock.Advance(TimeSpan.FromMinutes(5));
        await Work();
        Host.Clock.Advance(TimeSpan.FromDays(1));
        await Work();

        var message = await Client.GetMessage(lost.Message.Id, Stop);
        (message.Status, message.Reason).ShouldBe(("unknown", "interrupted"));
        gateway.Calls.Count.ShouldBe(before);
        (await Client.GetPool(tenant, type, Stop)).Remaining.Held.ShouldBe(1);
        (await Types(tenant)).ShouldContain("message.unknown");
    }

    [Fact]
    public async Task Of_several_workers_at_once_one_sends_each_message()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(503);
        var (tenant, type, channel) = await Open(gateway, credits: 40);
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Send(tenant, channel)));
        foreach (var reply in replies) await Until(reply, "queued", minAttempts: 1);
        gateway.Answer = FakeGateway.Accept;
        var before = gateway.Calls.Count;
        Host.Clock.Advance(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Work()));

        gateway.Calls.Skip(before).Select(call => call.Message.Id).Order().ShouldBe(replies.Select(reply => reply.Message.Id).Order());
        (await Client.ListMessagesPage(tenant, status: "sent", limit: 100, stop: Stop)).Data.Count.ShouldBe(40);
        (await Client.GetPool(tenant, type, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(0), left => left.Held.ShouldBe(0));
    }

    [Fact]
    public async Task At_the_last_credit_of_50_senders_exactly_one_gets_a_message_out_and_the_others_are_told_why()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Send(tenant, channel)));

        var through = replies.Single(reply => reply.Message.Status != "refused");
        await Until(through, "sent");
        await Work();
        gateway.Calls.Count.ShouldBe(1);
        replies.Count(reply => reply.Message is { Status: "refused", Reason: "insufficient_credits" } && reply.Shortfall == 1).ShouldBe(49);
        (await Types(tenant)).Count(name => name == "message.refused").ShouldBe(49);
        (await Types(tenant)).Count(name => name == "credits.exhausted").ShouldBe(1);
        (await Client.ListMessagesPage(tenant, status: "refused", limit: 100, stop: Stop)).Data.Count.ShouldBe(49);
        (await Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(0);
    }

    [Fact]
    public async Task Each_time_that_messages_use_up_the_credits_it_is_told_once()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 5);
        for (var crossing = 1; crossing <= 3; crossing++)
        {
            if (crossing > 1) await Host.Grant(tenant, type, 5);
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send(tenant, channel)));
            foreach (var reply in replies.Where(reply => reply.Message.Status != "refused")) await Until(reply, "sent");
            replies.Count(reply => reply.Message.Status == "refused").ShouldBe(15);
            (await Types(tenant)).Count(name => name == "credits.exhausted").ShouldBe(crossing);
        }
    }

    [Fact]
    public async Task A_tenant_sees_which_channel_is_stopped_since_when_and_why_until_it_has_topped_up()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 1);
        await Until(await Send(tenant, channel), "sent");
        (await Client.GetStoppedMessages(tenant, Stop)).Data.ShouldBeEmpty();

        Host.Clock.Advance(TimeSpan.FromMinutes(10));
        var since = Host.Clock.GetUtcNow();
        await Send(tenant, channel);
        Host.Clock.Advance(TimeSpan.FromMinutes(10));
        await Send(tenant, channel, key: "again");
        await Send(tenant, channel, key: "again");

        var stopped = (await Client.GetStoppedMessages(tenant, Stop)).Data.Single();
        (stopped.Channel, stopped.Type, stopped.Reason, stopped.Refused, stopped.Since, stopped.LastAt)
            .ShouldBe((channel, type, "insufficient_credits", 2, since, Host.Clock.GetUtcNow()));
        await Host.Grant(tenant, type, 1);
        (await Client.GetStoppedMessages(tenant, Stop)).Data.ShouldBeEmpty();
        (await Send(tenant, channel, key: "again")).Message.Status.ShouldBe("queued");
    }

    [Fact]
    public async Task A_campaign_draws_on_the_campaign_pool_of_the_channel()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 5);
        var campaign = await Host.NewType();
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = channel, CampaignPool = campaign }, stop: Stop);
        await Host.Grant(tenant, campaign, 1);

        (await Client.SendMessage(Request(tenant, channel) with { Purpose = "campaign" }, stop: Stop)).Message.Type.ShouldBe(campaign);
        (await Client.SendMessage(Request(tenant, channel) with { Purpose = "campaign" }, stop: Stop)).Message.Status.ShouldBe("refused");
        (await Send(tenant, channel)).Message.Type.ShouldBe(type);
    }

    [Fact]
    public async Task A_rate_card_prices_messages_and_segments_are_settled_to_what_the_gateway_counted()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(200, """{"status":"accepted","id":"x","segments":3}""");
        var (tenant, type, channel) = await Open(gateway, credits: 100, channel: "sms", creditsPer: "segment");

        var plain = await Client.SendMessage(Request(tenant, channel) with { Text = new string('á', 71) }, stop: Stop);
        (plain.Message.Segments, plain.Message.Credits).ShouldBe((2, 2));
        (await Until(plain, "sent")).ShouldSatisfyAllConditions(message => message.Segments.ShouldBe(3), message => message.Credits.ShouldBe(3));

        var plan = await Host.NewPlan((type, 0));
        await Host.SaveTenant(tenant, plan);
        await Client.SaveRateCard(Host.NewName("card"), new RateCardRequest
        {
            Plan = plan, Rates = [new RateTerms { UsageType = "message:sms", Type = type, Price = 4 }],
        }, stop: Stop);
        var priced = await Client.SendMessage(Request(tenant, channel) with { Text = new string('á', 71) }, stop: Stop);
        priced.Message.Credits.ShouldBe(8);
        (await Until(priced, "sent")).Credits.ShouldBe(12);
        (await Client.GetPool(tenant, type, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(85), left => left.Held.ShouldBe(0));
        var usage = await Client.GetUsage(tenant, new() { GroupBy = ["usage_type"] }, stop: Stop);
        usage.Data.Where(row => row.UsageType == "message:sms").Sum(row => row.Credits).ShouldBe(15);
    }

    [Fact]
    public async Task Of_two_drivers_the_one_with_the_higher_priority_sends_and_the_other_when_it_is_gone()
    {
        await using var first = await FakeGateway.Start();
        await using var second = await FakeGateway.Start();
        var (tenant, _, channel) = await Open(first, credits: 5);
        var better = await NewDriver(second, channel, priority: 5);

        await Until(await Send(tenant, channel), "sent");
        (first.Calls.Count, second.Calls.Count).ShouldBe((0, 1));
        (await Client.GetMessageDriver(better, Stop)).Sends.ShouldBeTrue();
        await Client.DeleteMessageDriver(better, stop: Stop);
        await Until(await Send(tenant, channel), "sent");
        (first.Calls.Count, second.Calls.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_message_whose_driver_is_gone_waits_and_is_given_back_after_a_day()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(503);
        var (tenant, type, channel) = await Open(gateway, credits: 1);
        var reply = await Send(tenant, channel);
        await Until(reply, "queued", minAttempts: 1);
        foreach (var driver in (await Client.ListMessageDrivers(Stop)).Data.Where(driver => driver.Channel == channel))
            await Client.DeleteMessageDriver(driver.Slug, stop: Stop);

        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Work();
        (await Client.GetMessage(reply.Message.Id, Stop)).ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe("queued"), message => message.Reason.ShouldBe("no_driver"));
        Host.Clock.Advance(TimeSpan.FromDays(1));
        await Work();
        (await Client.GetMessage(reply.Message.Id, Stop)).Status.ShouldBe("failed");
        (await Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_whose_hold_somebody_releases_is_not_sent()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(503);
        var (tenant, type, channel) = await Open(gateway, credits: 1);
        var reply = await Send(tenant, channel);
        await Until(reply, "queued", minAttempts: 1);
        gateway.Answer = FakeGateway.Accept;
        await Client.ReleaseHold((await Client.ListHoldsPage(tenant, stop: Stop)).Data.Single().Id, stop: Stop);

        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Work();

        (await Client.GetMessage(reply.Message.Id, Stop)).ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe("failed"), message => message.Reason.ShouldBe("hold_closed"));
        gateway.Calls.Count.ShouldBe(1);
        (await Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(1);
    }

    [Fact]
    public async Task To_whom_and_what_is_forgotten_when_its_time_is_over_and_stands_in_no_other_table()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, _, channel) = await Open(gateway, credits: 1);
        var reply = await Client.SendMessage(Request(tenant, channel) with { Text = "canary-text", To = "canary-recipient" }, stop: Stop);
        await Until(reply, "sent");
        foreach (var table in new[] { "messages", "entries", "holds", "outbox", "audit", "usage_days" })
            (await Everything(table)).ShouldNotContain("canary", Case.Insensitive, table);
        (await Everything("message_contents")).ShouldContain("canary-recipient");

        Host.Clock.Advance(TimeSpan.FromDays(30));
        await Worker.Forget(Stop);

        (await Everything("message_contents")).ShouldNotContain("canary");
        var message = await Client.GetMessage(reply.Message.Id, Stop);
        (message.Status, message.To, message.Text).ShouldBe(("sent", null, null));
    }

    [Fact]
    public async Task The_try_out_driver_says_that_nobody_got_the_message()
    {
        var (tenant, _, channel) = await Open(null, credits: 1);
        var slug = Host.NewName("driver");
        (await Client.SaveMessageDriver(slug, new MessageDriverRequest { Kind = "log", Channel = channel }, stop: Stop)).TryOut.ShouldBe(true);

        (await Until(await Send(tenant, channel), "sent")).TryOut.ShouldBe(true);
        var tested = await Client.TestMessageDriver(slug, new TestMessageDriverRequest { To = Recipient }, Stop);
        (tested.Outcome, tested.TryOut).ShouldBe(("accepted", true));
    }

    [Fact]
    public async Task A_driver_is_tested_without_credits_and_its_secret_is_never_shown()
    {
        await using var gateway = await FakeGateway.Start();
        var channel = Host.NewName("channel");
        var slug = await NewDriver(gateway, channel);

        (await Client.TestMessageDriver(slug, new TestMessageDriverRequest { To = Recipient }, Stop)).Outcome.ShouldBe("accepted");
        gateway.Calls.Single().Message.To.ShouldBe(Recipient);
        foreach (var path in new[] { "/v1/message-drivers", "/v1/message-drivers/" + slug, "/v1/audit?limit=1000" })
            (await Host.Http.GetStringAsync(path, Stop)).ShouldNotContain(Secret[6..]);
        foreach (var table in new[] { "message_drivers", "audit" }) (await Everything(table)).ShouldNotContain(Secret[6..]);
    }

    [Fact]
    public async Task A_gateway_at_an_address_that_is_not_public_is_not_called_unless_the_operator_allows_it()
    {
        await using var gateway = await FakeGateway.Start();
        var (channel, port) = (Host.NewName("channel"), new Uri(gateway.Url).Port);
        string[] urls =
        [
            "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/",
            "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://[fd00::1]/", "https://[fe80::1]/", "https://0.0.0.0/",
            "http://example.com/", "https://u:p@example.com/", "nothing",
        ];
        foreach (var url in urls)
            await Refused(Client.SaveMessageDriver("x", Http(channel, url) with { AllowPrivate = null }, stop: Stop), 400, "invalid_field", "url");

        var slug = Host.NewName("driver");
        // A name that leads here: only the connection can tell.
        await Client.SaveMessageDriver(slug, Http(channel, $"https://localhost:{port}/") with { AllowPrivate = null }, stop: Stop);
        (await Client.TestMessageDriver(slug, new TestMessageDriverRequest { To = Recipient }, Stop))
            .ShouldSatisfyAllConditions(reply => reply.Outcome.ShouldBe("refused"), reply => reply.Reason.ShouldBe("address_not_public"));
        gateway.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_that_cannot_be_are_refused_by_the_name_of_the_field()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, channel) = await Open(gateway, credits: 5);
        var mail = new MessageRequest { Tenant = tenant, Channel = "email", To = "a@example.com", Subject = "s", Text = "t" };
        var sms = new MessageRequest { Tenant = tenant, Channel = "sms", To = Recipient, Text = "t" };
        (MessageRequest Request, string Code, string Field)[] cases =
        [
            (sms with { To = "12345" }, "invalid_field", "to"), (sms with { To = "+55 11" }, "invalid_field", "to"), (sms with { Text = null }, "missing_field", "text"),
            (sms with { Text = " " }, "invalid_field", "text"), (sms with { Text = new string('a', 1_601) }, "invalid_field", "text"),
            (sms with { Subject = "s" }, "invalid_field", "subject"), (sms with { Html = "h" }, "invalid_field", "html"),
            (sms with { Purpose = "fun" }, "invalid_field", "purpose"), (sms with { Channel = "No Channel" }, "invalid_field", "channel"),
            (sms with { Reference = new string('a', 129) }, "invalid_field", "reference"),
            (mail with { To = "a@example.com\r\nBcc: b@example.com" }, "invalid_field", "to"), (mail with { To = "a@example.com,b@example.com" }, "invalid_field", "to"),
            (mail with { To = "A <a@example.com>" }, "invalid_field", "to"), (mail with { Subject = "a\r\nBcc: b@example.com" }, "invalid_field", "subject"),
            (mail with { Subject = null }, "missing_field", "subject"), (mail with { Text = null }, "missing_field", "text"),
            (sms with { Channel = "nothing-of-it" }, "channel_unknown", "channel"),
        ];
        foreach (var (request, code, field) in cases)
            await Refused(Client.SendMessage(request, stop: Stop), code == "channel_unknown" ? 404 : 400, code, field);
        var lonely = Host.NewName("channel");
        await Client.SaveCreditType(Host.NewName("type"), new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, Channel = lonely }, stop: Stop);
        await Refused(Client.SendMessage(sms with { Channel = lonely }, stop: Stop), 409, "no_message_driver", "channel");
        (await Client.GetPool(tenant, type, Stop)).Remaining.Held.ShouldBe(0);

        await Refused(Client.SaveMessageDriver("x", Http(channel, gateway.Url) with { Secret = "short" }, stop: Stop), 400, "invalid_field", "secret");
        await Refused(Client.SaveMessageDriver("x", Http(channel, gateway.Url) with { Secret = null }, stop: Stop), 400, "missing_field", "secret");
        await Refused(Client.SaveMessageDriver("x", Http(channel, gateway.Url) with { Kind = "pigeon" }, stop: Stop), 400, "invalid_field", "kind");
        await Refused(Client.SaveMessageDriver("x", Http(channel, gateway.Url) with { CreditsPer = "segment" }, stop: Stop), 400, "invalid_field", "credits_per");
        await Refused(Client.SaveMessageDriver("x", Http(channel, gateway.Url) with { Kind = "log" }, stop: Stop), 400, "invalid_field", "url");
    }

    [Fact]
    public async Task A_batch_answers_each_item_on_its_own()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, _, channel) = await Open(gateway, credits: 2);
        MessageItem Item(string key, string to) => new() { Key = key, Tenant = tenant, Channel = channel, To = to, Text = "t" };

        var reply = await Client.SendMessageBatch(new MessageBatchRequest { Items = [Item("a", "1"), Item("b", ""), Item("c", "3"), Item("d", "4")] }, Stop);

        reply.Items.Select(item => item.Key).ShouldBe(["a", "b", "c", "d"]);
        reply.Items[1].Problem!.Field.ShouldBe("to");
        reply.Items.Count(item => item.Reply?.Message.Status == "queued").ShouldBe(2);
        reply.Items.Count(item => item.Reply?.Message.Status == "refused").ShouldBe(1);
    }

    private MessageWorker Worker => Host.Services.GetRequiredService<MessageWorker>();

    private Task<int> Work() => Worker.Run(Stop);

    /// <summary>A tenant with credits of a channel that a gateway serves; null: that none serves yet.</summary>
    private async Task<(string Tenant, string Type, string Channel)> Open(FakeGateway? gateway, decimal credits, string? channel = null, string? creditsPer = null)
    {
        var type = Host.NewName("type");
        channel ??= Host.NewName("channel");
        foreach (var other in await All(Client.ListCreditTypes(Stop)))
            if (other.Channel == channel)
                await Client.SaveCreditType(other.Code, new CreditTypeRequest { Name = other.Name, Unit = other.Unit, Decimals = other.Decimals }, stop: Stop);
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = channel }, stop: Stop);
        if (gateway is not null) await NewDriver(gateway, channel, creditsPer: creditsPer);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, type, credits);
        return (tenant, type, channel);
    }

    private async Task<string> NewDriver(FakeGateway gateway, string channel, int priority = 0, string? creditsPer = null)
    {
        var slug = Host.NewName("driver");
        await Client.SaveMessageDriver(slug, Http(channel, gateway.Url) with { Priority = priority, CreditsPer = creditsPer }, stop: Stop);
        return slug;
    }

    private static MessageDriverRequest Http(string channel, string url) =>
        new() { Kind = "http", Channel = channel, Url = url, AllowPrivate = true, Secret = Secret };

    private static MessageRequest Request(string tenant, string channel) => new() { Tenant = tenant, Channel = channel, To = Recipient, Text = "Hello" };

    private Task<MessageReply> Send(string tenant, string channel, string? key = null) => Client.SendMessage(Request(tenant, channel), key, Stop);

    /// <summary>A message that waits, because nobody listens where its channel's driver sends.</summary>
    private async Task<MessageReply> SendWhereNobodyListens(string tenant, string type)
    {
        var (view, channel) = (await Client.GetCreditType(type, Stop), Host.NewName("channel"));
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = channel }, stop: Stop);
        var slug = Host.NewName("driver");
        await Client.SaveMessageDriver(slug, Http(channel, "http://127.0.0.1:1/"), stop: Stop);
        var reply = await Send(tenant, channel);
        await Until(reply, "queued", minAttempts: 1);
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = view.Channel }, stop: Stop);
        return reply;
    }

    private Task<MessageView> Sent(MessageReply reply) => Until(reply, "sent");

    /// <summary>The message once it has a status. The server looks for messages as soon as one is there.</summary>
    private async Task<MessageView> Until(MessageReply reply, string status, int minAttempts = 0)
    {
        for (var i = 0; i < 400; i++)
        {
            var message = await Client.GetMessage(reply.Message.Id, Stop);
            if (message.Status == status && message.Attempts >= minAttempts) return message;
            await Task.Delay(25, Stop);
        }
        var last = await Client.GetMessage(reply.Message.Id, Stop);
        last.Status.ShouldBe(status);
        return last;
    }

    private Task<MessageView> Resolve(MessageReply reply, string outcome) =>
        Client.ResolveMessage(reply.Message.Id, new ResolveMessageRequest { Outcome = outcome, Reason = "the provider's log" }, Stop);

    private async Task<List<string>> Types(string tenant) =>
        [.. (await Host.Events(tenant)).Select(news => news.Type).Where(type => type.StartsWith("message.", StringComparison.Ordinal) || type == "credits.exhausted")];

    private Task<int> Execute(string sql, object args) =>
        Host.Services.GetRequiredService<Database>().Transact((connection, transaction) => Dapper.SqlMapper.ExecuteAsync(connection, sql, args, transaction), Stop);

    private Task<string> Everything(string table) => Host.Services.GetRequiredService<Database>().Read(async connection =>
    {
        var rows = await Dapper.SqlMapper.QueryAsync(connection, "select * from " + table);
        return string.Join('\n', rows.Cast<IDictionary<string, object>>().Select(row => string.Join(' ', row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))));
    }, Stop);
}
