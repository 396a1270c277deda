using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

public sealed class TemplatedMessagesOnSqlite(SqliteMessageHost host) : TemplatedMessageTests(host), IClassFixture<SqliteMessageHost>;

public sealed class TemplatedMessagesOnPostgres(PostgresMessageHost host) : TemplatedMessageTests(host), IClassFixture<PostgresMessageHost>;

/// <summary>Messages that say what a template says, and the list of everybody's messages.</summary>
public abstract class TemplatedMessageTests(MessageHost fixture) : MessageDeskTests(fixture)
{
    [Fact]
    public async Task A_template_is_filled_for_where_each_value_lands_and_stays_as_it_was_in_messages_on_their_way()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, _, _) = await Open(Http(gateway, "email"), credits: 5);
        var code = Host.NewName("template");
        var template = new MessageTemplateRequest { Channel = "email", Subject = "Hi {name}", Text = "{name}, {count} left", Html = "<b>{name}</b>" };
        (await Client.SaveMessageTemplate(code, template, stop: Stop)).Variables.ShouldBe(["name", "count"]);
        var mail = Mail(tenant, code, ("name", "<Ana>\r\nBcc: b@example.com"), ("count", "5"));

        await Until(await Client.SendMessage(mail, "k", Stop), "sent");

        var message = gateway.Calls.Single().Message;
        message.Subject.ShouldBe("Hi <Ana>  Bcc: b@example.com");
        message.Text.ShouldBe("<Ana>\nBcc: b@example.com, 5 left");
        message.Html.ShouldStartWith("<b>&lt;Ana&gt;");
        await Client.SaveMessageTemplate(code, template with { Subject = "Changed {other}" }, stop: Stop);
        (await Client.SendMessage(mail, "k", Stop)).ShouldSatisfyAllConditions(
            again => again.Replayed.ShouldBeTrue(), again => again.Message.Subject.ShouldStartWith("Hi <Ana>"));
        await Refused(Client.SendMessage(mail with { Variables = Values(("name", "B"), ("count", "5")) }, "k", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Client.DeleteMessageTemplate(code, stop: Stop);
        (await Client.SendMessage(mail, "k", Stop)).Replayed.ShouldBeTrue();
        await Refused(Client.SendMessage(mail, stop: Stop), 404, "message_template_unknown", "template");
    }

    [Fact]
    public async Task Variables_that_are_missing_or_unknown_are_named_and_limits_hold_for_what_comes_of_it()
    {
        await using var gateway = await FakeGateway.Start();
        var (tenant, type, _) = await Open(Http(gateway, "email"), credits: 5);
        var code = Host.NewName("template");
        await Client.SaveMessageTemplate(code, new MessageTemplateRequest { Channel = "email", Subject = "{name}", Text = "{text}" }, stop: Stop);

        var refused = await Refused(Client.SendMessage(Mail(tenant, code, ("name", "A"), ("nmae", "B")), stop: Stop), 400, "variables_wrong", "variables");
        refused.Message.ShouldContain("text");
        refused.Message.ShouldContain("nmae");
        (MessageRequest Request, string Field)[] cases =
        [
            (Mail(tenant, code, ("name", new string('a', 201)), ("text", "t")), "subject"), (Mail(tenant, code, ("name", " "), ("text", "t")), "subject"),
            (Mail(tenant, code, ("name", "n"), ("text", "")), "text"), (Mail(tenant, code, ("name", "n"), ("text", new string('a', 100_001))), "text"),
            (Mail(tenant, code, ("name", "n"), ("text", "t")) with { Text = "own" }, "text"), (Mail(tenant, code, ("name", "n"), ("text", "t")) with { Subject = "own" }, "subject"),
            (Mail(tenant, code, ("na me", "n")), "variables"), (Mail(tenant, code, ("name", "a\u001fb"), ("text", "t")), "variables.name"), (Mail(tenant, "No Code"), "template"),
            (Mail(tenant, code, [.. Enumerable.Range(0, 51).Select(at => ($"a{at}", "v"))]), "variables"),
            (Mail(tenant, code) with { Channel = "sms", To = Phone }, "template"),
        ];
        foreach (var (request, field) in cases) await Refused(Client.SendMessage(request, stop: Stop), 400, "invalid_field", field);
        await Refused(Client.SendMessage(Mail(tenant, code) with { Template = null, Variables = Values(("a", "b")), Subject = "s", Text = "t" }, stop: Stop), 400, "missing_field", "template");
        (await Left(tenant, type)).ShouldBe((5, 0));
        gateway.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Templates_that_cannot_be_are_refused_by_the_name_of_the_field()
    {
        var right = new MessageTemplateRequest { Channel = "email", Subject = "s", Text = "t" };
        var text = new MessageTemplateRequest { Channel = "sms", Text = "t" };
        var content = FakeTwilio.Content;
        (MessageTemplateRequest Request, string Code, string Field)[] cases =
        [
            (right with { Subject = null }, "missing_field", "subject"), (right with { Text = null }, "missing_field", "text"), (right with { Subject = "a\nb" }, "invalid_field", "subject"),
            (right with { Channel = "No" }, "invalid_field", "channel"), (right with { ContentSid = content }, "invalid_field", "content_sid"),
            (text with { Text = null }, "missing_field", "text"), (text with { Html = "h" }, "invalid_field", "html"), (text with { Text = new string('a', 1_601) }, "invalid_field", "text"),
            (text with { ContentSid = "HX1" }, "invalid_field", "content_sid"), (text with { ContentVariables = Values(("1", "a")) }, "missing_field", "content_sid"),
            (text with { ContentSid = content, ContentVariables = Values(("a b", "a")) }, "invalid_field", "content_variables"),
            (text with { ContentSid = content, ContentVariables = Values(("1", new string('a', 1_601))) }, "invalid_field", "content_variables.1"),
        ];
        foreach (var (request, code, field) in cases) await Refused(Client.SaveMessageTemplate("wrong", request, stop: Stop), 400, code, field);
        await Refused(Client.GetMessageTemplate("wrong", Stop), 404, "message_template_unknown", "code");
        await Refused(Client.DeleteMessageTemplate("wrong", stop: Stop), 404, "message_template_unknown", "code");
        (await Client.SaveMessageTemplate("b", text with { ContentSid = content }, stop: Stop)).Text.ShouldBe("t");
        await Client.SaveMessageTemplate("a", text, stop: Stop);
        (await All(Client.ListMessageTemplates(Stop))).Select(template => template.Code).Where(code => code.Length == 1).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Everybodys_messages_are_found_by_status_channel_and_tenant_the_newest_first()
    {
        await using var gateway = await FakeGateway.Start();
        var channel = Host.NewName("channel");
        var (mine, type, _) = await Open(Http(gateway, channel), credits: 9);
        var yours = await Host.NewTenant();
        await Host.Grant(yours, type, 9);
        gateway.Reply(500);
        var unknown = await Client.SendMessage(Text(mine, channel, "a"), stop: Stop);
        await Until(unknown, "unknown");
        gateway.Answer = FakeGateway.Accept;
        var replies = new List<MessageReply>();
        for (var i = 0; i < 6; i++)
        {
            Host.Clock.Advance(TimeSpan.FromSeconds(i % 2));
            replies.Add(await Client.SendMessage(Text(i % 3 == 0 ? yours : mine, channel, "a"), stop: Stop));
            await Until(replies[^1], "sent");
        }

        (await All(Client.ListAllMessages("unknown", channel, stop: Stop))).Single().Id.ShouldBe(unknown.Message.Id);
        (await All(Client.ListAllMessages(channel: channel, tenant: yours, stop: Stop))).Count.ShouldBe(2);
        var all = new List<MessageView>();
        string? cursor = null;
        do
        {
            var page = await Client.ListAllMessagesPage("sent", channel, limit: 2, cursor: cursor, stop: Stop);
            all.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        all.Select(message => message.Id).Order().ShouldBe(replies.Select(reply => reply.Message.Id).Order());
        all.Select(message => message.CreatedAt).ShouldBeInOrder(SortDirection.Descending);
        await Refused(Client.ListAllMessagesPage("eaten", stop: Stop), 400, "invalid_field", "status");

        using var bound = new Topup.Client.TopupClient(Host.Url, await Host.NewKey(mine, "read"));
        (await bound.ListAllMessagesPage(channel: channel, stop: Stop)).Data.ShouldAllBe(message => message.Tenant == mine);
        await Refused(bound.ListAllMessagesPage(tenant: yours, stop: Stop), 404, "tenant_unknown", "tenant");
    }

    private static MessageRequest Mail(string tenant, string template, params (string, string)[] values) =>
        new() { Tenant = tenant, Channel = "email", To = "ana@example.com", Template = template, Variables = Values(values) };

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(pair => pair.Name, pair => pair.Value);
}
