using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Messaging;
using Topup.Server.Storage;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

public sealed class SuppressionsOnSqlite(SqliteMessageHost host) : SuppressionTests(host), IClassFixture<SqliteMessageHost>;

public sealed class SuppressionsOnPostgres(PostgresMessageHost host) : SuppressionTests(host), IClassFixture<PostgresMessageHost>;

/// <summary>Recipients that get no more messages.</summary>
public abstract class SuppressionTests(MessageHost fixture) : MessageDeskTests(fixture)
{
    [Fact]
    public async Task A_suppressed_recipient_is_refused_without_credits_and_is_no_stoppage_of_the_channel()
    {
        await using var gateway = await FakeGateway.Start();
        var channel = Host.NewName("channel");
        var (tenant, type, _) = await Open(Http(gateway, channel), credits: 5);
        var earlier = await Client.SendMessage(Text(tenant, channel, "Ana"), "before", Stop);
        await Until(earlier, "sent");
        var saved = await Client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = "Ana", Reason = "asked by phone" }, stop: Stop);

        var refused = await Client.SendMessage(Text(tenant, channel, "Ana"), "after", Stop);

        (refused.Message.Status, refused.Message.Reason, refused.Shortfall, refused.TopupUrl).ShouldBe(("refused", "recipient_suppressed", null, null));
        (await Client.SendMessage(Text(tenant, channel, "Ana"), "before", Stop)).ShouldSatisfyAllConditions(
            again => again.Replayed.ShouldBeTrue(), again => again.Message.Status.ShouldBe("sent"));
        gateway.Calls.Count.ShouldBe(1);
        (await Left(tenant, type)).ShouldBe((4, 0));
        (await Client.GetStoppedMessages(tenant, Stop)).Data.ShouldBeEmpty();
        (await Host.Events(tenant)).Count(news => news.Type == "message.refused").ShouldBe(1);
        await Until(await Client.SendMessage(Text(tenant, channel, "Bob"), stop: Stop), "sent");

        await Client.DeleteSuppression(saved.Id, stop: Stop);
        await Until(await Client.SendMessage(Text(tenant, channel, "Ana"), "after", Stop), "sent");
    }

    [Fact]
    public async Task One_of_a_tenant_holds_for_that_tenant_alone_and_one_of_a_channel_for_that_channel()
    {
        await using var gateway = await FakeGateway.Start();
        var channel = Host.NewName("channel");
        var (mine, type, _) = await Open(Http(gateway, channel), credits: 5);
        var yours = await Host.NewTenant();
        await Host.Grant(yours, type, 5);
        await Client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = "Ana", Tenant = mine }, stop: Stop);
        await Client.SaveSuppression(new SuppressionRequest { Channel = "elsewhere", Recipient = "Bob" }, stop: Stop);

        (await Client.SendMessage(Text(mine, channel, "Ana"), stop: Stop)).Message.Status.ShouldBe("refused");
        (await Client.SendMessage(Text(yours, channel, "Ana"), stop: Stop)).Message.Status.ShouldBe("queued");
        (await Client.SendMessage(Text(mine, channel, "Bob"), stop: Stop)).Message.Status.ShouldBe("queued");
        (await Client.FindSuppressions(new SuppressionRequest { Channel = channel, Recipient = "Ana" }, Stop)).Data.Single().Tenant.ShouldBe(mine);
        (await Client.FindSuppressions(new SuppressionRequest { Channel = channel, Recipient = "Ana", Tenant = yours }, Stop)).Data.ShouldBeEmpty();
        (await Client.ListSuppressionsPage(channel, stop: Stop)).Data.Single().Recipient.ShouldBe("A…");
    }

    [Fact]
    public async Task A_message_that_waits_is_not_sent_to_one_who_has_opted_out_meanwhile()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(503);
        var channel = Host.NewName("channel");
        var (tenant, type, _) = await Open(Http(gateway, channel), credits: 5);
        var reply = await Client.SendMessage(Text(tenant, channel, "Ana"), stop: Stop);
        await Until(reply, "queued", minAttempts: 1);
        gateway.Answer = FakeGateway.Accept;
        await Client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = "Ana" }, stop: Stop);

        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await Work();

        (await Client.GetMessage(reply.Message.Id, Stop)).ShouldSatisfyAllConditions(
            message => message.Status.ShouldBe("failed"), message => message.Reason.ShouldBe("recipient_suppressed"));
        gateway.Calls.Count.ShouldBe(1);
        (await Left(tenant, type)).ShouldBe((5, 0));
        var notice = await Host.Services.GetRequiredService<SendNotice>().Run(MessageId.Of(tenant, "n"), channel, new MessageContent("Ana", "", "t", ""), Stop);
        (notice.Outcome, notice.Reason).ShouldBe((SendOutcome.Refused, "recipient_suppressed"));
    }

    [Fact]
    public async Task A_mailbox_that_there_is_not_gets_no_more_mail_however_it_is_spelt()
    {
        await using var server = FakeMailServer.Start(MailSecurity.None);
        server.Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? line.Contains("full", StringComparison.Ordinal) ? "552 5.2.2 full" : "550 5.1.1 nobody" : null;
        var (tenant, _, _) = await Open(new MessageDriverRequest
        {
            Kind = "smtp", Channel = "email", Host = "localhost", Port = server.Port, Security = "none", From = "shop@example.org",
        }, credits: 5);
        var mail = new MessageRequest { Tenant = tenant, Channel = "email", To = "Nobody@Example.com", Subject = "s", Text = "t" };

        (await Until(await Client.SendMessage(mail, stop: Stop), "failed")).Reason.ShouldBe("smtp_550");
        (await Client.SendMessage(mail with { To = "nobody@example.COM" }, stop: Stop)).Message.Reason.ShouldBe("recipient_suppressed");
        await Until(await Client.SendMessage(mail with { To = "full@example.com" }, stop: Stop), "failed");
        (await Client.SendMessage(mail with { To = "full@example.com" }, stop: Stop)).Message.Status.ShouldBe("queued");
        (await Client.FindSuppressions(new SuppressionRequest { Channel = "email", Recipient = mail.To }, Stop)).Data.Single().ShouldSatisfyAllConditions(
            found => found.Cause.ShouldBe("bounced"), found => found.Recipient.ShouldBe("N…@Example.com"));
    }

    [Fact]
    public async Task The_list_names_nobody_and_can_be_paged()
    {
        var channel = Host.NewName("channel");
        for (var i = 0; i < 5; i++)
            await Client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = $"canary-recipient-{i}" }, stop: Stop);
        var first = await Client.SaveSuppression(new SuppressionRequest { Channel = channel, Recipient = "canary-recipient-0", Reason = "again" }, stop: Stop);

        (first.Reason, first.Cause).ShouldBe((null, "by_hand"), "one that is there stays as it is");
        foreach (var table in new[] { "suppressions", "audit", "secrets", "outbox" }) (await Everything(table)).ShouldNotContain("canary-recipient", Case.Insensitive, table);
        var page = await Client.ListSuppressionsPage(channel, limit: 2, stop: Stop);
        page.Data.Count.ShouldBe(2);
        (await Client.ListSuppressionsPage(channel, limit: 2, cursor: page.NextCursor, stop: Stop)).Data.Select(row => row.Id).ShouldNotContain(page.Data[0].Id);
        (await All(Client.ListSuppressions(channel, stop: Stop))).Select(row => row.Id).Distinct().Count().ShouldBe(5);
        (await Client.GetSuppression(first.Id, Stop)).Channel.ShouldBe(channel);
        (await All(Client.ListAudit(stop: Stop))).Count(row => row.Action == "suppression.created" && row.Target == first.Id).ShouldBe(1);
        await Client.DeleteSuppression(first.Id, stop: Stop);
        await Refused(Client.DeleteSuppression(first.Id, stop: Stop), 404, "suppression_unknown");
        await Refused(Client.GetSuppression("~x", Stop), 404, "suppression_unknown");
        await Refused(Client.SaveSuppression(new SuppressionRequest { Channel = "sms", Recipient = "12" }, stop: Stop), 400, "invalid_field", "recipient");
        await Refused(Client.SaveSuppression(new SuppressionRequest { Channel = "sms", Recipient = Phone, Tenant = "nobody" }, stop: Stop), 404, "tenant_unknown", "tenant");
    }

    private Task<string> Everything(string table) => Host.Services.GetRequiredService<Database>().Read(async connection =>
    {
        var rows = await Dapper.SqlMapper.QueryAsync(connection, "select * from " + table);
        return string.Join('\n', rows.Cast<IDictionary<string, object>>().Select(row => string.Join(' ', row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))));
    }, Stop);
}
