using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;
using Xunit;

namespace Topup.Web.Tests.Portal;

public sealed class PortalPagesTests(SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    private static readonly string[] View = ["view"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_is_sound_in_every_look()
    {
        var tenant = await Busy();
        var (paid, _) = await Purchases(tenant);
        await PageUnderTest.ShouldBeSoundInEveryLook(look => portal.Open(tenant, look),
            ("/portal", "portal"), ("/portal/top-up/sms", "portal-top-up"), ("/portal/history", "portal-history"), ("/portal/purchases", "portal-purchases"),
            ("/portal/purchases/" + paid, "portal-purchase"), ("/portal/add-ons", "portal-add-ons"), ("/portal/add-ons/agent", "portal-add-on"),
            ("/portal/usage", "portal-usage"), ("/portal/settings", "portal-settings"), ("/portal/auto-top-up/sms", "portal-auto-top-up"),
            ("/portal/top-up/email", "portal-nothing-to-buy"), ("/portal/purchases/nobody~1", "portal-nothing-here"), ("/portal/over", "portal-over"));
    }

    [Fact]
    public async Task A_link_opens_once_and_says_so_afterwards()
    {
        var link = await portal.NewLink(await portal.NewTenant());
        await using var first = await portal.OpenNothing(Look.Light);
        await first.Go(link);
        first.Page.Url.ShouldEndWith("/portal");
        await using var second = await portal.OpenNothing(Look.Light);
        (await second.Go(link)).Status.ShouldBe(410);
        await second.See("This link is over");
        await second.ShouldBeSound("portal-link-over");
        await second.Go("/portal/history");
        second.Page.Url.ShouldEndWith("/portal/over");
    }

    [Fact]
    public async Task Balances_change_by_themselves_while_the_page_is_open()
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant);
        await page.See("Monthly: 500 of 500 left");
        await portal.Host.Consume(tenant, "sms", 450);
        await page.See("Monthly: 50 of 500 left");
        await page.See("Credits for SMS are low.");
        await portal.Host.Consume(tenant, "sms", 50);
        (await portal.Host.Consume(tenant, "sms", 3)).Allowed.ShouldBeFalse();
        await page.See("SMS is stopped: 1 refused since");
        await page.ShouldBeSound("portal-stopped");
        // What is unlimited is not sold.
        (await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Top up E-mail" }).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_only_look_finds_no_buttons_and_is_refused()
    {
        var tenant = await Busy();
        await using var page = await portal.Open(tenant, scopes: View);
        (await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Top up" }).CountAsync()).ShouldBe(0);
        foreach (var path in (string[])["/portal/top-up/sms", "/portal/auto-top-up/sms", "/portal/add-ons/agent"]) (await page.Go(path)).Status.ShouldBe(403, path);
        await page.See("You may look at your credits here");
        await page.Go("/portal/settings");
        (await page.Page.Locator("main form").CountAsync()).ShouldBe(0);
        await page.Go("/portal/history");
        await page.Page.Locator("tbody").GetByText("Used").First.WaitForAsync();
    }

    [Fact]
    public async Task History_is_filtered_and_adds_up()
    {
        var tenant = await Busy();
        await using var page = await portal.Open(tenant, Look.WithoutScript);
        await page.Follow("History");
        await page.See("−120");
        await page.See("380");
        await page.Page.GetByLabel("What happened").SelectOptionAsync("purchase");
        await page.Press("Show");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(0);
        await page.Follow("Show all");
        await page.Page.GetByLabel("Project").FillAsync("shop");
        await page.Press("Show");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        var csv = await page.Page.APIRequest.GetAsync(await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "CSV" }).EvaluateAsync<string>("link => link.href"));
        var lines = (await csv.TextAsync()).Trim().Split('\n');
        lines.Length.ShouldBe(2);
        lines[1].ShouldContain("shop");
    }

    [Fact]
    public async Task An_add_on_shows_its_exact_charge_and_what_is_missing_is_bought_with_it()
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        await using var page = await portal.Open(tenant);
        await page.Go("/portal/add-ons");
        await page.Follow("Switch AI agent on");
        var missing = (await portal.Host.Client.DryRunAddOn(new AddOnDryRunRequest { Tenant = tenant, Addon = "agent", Action = "enable" }, Stop)).Missing;
        await page.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
        await page.Press($"Buy {missing:0.##} Extras and switch on");
        await page.See("Switch AI agent off");
        (await portal.Left(tenant, "balance")).ShouldBeLessThan(100);
        await page.Follow("Switch AI agent off");
        await page.Press("Switch off");
        await page.See("Switch AI agent on");
    }

    [Fact]
    public async Task Limits_warnings_and_automatic_top_ups_are_set_by_the_tenant()
    {
        var tenant = await Busy();
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        await using var page = await portal.Open(tenant);
        await page.Go("/portal/settings");
        var form = page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Set the limit" });
        await form.GetByLabel("Name").FillAsync("Not A Code");
        await form.GetByLabel("At most").FillAsync("10");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        (await form.GetByLabel("Name").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await form.GetByLabel("At most").InputValueAsync()).ShouldBe("10");
        await form.GetByLabel("Name").FillAsync("shop");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await page.See("10 uses a month");
        (await portal.Host.Client.ListLimits(tenant, Stop)).Single().Code.ShouldBe("shop");

        var warnings = page.Page.Locator("details").Filter(new LocatorFilterOptions { HasText = "SMS" });
        await warnings.Locator("summary").ClickAsync();
        await warnings.GetByLabel("When so much per cent of them is left").FillAsync("50 101");
        await warnings.GetByRole(AriaRole.Button).ClickAsync();
        await page.See("Write whole numbers from 1 to 99.");
        await page.Page.Locator("[aria-invalid=true]").FillAsync("50 10");
        await page.Page.Locator("form").Filter(new LocatorFilterOptions { Has = page.Page.Locator("[aria-invalid=true]") }).GetByRole(AriaRole.Button).ClickAsync();
        await page.See("Warnings");
        (await portal.Host.Client.GetAlerts(tenant, "sms", Stop)).LowPercent.ShouldBe([50, 10]);

        await page.Follow("Set up the automatic top-up of SMS");
        await page.Page.GetByLabel("Buy when less than so much is left").FillAsync("400");
        await page.Page.GetByLabel("What is bought").SelectOptionAsync("sms-500");
        await page.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
        await page.Page.GetByLabel("At most in a month").FillAsync("50");
        await page.Page.GetByLabel("Your name").FillAsync("Ana");
        await page.Press("Agree and switch on");
        await page.See("Agreed to by");
        var agreed = await portal.Host.Client.GetAutoTopUp(tenant, "sms", Stop);
        agreed.Consent.By.ShouldBe("Ana");
        agreed.Consent.Words.ShouldContain("400");

        // The same in percent of the plan's 500, of which half are left.
        await page.Page.GetByLabel("Buy when less than so much is left").FillAsync("100");
        await page.Page.GetByLabel("Counted in").SelectOptionAsync("percent");
        await page.Page.GetByLabel("Your name").FillAsync("Ana");
        await page.Press("Agree and change");
        (await page.Page.GetByLabel("Buy when less than so much is left").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Counted in").InputValueAsync()).ShouldBe("percent");
        await page.Page.GetByLabel("Buy when less than so much is left").FillAsync("30");
        await page.Press("Agree and change");
        await page.See("30 percent of what the period gives");
        agreed = await portal.Host.Client.GetAutoTopUp(tenant, "sms", Stop);
        (agreed.Threshold, agreed.ThresholdPercent).ShouldBe((null, 30));
        agreed.Consent.Words.ShouldContain("30 percent of SMS");
        await page.Press("Switch off");
        await page.See("Off");
    }

    [Fact]
    public async Task Language_and_theme_are_chosen_and_kept()
    {
        await using var page = await portal.Open(await portal.NewTenant());
        await page.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        await page.Page.GetByLabel("Language").SelectOptionAsync("es");
        await page.Press("Apply");
        await page.Go("/portal/usage");
        (await page.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("es");
        (await page.Page.Locator("html").GetAttributeAsync("data-bs-theme")).ShouldBe("dark");
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_though_its_page_is_open_and_the_page_says_so()
    {
        await using var page = await portal.Open(await portal.NewTenant());
        await page.See("SMS");
        portal.Host.Clock.Advance(TimeSpan.FromMinutes(20));
        // The page looks for itself, and that is no use of the session.
        await page.Page.WaitForResponseAsync(answer => answer.Url.Contains("/portal/cards", StringComparison.Ordinal));
        portal.Host.Clock.Advance(TimeSpan.FromMinutes(20));
        await page.Page.WaitForURLAsync("**/portal/over");
        await page.See("Your session is over");
    }

    [Fact]
    public async Task After_a_week_a_card_says_how_long_the_credits_last_and_a_pack_how_long_it_would()
    {
        var tenant = await portal.NewTenant();
        for (var day = 0; day < 8; day++)
        {
            await portal.Host.Consume(tenant, "sms", 40);
            portal.Host.Clock.Advance(TimeSpan.FromDays(1));
        }
        await using var page = await portal.Open(tenant);
        await page.See("About 40 a day over the last week: lasts until about");
        await page.Follow("Top up SMS");
        await page.See("about 12 days at your pace");
        await page.Go("/portal/usage");
        await page.See("320");
    }

    [Fact]
    public async Task The_keyboard_alone_buys()
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant);
        var keys = page.Page.Keyboard;
        await keys.PressAsync("Tab");
        (await page.Page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("To the content");
        await TabTo(page, "top-up-sms");
        // Cards that change meanwhile leave the focus where it is.
        await portal.Host.Consume(tenant, "sms", 10);
        await page.See("Monthly: 490 of 500 left");
        (await page.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("top-up-sms");
        await keys.PressAsync("Enter");
        await page.See("What to buy");
        await page.Page.GetByLabel("500 SMS", new PageGetByLabelOptions { Exact = false }).First.FocusAsync();
        await keys.PressAsync("ArrowDown");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pay $80.00" }).WaitForAsync();
        await keys.PressAsync("Enter");
        await page.Page.WaitForURLAsync("**/sandbox/*");
    }

    [Fact]
    public async Task Staff_sees_what_the_tenant_sees_and_is_told_so()
    {
        var services = portal.Host.Services;
        await services.GetRequiredService<SetUpOwner>().Run(PanelFixture.SetupToken, PanelFixture.Email, "Olive Owner", PanelFixture.Password, Stop);
        var entered = await services.GetRequiredService<SignIn>().Run(new SignInRequest(PanelFixture.Email, PanelFixture.Password), "127.0.0.1", "a test", Stop);
        var staff = (await services.GetRequiredService<OperatorSessions>().Find(entered.Token, Stop))!;
        var tenant = await portal.NewTenant();
        var link = (await services.GetRequiredService<OperatorView>().Run(staff, tenant, Stop)).Value.Url;
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(link);
        await page.See($"You see what the tenant {tenant} sees. Nothing can be changed here.");
        (await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Top up" }).CountAsync()).ShouldBe(0);
        (await page.Go("/portal/top-up/sms")).Status.ShouldBe(403);
    }

    private static async Task TabTo(PageUnderTest page, string id)
    {
        for (var i = 0; i < 40; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<string>("document.activeElement.id") == id) return;
        }
        throw new InvalidOperationException($"The keyboard does not come to {id}.");
    }

    /// <summary>A tenant that has used some.</summary>
    private async Task<string> Busy()
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = "sms", Amount = 120, Subject = "shop", UsageType = "reminder" }, Guid.NewGuid().ToString(), Stop);
        await portal.Host.Grant(tenant, "extras", 40);
        return tenant;
    }

    private async Task<(string Paid, string Open)> Purchases(string tenant)
    {
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        var paid = await portal.Host.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = "sms-500", Method = "balance" }, "paid", Stop);
        var open = await portal.Host.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = "sms-5000", Method = "sandbox" }, "open", Stop);
        return (paid.Id, open.Id);
    }
}
