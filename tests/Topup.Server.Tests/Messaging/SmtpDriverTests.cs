using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Messaging;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Drivers.Smtp;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Messaging;

/// <summary>The mail client against a real server on this machine: what is sent, what is never sent, and what is believed.</summary>
public sealed class SmtpDriverTests(SqliteMessageHost fixture) : ServerTests(fixture), IClassFixture<SqliteMessageHost>
{
    private static readonly MessageContent Content = new("ana@example.com", "Olá, Ana", "Line one\n.\n.dot\nação", "<p>ação</p>");

    [Theory]
    [InlineData(nameof(MailSecurity.Implicit), "implicit_tls")]
    [InlineData(nameof(MailSecurity.StartTls), "start_tls")]
    [InlineData(nameof(MailSecurity.None), "none")]
    public async Task Mail_arrives_over_every_kind_of_connection_in_both_forms_and_unchanged(string kind, string security)
    {
        await using var server = FakeMailServer.Start(Enum.Parse<MailSecurity>(kind));

        var result = await Send(server, Settings(server, security));

        result.Outcome.ShouldBe(SendOutcome.Accepted, result.Reason);
        var mail = server.Mails.Single();
        mail.To.ShouldBe(["ana@example.com"]);
        mail.From.ShouldBe("MAIL FROM:<shop@example.org>");
        mail.Text.ShouldContain($"Message-ID: <{result.ProviderId}>\r\n");
        mail.Text.ShouldContain("Subject: =?utf-8?B?T2zDoSwgQW5h?=\r\n");
        mail.Text.ShouldContain("From: \"The \\\"Shop\\\"\" <shop@example.org>\r\n");
        mail.Text.ShouldContain("Line one\r\n.\r\n.dot\r\na=C3=A7=C3=A3o\r\n");
        mail.Text.ShouldContain("<p>a=C3=A7=C3=A3o</p>");
        mail.Text.All(char.IsAscii).ShouldBeTrue();
        server.Commands.Where(command => command.StartsWith("[tls]", StringComparison.Ordinal)).Any().ShouldBe(kind != nameof(MailSecurity.None));
    }

    [Fact]
    public async Task A_server_whose_offer_to_encrypt_was_taken_away_gets_no_mail_and_no_password()
    {
        await using var server = FakeMailServer.Start(MailSecurity.None);
        server.Mechanisms = "PLAIN";
        var result = await Send(server, Settings(server, "start_tls") with { Username = "u" }, "secret");
        (result.Outcome, result.Reason).ShouldBe((SendOutcome.Later, "starttls_missing"));
        server.Commands.ShouldBe(["EHLO example.org"]);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted()
    {
        await using var server = FakeMailServer.Start(MailSecurity.Implicit);
        // The certificates of the machine are read for the first time here, which may take longer than the short patience of these tests.
        var driver = new SmtpDriver(Options with { Patience = TimeSpan.FromSeconds(30) }, Host.Clock);
        var settings = Settings(server, "implicit_tls") with { TlsRoot = null };
        var result = await driver.Send(Message(Content), new MessageDriver("d", settings, "", null), Stop);
        (result.Outcome, result.Reason).ShouldBe((SendOutcome.Later, "tls_failed"));
        server.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PLAIN LOGIN", null, "[tls] AUTH PLAIN AHUAc2VjcmV0")]
    [InlineData("LOGIN", null, "[tls] AUTH LOGIN")]
    [InlineData("XOAUTH2 PLAIN", "xoauth2", "[tls] AUTH XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIHNlY3JldAEB")]
    public async Task A_password_is_shown_in_the_way_that_is_wanted_and_offered(string offered, string? auth, string command)
    {
        await using var server = FakeMailServer.Start(MailSecurity.StartTls);
        server.Mechanisms = offered;
        (await Send(server, Settings(server, "start_tls") with { Username = "u", Auth = auth }, "secret")).Outcome.ShouldBe(SendOutcome.Accepted);
        server.Commands.ShouldContain(command);
        if (offered == "LOGIN") server.Commands.ShouldContain("dQ== c2VjcmV0");
    }

    [Theory]
    [InlineData("CRAM-MD5", null)]
    [InlineData("", null)]
    [InlineData("PLAIN LOGIN", "xoauth2")]
    public async Task Where_no_way_to_show_the_password_fits_nothing_is_sent(string offered, string? auth)
    {
        await using var server = FakeMailServer.Start(MailSecurity.StartTls);
        server.Mechanisms = offered;
        var result = await Send(server, Settings(server, "start_tls") with { Username = "u", Auth = auth }, "secret");
        (result.Outcome, result.Reason).ShouldBe((SendOutcome.Later, "no_auth_mechanism"));
        server.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AUTH", "535 no", SendOutcome.Later, "auth_failed")]
    [InlineData("RCPT", "550 5.1.1 nobody", SendOutcome.Refused, "smtp_550")]
    [InlineData("RCPT", "450 busy", SendOutcome.Later, "smtp_450")]
    [InlineData("MAIL", "421 going", SendOutcome.Later, "smtp_421")]
    [InlineData("DATA", "554 no", SendOutcome.Refused, "smtp_554")]
    [InlineData(".", "550 spam", SendOutcome.Refused, "smtp_550")]
    [InlineData(".", "451 later", SendOutcome.Later, "smtp_451")]
    [InlineData("EHLO", "what", SendOutcome.Later, "reply_unreadable")]
    public async Task What_the_server_says_no_to_was_not_sent(string command, string reply, SendOutcome outcome, string reason)
    {
        await using var server = FakeMailServer.Start(MailSecurity.None);
        server.Mechanisms = "PLAIN";
        server.Answer = line => line.StartsWith(command, StringComparison.Ordinal) ? reply : null;
        var result = await Send(server, Settings(server, "none") with { Username = "u" }, "secret");
        (result.Outcome, result.Reason).ShouldBe((outcome, reason));
    }

    [Fact]
    public async Task A_server_that_hangs_up_after_the_mail_may_have_taken_it()
    {
        await using var server = FakeMailServer.Start(MailSecurity.None);
        server.HangsUpAfterMail = true;
        (await Send(server, Settings(server, "none"))).Outcome.ShouldBe(SendOutcome.Unknown);
        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_sent()
    {
        var server = FakeMailServer.Start(MailSecurity.None);
        var settings = Settings(server, "none");
        await server.DisposeAsync();
        var result = await new SmtpDriver(Options, Host.Clock).Send(Message(Content), new MessageDriver("d", settings, "", null), Stop);
        (result.Outcome, result.Reason).ShouldBe((SendOutcome.Later, "not_connected"));
    }

    [Fact]
    public async Task No_text_can_become_a_header_or_end_the_mail()
    {
        foreach (var text in new[] { "a\r\nBcc: b@example.com", "a\nb", "a\0b" })
        {
            Should.Throw<ArgumentException>(() => MailText.Of("f@x.org", "", "t@x.org", text, "t", "", "1@x.org", default));
            Should.Throw<ArgumentException>(() => MailText.Of("f@x.org", text, "t@x.org", "s", "t", "", "1@x.org", default));
            Should.Throw<ArgumentException>(() => MailText.Of("f@x.org", "", text, "s", "t", "", "1@x.org", default));
        }
        await using var server = FakeMailServer.Start(MailSecurity.None);
        var content = Content with { Subject = "=?utf-8?B?eA==?=", Text = ".\r\n.\r\nQUIT\r\n", Html = new string('é', 500) + "\n.\n" + new string(' ', 100) };
        (await Send(server, Settings(server, "none"), content: content)).Outcome.ShouldBe(SendOutcome.Accepted);
        var mail = server.Mails.Single().Text;
        mail.ShouldContain("\r\n.\r\n.\r\nQUIT\r\n");
        mail.Split("\r\n").Max(line => line.Length).ShouldBeLessThanOrEqualTo(78);
        mail.ShouldContain("Subject: =?utf-8?B?" + Convert.ToBase64String(Encoding.UTF8.GetBytes(content.Subject)));
    }

    [Fact]
    public async Task A_long_subject_is_folded_between_characters_and_comes_out_as_it_went_in()
    {
        var subject = string.Concat(Enumerable.Repeat("ação 😀 ", 20)).Trim();
        await using var server = FakeMailServer.Start(MailSecurity.None);
        await Send(server, Settings(server, "none"), content: Content with { Subject = subject });
        var mail = server.Mails.Single().Text;
        var start = mail.IndexOf("Subject: ", StringComparison.Ordinal) + 9;
        var words = mail[start..mail.IndexOf("\r\nDate:", StringComparison.Ordinal)].Split("\r\n ");
        words.Length.ShouldBeGreaterThan(3);
        words.All(word => word.Length <= 75).ShouldBeTrue();
        string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?utf-8?B?".Length..^2])))).ShouldBe(subject);
    }

    [Fact]
    public async Task The_name_of_a_domain_that_is_not_ascii_is_said_in_ascii_and_a_mailbox_that_is_not_is_refused()
    {
        await using var server = FakeMailServer.Start(MailSecurity.None);
        (await Send(server, Settings(server, "none"), content: Content with { Recipient = "ana@ação.example" })).Outcome.ShouldBe(SendOutcome.Accepted);
        server.Mails.Single().To.ShouldBe(["ana@xn--ao-siap.example"]);
        (await Send(server, Settings(server, "none"), content: Content with { Recipient = "joão@example.com" })).Reason.ShouldBe("address_not_ascii");
    }

    [Fact]
    public async Task A_tenants_mail_flows_until_its_credits_end_and_again_when_it_has_topped_up()
    {
        await using var server = FakeMailServer.Start(MailSecurity.StartTls);
        server.Mechanisms = "PLAIN";
        var (type, tenant) = (Host.NewName("type"), await Host.NewTenant());
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = "email" }, stop: Stop);
        await Client.SaveMessageDriver("mail", Settings(server, "start_tls") with { Username = "u", Secret = "secret" }, stop: Stop);
        await Host.Grant(tenant, type, 1);
        var request = new MessageRequest { Tenant = tenant, Channel = "email", To = "ana@example.com", Subject = "Hi", Text = "Hello" };

        var sent = (await Client.SendMessage(request, stop: Stop)).Message.Id;
        (await Client.SendMessage(request, stop: Stop)).Message.Status.ShouldBe("refused");
        await Host.Grant(tenant, type, 1);
        await Client.SendMessage(request, stop: Stop);
        for (var i = 0; i < 400 && server.Mails.Count < 2; i++) await Task.Delay(25, Stop);
        await Host.Services.GetRequiredService<MessageWorker>().Run(Stop);

        server.Mails.Count.ShouldBe(2);
        (await Client.GetMessage(sent, Stop)).Status.ShouldBe("sent");
        (await Host.Http.GetStringAsync("/v1/message-drivers/mail", Stop)).ShouldNotContain("secret");
        await Refused(Client.SaveMessageDriver("mail", Settings(server, "start_tls") with { Username = "u", Host = "mail.example.net" }, stop: Stop), 400, "missing_field", "secret");
        (await Client.GetMessageDriver("mail", Stop)).Missing.ShouldBeNull();
        (await Client.SaveMessageDriver("mail", Settings(server, "start_tls") with { Username = "u", Priority = 3 }, stop: Stop)).Missing.ShouldBeNull();
        await Client.DeleteMessageDriver("mail", stop: Stop);
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_refused_by_the_name_of_the_field()
    {
        var right = new MessageDriverRequest { Kind = "smtp", Channel = "email", Host = "mail.example.com", From = "shop@example.org" };
        (MessageDriverRequest Request, string Code, string Field)[] cases =
        [
            (right with { Channel = "sms" }, "invalid_field", "channel"), (right with { Host = null }, "missing_field", "host"),
            (right with { Host = "no host" }, "invalid_field", "host"), (right with { Port = 70_000 }, "invalid_field", "port"),
            (right with { Security = "ssl" }, "invalid_field", "security"), (right with { Security = "none" }, "invalid_field", "security"),
            (right with { From = null }, "missing_field", "from"), (right with { From = "shop\r\n@example.org" }, "invalid_field", "from"),
            (right with { FromName = "a\r\nb" }, "invalid_field", "from_name"), (right with { Auth = "plain" }, "missing_field", "username"),
            (right with { Username = "u" }, "missing_field", "secret"), (right with { Secret = "s" }, "missing_field", "username"),
            (right with { Username = "u", Auth = "ntlm" }, "invalid_field", "auth"), (right with { TlsRoot = "nothing" }, "invalid_field", "tls_root"),
            (right with { Url = "https://example.com" }, "invalid_field", "url"),
        ];
        foreach (var (request, code, field) in cases) await Refused(Client.SaveMessageDriver("wrong", request, stop: Stop), 400, code, field);
        await Refused(Client.GetMessageDriver("wrong", Stop), 404, "message_driver_unknown", "slug");
    }

    private MessageOptions Options => Host.Services.GetRequiredService<MessageOptions>();

    private Task<SendResult> Send(FakeMailServer server, MessageDriverRequest settings, string secret = "", MessageContent? content = null)
    {
        settings.Port.ShouldBe(server.Port);
        return new SmtpDriver(Options, Host.Clock).Send(Message(content ?? Content), new MessageDriver("d", settings, secret, null), Stop);
    }

    private static OutgoingMessage Message(MessageContent content) => new(MessageId.Of("t", "k"), "email", "transactional", "", content);

    private static MessageDriverRequest Settings(FakeMailServer server, string security) => new()
    {
        Kind = "smtp", Channel = "email", Host = "localhost", Port = server.Port, Security = security, From = "shop@example.org", FromName = "The \"Shop\"",
        TlsRoot = security == "none" ? null : server.Root,
    };
}
