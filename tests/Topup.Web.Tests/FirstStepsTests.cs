using Microsoft.Playwright;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>From the setup link to the first credit spent, as somebody would do it who has never seen it.</summary>
public sealed class FirstStepsTests(Browser browser)
{
    private const string Token = PanelFixture.SetupToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Somebody_sets_it_up_and_sees_the_first_credit_as_it_is_spent(string database)
    {
        await using var host = await TestHost.Start(database == "sqlite" ? DatabaseKind.Sqlite : DatabaseKind.Postgres, "--Topup:SetupToken=" + Token);
        await using var page = await PageUnderTest.Open(browser, host.Url, Look.Light);
        await page.Go("/admin/setup/" + Token);
        await page.Page.GetByLabel("Your name").FillAsync("Olive Owner");
        await page.Page.GetByLabel("E-mail").FillAsync("olive@example.com");
        await page.Page.GetByLabel("Password").FillAsync("too short");
        await Press(page, "Create the account");
        (await page.Page.GetByLabel("E-mail").InputValueAsync()).ShouldBe("olive@example.com");
        (await page.Page.GetByLabel("Password").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.ShouldBeSound("setup");

        await page.Page.GetByLabel("Password").FillAsync(PanelFixture.Password);
        await Press(page, "Create the account");
        await page.Page.WaitForURLAsync("**/admin/first-steps");
        await page.Page.GetByLabel("Name of your business").FillAsync("Acme & Sons");
        await page.Page.GetByLabel("Currency", new PageGetByLabelOptions { Exact = false }).FillAsync("xyz");
        await page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Name of your business" }).GetByRole(AriaRole.Button).ClickAsync();
        (await page.Page.GetByLabel("Currency").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Time zone").InputValueAsync()).ShouldBe("UTC", "the one in force");
        await page.Page.GetByLabel("Currency").FillAsync("brl");
        await page.Page.GetByLabel("Time zone").FillAsync("Atlantis/Nowhere");
        await page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Name of your business" }).GetByRole(AriaRole.Button).ClickAsync();
        (await page.Page.GetByLabel("Time zone").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Time zone").InputValueAsync()).ShouldBe("Atlantis/Nowhere", "what was typed is kept");
        await page.ShouldBeSound("first-steps-wrong-zone");
        (await host.Client.GetMoneySettings(TestContext.Current.CancellationToken)).Currency.ShouldBe("USD", "where something is wrong, nothing is saved");
        await page.Page.GetByLabel("Time zone").FillAsync("America/Sao_Paulo");
        await page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Name of your business" }).GetByRole(AriaRole.Button).ClickAsync();
        (await page.Page.GetByLabel("Currency").InputValueAsync()).ShouldBe("BRL");
        (await page.Page.GetByLabel("Time zone").InputValueAsync()).ShouldBe("America/Sao_Paulo");
        await page.Page.GetByText("in force now: UTC").WaitForAsync();

        await page.Page.GetByLabel("Credits every month").FillAsync("50");
        await page.Page.Locator("form").Filter(new LocatorFilterOptions { HasText = "Credits every month" }).GetByRole(AriaRole.Button).ClickAsync();
        await page.Page.GetByText("Done: plan basic gives sms every month.").WaitForAsync();
        await Press(page, "Make an API key");
        await page.Page.GetByText("The key is shown this once.").WaitForAsync();
        var line = await page.Page.Locator("#curl").TextContentAsync();
        await page.ShouldBeSound("first-steps");

        var key = line!.Split("Bearer ")[1].Split('\'')[0];
        await new TopupClient(host.NewHttp(key)).ConsumeCredits(new ConsumeRequest { Tenant = "first-tenant", Type = "sms" }, "first", TestContext.Current.CancellationToken);
        await page.Page.GetByText("Spent: 1 sms of first-tenant").WaitForAsync(new LocatorWaitForOptions { Timeout = 10_000 });
        (await page.Page.Locator("#spent-mark use").GetAttributeAsync("href"))!.ShouldEndWith("#circle-check");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Next: open the tenant's portal and top up" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/admin/tenants/first-tenant/portal");
        (await page.Go("/admin/setup/" + Token)).Status.ShouldBe(200);
        await page.Page.GetByLabel("Your name").FillAsync("Another");
        await page.Page.GetByLabel("E-mail").FillAsync("another@example.com");
        await page.Page.GetByLabel("Password").FillAsync(PanelFixture.Password);
        await Press(page, "Create the account");
        await page.Page.GetByText("This link was used already").WaitForAsync();
    }

    private static Task Press(PageUnderTest page, string button) => page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync();
}
