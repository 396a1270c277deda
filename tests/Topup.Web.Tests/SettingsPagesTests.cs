using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Web.Tests;

public sealed class SettingsPagesTests(SqlitePanel panel) : IClassFixture<SqlitePanel>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task Pages_are_sound_in_every_look() => panel.ShouldBeSoundInEveryLook(
        ("/admin/settings", "settings"), ("/admin/settings/payments", "settings-payments"), ("/admin/settings/business", "settings-business"),
        ("/admin/settings/methods/stripe", "settings-keys"));

    [Fact]
    public async Task The_preview_shows_what_is_typed_and_nothing_is_saved_before_it_is_sent()
    {
        await panel.Host.Client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/settings");
        var preview = page.Page.Locator("#preview");
        (await preview.TextContentAsync())!.ShouldContain("$1,234.50");
        await page.Page.GetByLabel("Label in your own menu").FillAsync("Buy messages");
        await page.Page.GetByLabel("Currency").FillAsync("EUR");
        await page.Page.GetByLabel("What the plan gives every month").UncheckAsync();
        await page.Page.GetByLabel("Colour of the button to top up").FillAsync("#c2255c");
        await page.Page.Locator("#preview", new PageLocatorOptions { HasText = "Buy messages" }).WaitForAsync();
        await page.Page.WaitForFunctionAsync("() => document.querySelector('#preview').textContent.includes('1.234,50') && !document.querySelector('#preview progress')");
        await page.Page.WaitForFunctionAsync("() => getComputedStyle(document.querySelector('#preview .btn-top-up')).backgroundColor === 'rgb(194, 37, 92)'");
        await page.ShouldBeSound("settings-preview");
        (await panel.Host.Client.GetBrandSettings(Stop)).MenuLabel.ShouldBeNull("nothing was sent");

        await page.Page.GetByLabel("Seconds until").FillAsync("11");
        await Save(page, "How it looks");
        (await page.Page.GetByLabel("Seconds until").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await panel.Host.Client.GetBrandSettings(Stop)).MenuLabel.ShouldBeNull("where something is wrong, nothing is saved");
        await page.Page.GetByLabel("Seconds until").FillAsync("7");
        await page.Page.GetByRole(AriaRole.Checkbox, new PageGetByRoleOptions { Name = "SMS" }).UncheckAsync();
        await Save(page, "How it looks");
        await page.Page.GetByLabel("How Euro", new PageGetByLabelOptions { Exact = false }).Or(page.Page.GetByText("How EUR is written")).First.WaitForAsync();

        var (brand, portal, money, checkout) = (await panel.Host.Client.GetBrandSettings(Stop), await panel.Host.Client.GetPortalSettings(Stop), await panel.Host.Client.GetMoneySettings(Stop),
            await panel.Host.Client.GetCheckoutSettings(Stop));
        (brand.MenuLabel, brand.Button, money.Currency, checkout.RedirectDelay).ShouldBe(("Buy messages", "#c2255c", "EUR", 7));
        (portal.ShowPlanCredits, portal.ShowRemaining, string.Join(',', portal.HiddenTypes!)).ShouldBe((false, true, "sms"));
        money.Styles!.ShouldBeEmpty("nothing differs from the country's own writing");

        await page.Page.GetByLabel("Symbol", new PageGetByLabelOptions { Exact = true }).FillAsync("Eur");
        await Save(page, "How it looks");
        await page.Page.Locator("#preview", new PageLocatorOptions { HasText = "Eur" }).WaitForAsync();
        (await panel.Host.Client.GetMoneySettings(Stop)).Styles!["EUR"].Symbol.ShouldBe("Eur");
    }

    [Fact]
    public async Task A_preset_says_what_it_changes_and_changes_that()
    {
        await panel.Host.Client.SavePortalSettings(new PortalSettings { ShowDescriptions = true }, stop: Stop);
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/settings");
        var minimal = page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Minimal" });
        (await minimal.TextContentAsync())!.ShouldContain("Hides descriptions");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Use Minimal" }).ClickAsync();
        await minimal.GetByText("This is how it is now").WaitForAsync();
        var portal = await panel.Host.Client.GetPortalSettings(Stop);
        (portal.ShowRemaining, portal.ShowPlanCredits, portal.ShowDescriptions).ShouldBe((true, false, false));
        (await panel.Host.Client.GetCheckoutSettings(Stop)).RedirectDelay.ShouldBe(0);
    }

    [Fact]
    public async Task A_logo_is_a_picture()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/settings");
        await page.Page.Locator("#logo-file").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the logo" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasText = "logo must be" }).WaitForAsync();
        await page.Page.Locator("#logo-file").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Convert.FromBase64String(PanelFixture.Logo.Split(',')[1]) });
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the logo" }).ClickAsync();
        await page.Page.GetByAltText("The logo of now").WaitForAsync();
        (await panel.Host.Client.GetBrandSettings(Stop)).Logo.ShouldBe(PanelFixture.Logo);
    }

    [Fact]
    public async Task The_keys_of_a_provider_are_given_checked_and_never_shown()
    {
        await using var stripe = new FakeStripe(panel.Host.Clock) { SecretKey = "sk_test_canary" };
        await stripe.Start();
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/settings/methods/stripe");
        await page.Page.GetByLabel("Secret or restricted key").FillAsync("has a space");
        await page.Page.GetByLabel("Address of the provider").FillAsync(stripe.Url.ToString());
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the keys" }).ClickAsync();
        (await page.Page.GetByLabel("Secret or restricted key").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.ContentAsync()).ShouldNotContain("has a space");
        await page.Page.GetByLabel("Secret or restricted key").FillAsync("sk_test_canary");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save the keys" }).ClickAsync();
        await page.Page.GetByText("Not checked yet").WaitForAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check stripe" }).ClickAsync();
        await page.Page.GetByText("The key works, in test mode").WaitForAsync();
        await page.ShouldBeSound("settings-payments-checked");
        (await page.Page.ContentAsync()).ShouldNotContain("canary");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Switch off stripe" }).ClickAsync();
        await page.Page.GetByText("Switched off").WaitForAsync();
        (await panel.Host.Client.ListPaymentMethods(Stop)).Data.Single(method => method.Method == "stripe").Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task A_tax_is_typed_as_it_is_written_and_receipts_have_it()
    {
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/settings/business");
        await page.Page.GetByLabel("Tax that prices include").FillAsync("VAT");
        await page.Page.GetByLabel("Its rate in percent").FillAsync("a lot");
        await Save(page, "Who sells");
        (await page.Page.GetByLabel("Its rate in percent").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Its rate in percent").InputValueAsync()).ShouldBe("a lot");
        await page.Page.GetByLabel("Its rate in percent").FillAsync("19,5");
        await Save(page, "Who sells");
        (await panel.Host.Client.GetBusinessSettings(Stop)).Tax!.Rate.ShouldBe(19.5m);
        await page.Page.GetByLabel("Origins of your pages").FillAsync("https://app.example.com\nhttps://app.example.com/path");
        await Save(page, "Where the portal may be framed");
        (await page.Page.GetByLabel("Origins of your pages").GetAttributeAsync("aria-invalid")).ShouldBe("true");
    }

    [Fact]
    public async Task A_time_zone_is_typed_and_pages_say_that_it_waits_for_the_next_start()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        var notice = page.Page.GetByText("is saved and holds from the next start");
        await page.Go("/admin/settings/business");
        var zone = page.Page.GetByLabel("Time zone");
        var offered = await page.Page.Locator("datalist option").EvaluateAllAsync<string[]>("options => options.map(option => option.value)");
        offered.ShouldSatisfyAllConditions(ids => ids.ShouldContain("UTC"), ids => ids.ShouldContain("America/Sao_Paulo"), ids => ids.Length.ShouldBeGreaterThan(300));
        await zone.FillAsync("Atlantis/Nowhere");
        await Save(page, "Days and months");
        (await zone.GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await zone.InputValueAsync()).ShouldBe("Atlantis/Nowhere");
        (await panel.Host.Client.GetTimeZone(Stop)).TimeZone.ShouldNotBe("Atlantis/Nowhere");
        await zone.FillAsync("Asia/Tokyo");
        await Save(page, "Days and months");
        await notice.WaitForAsync();
        (await notice.TextContentAsync())!.ShouldSatisfyAllConditions(words => words.ShouldContain("Asia/Tokyo"), words => words.ShouldContain("begin in UTC"));
        (await panel.Host.Client.GetTimeZone(Stop)).ShouldBe(new TimeZoneView { TimeZone = "Asia/Tokyo", TimeZoneInForce = "UTC" });
        await page.ShouldBeSound("settings-business-zone");
        foreach (var path in new[] { "/admin/settings", "/admin/settings/payments", "/admin/health" })
        {
            await page.Go(path);
            (await notice.CountAsync()).ShouldBe(1, path);
        }
        await page.ShouldBeSound("health-zone");

        await page.Go("/admin/settings/business");
        await zone.FillAsync("UTC");
        await Save(page, "Days and months");
        await notice.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await page.Go("/admin/health");
        (await notice.CountAsync()).ShouldBe(0, "what is saved is in force");
    }

    private static Task Save(PageUnderTest page, string section) =>
        page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = section }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
}
