using Microsoft.Playwright;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Web.Tests.Portal;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>What the operator's staff does, without a mouse.</summary>
public sealed class KeyboardTests(SqlitePanel panel, Browser browser) : IClassFixture<SqlitePanel>
{
    private TestHost Host => panel.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_setup_link_to_the_first_credit()
    {
        await using var host = await TestHost.Start(DatabaseKind.Sqlite, "--Topup:SetupToken=" + PanelFixture.SetupToken, "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]));
        await using var stripe = new FakeStripe(host.Clock) { SecretKey = "sk_test_canary" };
        await stripe.Start();
        await using var page = await PageUnderTest.Open(browser, host.Url, Look.Light);
        var keys = Keyboard.Of(page);
        await page.Go("/admin/setup/" + PanelFixture.SetupToken);
        await keys.Type("Your name", "Olive Owner");
        await keys.Type("E-mail", PanelFixture.Email);
        await keys.Type("Password", PanelFixture.Password);
        await keys.Send();
        await keys.Type("Name of your business", "Acme & Sons");
        await keys.Type("Currency", "BRL");
        await keys.Type("Time zone", "America/Sao_Paulo");
        await keys.Send();
        (await host.Client.GetTimeZone(Stop)).TimeZone.ShouldBe("America/Sao_Paulo");
        await keys.Type("Credits every month", "50");
        await keys.Send();
        await page.See("Done: plan basic gives sms every month.");

        await keys.Follow("To the payment methods");
        await keys.Follow("Keys of stripe");
        await keys.Type("Secret or restricted key", "sk_test_canary");
        await keys.Type("Address of the provider", stripe.Url.ToString());
        await keys.Press("Save the keys");
        await keys.Press("Check stripe");
        await page.See("The key works, in test mode");

        await page.Go("/admin/first-steps");
        await keys.Press("Make an API key");
        var key = (await page.Page.Locator("#curl").TextContentAsync())!.Split("Bearer ")[1].Split('\'')[0];
        await new TopupClient(host.NewHttp(key)).ConsumeCredits(new ConsumeRequest { Tenant = "first-tenant", Type = "sms" }, "first", Stop);
        await page.See("Spent: 1 sms of first-tenant");
    }

    [Fact]
    public async Task Somebody_is_invited_signs_in_with_a_code_on_a_phone_and_other_sessions_are_ended()
    {
        await using var owner = await panel.OpenAsOwner(Look.Light);
        var keys = Keyboard.Of(owner);
        await owner.Go("/admin");
        await keys.Anywhere.Follow("Staff");
        await keys.In("Invite somebody").Type("E-mail", "maya@example.com");
        await keys.In("Invite somebody").Choose("Role", "manager");
        await keys.Press("Make the link");
        var link = new Uri((await owner.Page.Locator("#link").TextContentAsync())!).PathAndQuery;

        await using var phone = await panel.Open(Look.Narrow);
        var thumbs = Keyboard.Of(phone);
        await phone.Go(link);
        await thumbs.Type("Your name", "Maya Manager");
        await thumbs.Type("Password", "four words of mine");
        await thumbs.Send();
        await SignIn(thumbs);
        await Menu(thumbs).Push("Menu");
        await Menu(thumbs).Follow("Your account");
        await thumbs.Follow("Turn on");
        var secret = (await phone.Page.Locator("#secret").TextContentAsync())!;
        await thumbs.Type("Code", CodeOf(secret));
        await thumbs.Press("Turn on");
        await thumbs.Follow("I have kept them");
        await Menu(thumbs).Push("Menu");
        await Menu(thumbs).Press("Sign out");
        await SignIn(thumbs);
        Host.Clock.Advance(TimeSpan.FromSeconds(60));
        await thumbs.Type("Password", "four words of mine");
        await thumbs.Type("Code", CodeOf(secret));
        await thumbs.Send();
        phone.Page.Url.ShouldEndWith("/admin");

        await using var other = await panel.OpenAsOwner(Look.Light);
        (await other.Go("/admin")).Status.ShouldBe(200);
        await keys.Anywhere.Follow("Your account");
        await keys.Press("End all others");
        await other.Go("/admin");
        other.Page.Url.ShouldContain("/sign-in");

        Keyboard Menu(Keyboard of) => of.In(phone.Page.Locator("header"));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("narrow")]
    public async Task A_top_up_plan_is_made_changed_copied_taken_off_sale_and_deleted(string look)
    {
        var (type, code, name) = (await Host.NewType(), Host.NewName("keys"), Host.NewName("By keys"));
        await using var page = await panel.OpenAsOwner(LookOf(look));
        var keys = Keyboard.Of(page);
        await page.Go("/admin/packs?type=" + type);
        await keys.Follow("New top-up plan");
        await keys.Type("Code", code);
        await keys.Type("Name", name);
        await keys.Type("Price", "10.50");
        await keys.Type("Currency", "USD");
        await keys.Type("Credits", "500");
        await keys.Send();
        await keys.Follow(name);
        await keys.Type("Description", "For a small shop");
        await keys.Press("Save");
        (await Host.Client.GetPack(code, Stop)).Description.ShouldBe("For a small shop");

        await keys.Follow("Duplicate " + name);
        await keys.Type("Name", name + " again");
        await keys.Type("Price", "9");
        await keys.Send();
        await keys.Tick($"Choose {name} again");
        await keys.Enter();
        foreach (var either in (string[])[code, code + "-v2"]) (await Host.Client.GetPack(either, Stop)).Active.ShouldBeTrue("Enter in a box presses no switch");
        await keys.Tick($"Choose {name} again");
        await keys.Press("Take off sale");
        (await Host.Client.GetPack(code, Stop)).Active.ShouldBeTrue();
        (await Host.Client.GetPack(code + "-v2", Stop)).Active.ShouldBeFalse();
        await keys.Turn(name + " for sale");
        (await Host.Client.GetPack(code, Stop)).Active.ShouldBeFalse();

        await keys.Follow("Delete " + name);
        await keys.Type("Reason, for the audit log", "sold no more");
        await keys.Press("Delete");
        (await page.Go("/admin/packs/" + code)).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("narrow")]
    public async Task A_tenant_is_found_given_credits_corrected_taken_from_replanned_and_limited(string look)
    {
        var type = await Host.NewType();
        var (plan, other) = (await Host.NewPlan((type, 100)), await Host.NewPlan((type, 200)));
        var tenant = await Host.NewTenant(plan);
        await Host.Client.SaveAddOn("addon-" + type, new AddOnRequest { Type = type, Name = "Own domain", Price = 31, Plans = [other] }, stop: Stop);
        await using var page = await panel.OpenAsOwner(LookOf(look));
        var keys = Keyboard.Of(page);
        await page.Go("/admin");
        await keys.Anywhere.Type("Find a tenant, order, payment or key", tenant);
        await keys.Send();
        await keys.Follow("Give or take");
        var give = keys.In("Give credits");
        await give.Choose("Credit type", type);
        await give.Type("How many", "40");
        await give.Type("Reason", "Sorry for the outage");
        await give.Press("Give");
        await page.See("Done.");
        var correct = keys.In("Correct");
        await correct.Choose("Credit type", type);
        await correct.Choose("Direction", "Take away");
        await correct.Type("How many", "5");
        await correct.Type("Reason", "Counted twice");
        await correct.Press("Correct");
        await keys.Follow("Take back", exact: false);
        await keys.Type("How many", "12");
        await keys.Type("Reason", "Given by mistake");
        await keys.Press("Take back");
        (await Host.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(123);

        await keys.Follow("Plan");
        await keys.Choose("Plan", other);
        await keys.Press("What would that do?");
        await keys.Type("Reason, for the audit log", "asked for");
        await keys.Press("Change it");
        (await Host.Client.GetTenant(tenant, Stop)).Plan.ShouldBe(other);
        await keys.Follow("Limits and alerts");
        await keys.In("Set a limit").Type("Code", "daily");
        await keys.In("Set a limit").Type("At most", "9");
        await keys.In("Set a limit").Press("Set");
        (await Host.Client.ListLimits(tenant, Stop)).ShouldHaveSingleItem().Cap!.Amount.ShouldBe(9);
        await keys.Follow("Add-ons");
        await keys.Press("Enable Own domain");
        (await Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single().Status.ShouldBe("on");
    }

    [Fact]
    public async Task Money_is_given_back_after_the_password_and_a_doubtful_payment_is_decided_on()
    {
        var till = new StripeTill(new FakeStripe(Host.Clock));
        await using var provider = till.Provider;
        await provider.Start();
        await Host.Client.SavePaymentMethod("stripe", till.Keys, stop: Stop);
        var (paid, doubtful) = (await Buy(null), await Buy(3.5m));
        await using var page = await panel.OpenAsOwner(Look.Light);
        var keys = Keyboard.Of(page);
        Host.Clock.Advance(TimeSpan.FromMinutes(11));
        await page.Go("/admin/purchases?tenant=" + paid.Tenant);
        await keys.Follow(paid.Title);
        await keys.Follow("Refund");
        page.Page.Url.ShouldContain("/admin/confirm");
        await keys.Type("Password", PanelFixture.Password);
        await keys.Send();
        await keys.Type("Amount", "4");
        await keys.Type("Reason", "asked for");
        await keys.Press("Give the money back");
        (await Host.Client.ListRefunds(paid.Id, Stop)).Data.ShouldHaveSingleItem().Amount.ShouldBe(4);

        await keys.Anywhere.Follow("Purchases");
        await keys.Follow("To review");
        await keys.Follow(doubtful.Title);
        await keys.Follow("Decide");
        await keys.Choose("What becomes of the money", "credit");
        await keys.Type("Reason", "an old price was promised");
        await keys.Send();
        (await Host.Client.GetPurchase(doubtful.Id, Stop)).Status.ShouldBe("credited");

        async Task<PurchaseView> Buy(decimal? amount)
        {
            var pack = await Host.NewPack(await Host.NewType(), 500, 10, till.Currency);
            var bought = await Host.Client.StartPurchase(new PurchaseRequest { Tenant = await Host.NewTenant(), Pack = pack, Method = "stripe" }, Guid.NewGuid().ToString(), Stop);
            till.Pay(bought.Id.Split('~')[1], amount);
            return await Host.Client.CheckPurchase(bought.Id, Stop);
        }
    }

    [Fact]
    public async Task Webhooks_workflows_and_drivers_are_made_and_tried()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await FakeGateway.Start();
        await using var page = await panel.OpenAsOwner(Look.Light);
        var keys = Keyboard.Of(page);
        await page.Go("/admin/webhooks");
        await keys.Follow("New endpoint");
        await keys.Type("Address of the receiver", receiver.Url);
        await keys.Tick("The address may be private, or without https");
        await keys.Tick("All events, also those that come later");
        await keys.Unfold("Or only these events");
        await keys.Tick("credits.granted");
        await keys.Press("Save");
        await keys.Follow("I have kept it");
        await keys.Press("Send a ping");
        await page.See("The receiver took it.");

        await keys.Anywhere.Follow("Workflows");
        await keys.Follow("New workflow");
        await keys.Type("Code", "used-up");
        await keys.Type("Name", "Used up");
        await keys.Choose("When this happens", "credits.exhausted");
        await keys.Press("Show what fits this event");
        await keys.Choose("What to add", "email");
        await keys.Press("Add");
        await keys.Type("Subject line", "{credit_type} is used up");
        await keys.Type("Text", "Hello {tenant_name}");
        await keys.Tick("On");
        await keys.Press("Save");
        await keys.Follow("Try it");
        await page.See("Hello Acme Ltd");
        await keys.Anywhere.Follow("Workflows");
        await keys.Press("Switch on Used up");
        (await Host.Client.GetWorkflow("used-up", Stop)).Enabled.ShouldBeTrue();

        await page.Go("/admin/messages/drivers");
        await keys.Follow("New driver");
        await keys.Follow("Your own gateway");
        await keys.Type("Name", "by-keys");
        await keys.Type("Channel", "pigeon");
        await keys.Type("Address that messages are posted to", gateway.Url);
        await keys.Tick("The address may be private, or without https");
        await keys.Type("Secret that signs requests", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        await keys.Press("Save");
        await keys.Type("Recipient", "somebody");
        await keys.Send();
        await page.See("It was accepted");
        gateway.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Settings_are_changed_in_sight_of_the_preview_and_a_key_is_made_and_revoked()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        var keys = Keyboard.Of(page);
        await page.Go("/admin/settings");
        await keys.Type("Label in your own menu", "Buy messages");
        await page.Page.Locator("#preview", new PageLocatorOptions { HasText = "Buy messages" }).WaitForAsync();
        await keys.Tick("Descriptions of what is for sale");
        await keys.In("How it looks").Press("Save");
        (await Host.Client.GetBrandSettings(Stop)).MenuLabel.ShouldBe("Buy messages");
        await keys.Press("Use Minimal");
        (await Host.Client.GetPortalSettings(Stop)).ShowPlanCredits.ShouldBe(false);

        await keys.Anywhere.Follow("API keys");
        await keys.Follow("New key");
        await keys.Type("Name", "the shop");
        await keys.Tick("Save tenants");
        await keys.Press("Make the key");
        await keys.Follow("I have kept it");
        var row = page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "the shop" });
        await keys.In(row).Press("Revoke");
        await row.GetByText("Revoked").WaitForAsync();
    }

    [Fact]
    public async Task At_400_percent_the_panel_is_read_in_one_direction_and_nothing_is_cut_or_covered()
    {
        var type = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 100)));
        await Host.Consume(tenant, type, 3);
        await using var page = await panel.OpenAsOwner(Look.Zoomed);
        var keys = Keyboard.Of(page);
        foreach (var (path, name) in new[] { ("/admin", "overview"), ("/admin/tenants/" + tenant, "tenant") })
        {
            await page.Go(path);
            await page.ShouldBeSound(name);
            await page.ShouldBeWhole(name);
            (await keys.WalkThrough()).ShouldBeGreaterThan(5, name);
        }
    }

    private static Look LookOf(string name) => name == Look.Narrow.Name ? Look.Narrow : Look.Light;

    private string CodeOf(string secret) => Totp.CodeOf(Totp.SecretOf(secret), Totp.StepAt(Instant.From(Host.Clock.GetUtcNow())));

    private static async Task SignIn(Keyboard keys)
    {
        await keys.Type("E-mail", "maya@example.com");
        await keys.Type("Password", "four words of mine");
        await keys.Send();
    }
}
