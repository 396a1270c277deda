using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Messaging;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Drivers.Smtp;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Messaging;

/// <summary>E-mail through a mail server that others wrote, read back from its mailbox.</summary>
public sealed partial class RealMailServerTests(SqliteMessageHost fixture) : MessageDeskTests(fixture), IClassFixture<SqliteMessageHost>
{
    private static readonly MessageContent Content = new("ana@example.com", "Olá, Ana ✓", "Linha 1\n.\n..\n" + new string('é', 300), "<p>Olá</p>");

    [Fact]
    public async Task Credits_flow_into_the_mailbox_until_they_end()
    {
        await using var server = await RealMailServer.Strict();
        var (tenant, type, _) = await Open(Settings(server) with { Username = RealMailServer.Username, Secret = RealMailServer.Password }, credits: 3);
        var replies = new List<MessageReply>();
        for (var i = 0; i < 4; i++)
            replies.Add(await Client.SendMessage(new MessageRequest
            {
                Tenant = tenant, Channel = "email", To = $"ana{i}@example.com", Subject = $"Olá {i}", Text = "Linha\n.\nfim", Html = "<b>é</b>",
            }, stop: Stop));

        foreach (var reply in replies.Take(3)) await Until(reply, "sent");
        var mails = await server.Until(3);

        replies[3].Message.Reason.ShouldBe("insufficient_credits");
        mails.Select(mail => mail.To).Order().ShouldBe(["ana0@example.com", "ana1@example.com", "ana2@example.com"]);
        foreach (var reply in replies.Take(3))
            mails.Count(mail => mail.MessageId == Client.GetMessage(reply.Message.Id, Stop).Result.ProviderId).ShouldBe(1);
        mails.ShouldAllBe(mail => mail.Text.Contains("with esmtpsa", StringComparison.Ordinal), "encrypted, and by who has the password");
        (await Left(tenant, type)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_mail_comes_out_as_it_went_in()
    {
        await using var server = await RealMailServer.Open();
        (await Send(server, Settings(server) with { Security = "none" }, "", Content)).Outcome.ShouldBe(SendOutcome.Accepted);
        var mail = (await server.Until(1)).Single().Text.ReplaceLineEndings("\n");
        var words = Word().Matches(mail[..mail.IndexOf("\nDate:", StringComparison.Ordinal)]).Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));
        string.Concat(words).ShouldBe(Content.Subject);
        Part(mail, "plain").ShouldBe(Content.Text);
        Part(mail, "html").ShouldBe(Content.Html);
    }

    [Theory]
    [InlineData("nobody@example.com", SendOutcome.Refused, "smtp_550")]
    [InlineData("busy@example.com", SendOutcome.Later, "smtp_451")]
    public async Task What_it_refuses_was_not_sent(string to, SendOutcome outcome, string reason)
    {
        await using var server = await RealMailServer.Open();
        var result = await Send(server, Settings(server) with { Security = "none" }, "", Content with { Recipient = to });
        (result.Outcome, result.Reason).ShouldBe((outcome, reason));
        result.Suppress.ShouldBe(to.StartsWith(RealMailServer.Nobody, StringComparison.Ordinal) ? SuppressionCause.Bounced : SuppressionCause.None);
        server.Mails().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strict_server_gets_nothing_without_its_certificate_encryption_or_password()
    {
        await using var server = await RealMailServer.Strict();
        var right = Settings(server) with { Username = RealMailServer.Username };
        foreach (var auth in new[] { null, "plain", "login" })
            (await Send(server, right with { Auth = auth }, RealMailServer.Password, Content)).Outcome.ShouldBe(SendOutcome.Accepted, auth);
        (MessageDriverRequest Settings, string Password, SendOutcome Outcome, string Reason)[] cases =
        [
            (right, "another", SendOutcome.Later, "auth_failed"), (right with { Auth = "xoauth2" }, RealMailServer.Password, SendOutcome.Later, "no_auth_mechanism"),
            (right with { TlsRoot = null }, RealMailServer.Password, SendOutcome.Later, "tls_failed"),
            (right with { Security = "none" }, RealMailServer.Password, SendOutcome.Later, "no_auth_mechanism"),
            (right with { Username = null, Security = "none" }, "", SendOutcome.Refused, "smtp_530"),
        ];
        foreach (var (settings, password, outcome, reason) in cases)
        {
            var result = await Send(server, settings, password, Content);
            (result.Outcome, result.Reason).ShouldBe((outcome, reason));
        }
        (await server.Until(3)).Count.ShouldBe(3);
        await using var open = await RealMailServer.Open();
        (await Send(open, Settings(open), "", Content)).Reason.ShouldBe("starttls_missing");
    }

    private Task<SendResult> Send(RealMailServer server, MessageDriverRequest settings, string password, MessageContent content)
    {
        settings.Port.ShouldBe(server.Port);
        return new SmtpDriver(Host.Services.GetRequiredService<MessageOptions>() with { Patience = TimeSpan.FromSeconds(20) }, Host.Clock)
            .Send(new OutgoingMessage(MessageId.Of("t", Guid.NewGuid().ToString()), "email", "transactional", "", content), new MessageDriver("d", settings, password, null), Stop);
    }

    private static MessageDriverRequest Settings(RealMailServer server) => new()
    {
        Kind = "smtp", Channel = "email", Host = "localhost", Port = server.Port, From = "shop@example.org", FromName = "The Shop", TlsRoot = server.Root,
    };

    /// <summary>A part of the mail as whoever reads it sees it.</summary>
    private static string Part(string mail, string kind)
    {
        var start = mail.IndexOf("\n\n", mail.IndexOf($"Content-Type: text/{kind}", StringComparison.Ordinal), StringComparison.Ordinal) + 2;
        var quoted = mail[start..mail.IndexOf("\n--=_", start, StringComparison.Ordinal)].Replace("=\n", "", StringComparison.Ordinal);
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Quoted().Replace(quoted, match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString())));
    }

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex("=([0-9A-F]{2})")]
    private static partial Regex Quoted();
}
