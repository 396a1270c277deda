using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Web.Tests;

public sealed class MessagePagesOnSqlite(SqlitePanel panel) : MessagePagesTests(panel), IClassFixture<SqlitePanel>
{
    [Fact]
    public async Task Pages_of_messages_are_sound_in_every_look()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(500);
        var (channel, slug, message) = await Unknown(gateway);
        await Host.Client.SaveMessageTemplate("reminder-" + slug, new MessageTemplateRequest { Channel = channel, Text = "Hello {first_name}, see you at {time}." }, stop: Stop);
        var gone = await Host.Client.SaveSuppression(new SuppressionRequest { Channel = "sms", Recipient = "+5511998760001", Reason = "asked by phone" }, stop: Stop);
        await Panel.ShouldBeSoundInEveryLook(
            ("/admin/messages", "messages"),
            ("/admin/messages/" + message.Id, "message"),
            ("/admin/messages/drivers", "message-drivers"),
            ("/admin/messages/drivers/" + slug, "message-driver"),
            ("/admin/messages/drivers/~new?kind=smtp", "message-driver-new"),
            ("/admin/messages/templates", "message-templates"),
            ("/admin/messages/templates/reminder-" + slug, "message-template"),
            ("/admin/messages/suppressions", "suppressions"),
            ("/admin/messages/suppressions/" + gone.Id, "suppression"));
    }

    [Fact]
    public async Task A_driver_asks_for_the_fields_of_its_kind_and_never_shows_a_secret()
    {
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/messages/drivers/~new");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Mail server" }).ClickAsync();
        await Fill(page, ("Name", "mail-of-a-page"), ("Mail server", "mail.example.com"), ("User name", "shop"), ("Password", "hush, a secret"), ("Sender", "shop@example.com"), ("Port", "many"));
        (await page.Page.GetByLabel("Account SID").CountAsync()).ShouldBe(0);
        await page.Page.Locator("[name=host]").FillAsync("mail.example.com");
        await page.Page.Locator("[name=slug]").FillAsync("mail-of-a-page");
        await Press(page, "Save");
        (await page.Page.Locator("[name=port]").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.Locator("[name=port]").FillAsync("2525");
        await page.Page.Locator("[name=secret]").FillAsync("hush, a secret");
        await Press(page, "Save");
        page.Page.Url.ShouldEndWith("/admin/messages/drivers/mail-of-a-page");
        (await page.Page.ContentAsync()).ShouldNotContain("hush");
        await page.Page.Locator("[name=from_name]").FillAsync("The Shop");
        await Press(page, "Save");
        (await Host.Client.GetMessageDriver("mail-of-a-page", Stop)).ShouldSatisfyAllConditions(
            driver => driver.Port.ShouldBe(2525), driver => driver.FromName.ShouldBe("The Shop"), driver => driver.Missing.ShouldBeNull());

        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch off mail-of-a-page" }).ClickAsync();
        (await Host.Client.GetMessageDriver("mail-of-a-page", Stop)).ShouldSatisfyAllConditions(
            driver => driver.Enabled.ShouldBeFalse(), driver => driver.Missing.ShouldBeNull(), driver => driver.Host.ShouldBe("mail.example.com"));
        await page.Go("/admin/messages/drivers/mail-of-a-page");
        await Press(page, "Delete");
        (await page.Go("/admin/messages/drivers/mail-of-a-page")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_template_keeps_what_was_typed_until_it_is_right()
    {
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/messages/templates/~new");
        await Fill(page, ("Code", "welcome"), ("Channel", "sms"), ("Text", "Hello {first_name}"), ("Subject", "Not of a text message"));
        await Press(page, "Save");
        (await page.Page.Locator("[name=subject]").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.Locator("[name=text]").InputValueAsync()).ShouldBe("Hello {first_name}");
        await page.Page.Locator("[name=subject]").FillAsync("");
        await page.Page.Locator("[name=content_sid]").FillAsync("HX" + new string('a', 32));
        await page.Page.Locator("[name=content_variables]").FillAsync("1 = {first_name}\n2 = {last_name}");
        await Press(page, "Save");
        (await Host.Client.GetMessageTemplate("welcome", Stop)).ShouldSatisfyAllConditions(
            made => made.Variables.ShouldBe(["first_name", "last_name"], ignoreOrder: true), made => made.ContentVariables!["2"].ShouldBe("{last_name}"));
        await page.Go("/admin/messages/templates/welcome");
        await Press(page, "Delete");
        (await page.Go("/admin/messages/templates/welcome")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Somebody_is_suppressed_found_and_written_to_again_without_standing_in_an_address()
    {
        const string phone = "+5511998760002";
        await using var page = await Panel.OpenAsOwner(Look.Light);
        page.Page.Request += (_, request) => request.Url.ShouldNotContain("98760002");
        await page.Go("/admin/messages/suppressions");
        var add = page.Page.Locator("section").Filter(new LocatorFilterOptions { HasText = "Add somebody" });
        await add.GetByLabel("Channel").FillAsync("sms");
        await add.GetByLabel("Number or address").FillAsync("nobody");
        await add.GetByRole(AriaRole.Button).ClickAsync();
        (await add.GetByLabel("Number or address").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await add.GetByLabel("Number or address").FillAsync(phone);
        await add.GetByRole(AriaRole.Button).ClickAsync();
        await page.Page.WaitForURLAsync("**/suppressions");
        (await Host.Client.FindSuppressions(new SuppressionRequest { Channel = "sms", Recipient = phone }, Stop)).Data.Count.ShouldBe(1);

        var find = page.Page.Locator("section").Filter(new LocatorFilterOptions { HasText = "Find somebody" });
        await find.GetByLabel("Channel").FillAsync("sms");
        await find.GetByLabel("Number or address").FillAsync(phone);
        await find.GetByRole(AriaRole.Button).ClickAsync();
        await page.Page.GetByText("1 entry keeps messages").WaitForAsync();
        await page.ShouldBeSound("suppressions-found");
        await page.Page.Locator("tbody th a").ClickAsync();
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await Fill(page, ("Reason, for the audit log", "asked again"));
        await Press(page, "Let messages through again");
        await page.Page.WaitForURLAsync("**/suppressions");
        (await Host.Client.FindSuppressions(new SuppressionRequest { Channel = "sms", Recipient = phone }, Stop)).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_only_supports_reads_messages_and_decides_nothing()
    {
        await using var gateway = await FakeGateway.Start();
        gateway.Reply(500);
        var (_, _, message) = await Unknown(gateway);
        await using var page = await Panel.OpenAsNew(Look.Light, "support");
        (await page.Go("/admin/messages/" + message.Id)).Status.ShouldBe(200);
        (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).CountAsync()).ShouldBe(0);
        (await page.Go("/admin/messages/drivers")).Status.ShouldBe(403);
        (await page.Go("/admin/messages/suppressions")).Status.ShouldBe(403);
    }
}

public sealed class MessagePagesOnPostgres(PostgresPanel panel) : MessagePagesTests(panel), IClassFixture<PostgresPanel>;

/// <summary>Messages, their drivers and who gets none, as the operator's staff sees and changes them.</summary>
public abstract class MessagePagesTests
{
    private protected MessagePagesTests(PanelFixture panel) => Panel = panel;

    internal PanelFixture Panel { get; }

    internal TestHost Host => Panel.Host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_driver_is_made_and_tried_and_a_message_of_unknown_outcome_is_found_and_resolved()
    {
        await using var gateway = await FakeGateway.Start();
        var (channel, slug) = (Host.NewName("channel"), Host.NewName("driver"));
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/messages/drivers/~new?kind=http");
        await Fill(page, ("Name", slug), ("Channel", channel), ("Address that messages are posted to", gateway.Url), ("Secret that signs requests", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        await Press(page, "Save");
        (await page.Page.GetByLabel("Address that messages are posted to").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.GetByLabel("The address may be private").CheckAsync();
        await Fill(page, ("Secret that signs requests", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        await Press(page, "Save");
        await Fill(page, ("Recipient", "somebody"));
        await Press(page, "Send a test message");
        await page.Page.Locator("#test-result").GetByText("It was accepted").WaitForAsync();
        gateway.Calls.Count.ShouldBe(1);

        gateway.Reply(500);
        var message = await Send(channel);
        await page.Go("/admin/messages");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Outcome unknown" }).ClickAsync();
        await page.Page.Locator($"a[href='/admin/messages/{Uri.EscapeDataString(message.Id)}']").ClickAsync();
        await page.Page.GetByText("Hello there").WaitForAsync();
        await page.Page.GetByLabel("It was").SelectOptionAsync("not_sent");
        await Fill(page, ("How you know", "the gateway's log"));
        await Press(page, "Save");
        (await Host.Client.GetMessage(message.Id, Stop)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("failed"), seen => seen.Credits.ShouldBe(0));
        (await Host.Client.ListAudit(stop: Stop).FirstAsync(audited => audited.Reason == "the gateway's log", Stop)).Actor.ShouldStartWith("staff:");
        await page.Go($"/admin/messages?status=unknown&channel={channel}");
        await page.Page.GetByText("No message is like that").WaitForAsync();
        await page.Go($"/admin/messages?status=failed&channel={channel}&tenant={message.Tenant}");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(1);
    }

    /// <summary>A message that a gateway has answered with an error, so that nobody knows what became of it.</summary>
    private protected async Task<(string Channel, string Slug, MessageView Message)> Unknown(FakeGateway gateway)
    {
        var (channel, slug) = (Host.NewName("channel"), Host.NewName("driver"));
        await Host.Client.SaveMessageDriver(slug, new MessageDriverRequest
        {
            Kind = "http", Channel = channel, Url = gateway.Url, AllowPrivate = true, Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        }, stop: Stop);
        return (channel, slug, await Send(channel));
    }

    private protected static async Task Fill(PageUnderTest page, params (string Label, string Value)[] fields)
    {
        foreach (var (label, value) in fields) await page.Page.Locator("main").GetByLabel(label).First.FillAsync(value);
    }

    private protected static Task Press(PageUnderTest page, string button) =>
        page.Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button, Exact = true }).ClickAsync();

    private async Task<MessageView> Send(string channel)
    {
        var type = Host.NewName("type");
        await Host.Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "message", Decimals = 0, Channel = channel }, stop: Stop);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, type, 5);
        var sent = await Host.Client.SendMessage(new MessageRequest { Tenant = tenant, Channel = channel, To = "somebody", Text = "Hello there" }, stop: Stop);
        for (var i = 0; i < 400; i++)
        {
            var message = await Host.Client.GetMessage(sent.Message.Id, Stop);
            if (message.Status == "unknown") return message;
            await Task.Delay(25, Stop);
        }
        throw new InvalidOperationException("The message never became unknown.");
    }
}
