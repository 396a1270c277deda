using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Topup.Web.Tests.Portal;

/// <summary>What a tenant does in their portal, without a mouse, on a wide screen and on a phone's.</summary>
public sealed class PortalKeyboardTests(SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light")]
    [InlineData("narrow")]
    public async Task Credits_are_bought_in_the_amount_of_choice_and_found_in_the_history(string look)
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant, LookOf(look));
        var keys = Keyboard.Of(page);
        await keys.Follow("Top up SMS");
        await keys.Pick("5,000 SMS");
        await keys.Press("Pay $80.00");
        await keys.Press("Pay");
        await page.See("Thank you: your credits are there");
        await page.Page.WaitForURLAsync("**/portal");
        await keys.Follow("Top up SMS");
        await keys.Pick("As many as you like");
        await keys.Type("How many, if you choose the amount", "1500");
        await keys.Press("Pay $30.00");
        await keys.Press("Pay");
        await page.Page.WaitForURLAsync("**/portal");
        (await portal.Left(tenant, "sms")).ShouldBe(7_000);

        await keys.Anywhere.Follow("History");
        await keys.Choose("What happened", "purchase");
        await keys.Type("Reference", "of nothing");
        await keys.Send();
        await page.See("Nothing was found");
        // The way past the menu leaves what was asked as it is.
        await keys.Follow("Show all");
        await keys.Choose("Credits", "SMS");
        await keys.Press("Show");
        await keys.Choose("What happened", "purchase");
        await keys.Press("Show");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(2);
        await keys.Follow("Purchases and receipts");
        await keys.Anywhere.Choose("Theme", "dark");
        await keys.Anywhere.Press("Apply");
        (await page.Page.Locator("html").GetAttributeAsync("data-bs-theme")).ShouldBe("dark");
    }

    [Theory]
    [InlineData("light")]
    [InlineData("narrow")]
    public async Task Warnings_limits_automatic_top_ups_and_add_ons_are_set(string look)
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        await portal.Host.Grant(tenant, "extras", 40);
        await using var page = await portal.Open(tenant, LookOf(look));
        var keys = Keyboard.Of(page);
        await keys.Anywhere.Follow("Settings");
        await keys.Unfold("SMS");
        var warnings = keys.In(page.Page.Locator("details").Filter(new LocatorFilterOptions { HasText = "SMS" }));
        await warnings.Type("When so much per cent of them is left", "50 10");
        await warnings.Press("Save");
        (await portal.Host.Client.GetAlerts(tenant, "sms", Stop)).LowPercent.ShouldBe([50, 10]);
        await keys.In("Limits").Type("Name", "shop");
        await keys.In("Limits").Type("At most", "10");
        await keys.In("Limits").Choose("In every", "day");
        await keys.Press("Set the limit");
        (await portal.Host.Client.ListLimits(tenant, Stop)).ShouldHaveSingleItem().Cap!.Per.ShouldBe("day");
        await keys.Press("Remove shop");
        (await portal.Host.Client.ListLimits(tenant, Stop)).ShouldBeEmpty();

        await keys.Follow("Set up the automatic top-up of SMS");
        await keys.Type("Buy when less than so much is left", "20");
        await keys.Choose("Counted in", "percent");
        await keys.Choose("What is bought", "sms-500");
        await keys.Choose("Pay with", "balance");
        await keys.Type("At most in a month, in USD", "50");
        await keys.Type("Your name", "Ana");
        await keys.Send();
        (await portal.Host.Client.GetAutoTopUp(tenant, "sms", Stop)).Consent.By.ShouldBe("Ana");
        await keys.Press("Switch off");

        await keys.Anywhere.Follow("Add-ons");
        await keys.Follow("Switch AI agent on");
        await keys.Press("Switch on for", exact: false);
        (await portal.Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single(addOn => addOn.Code == "agent").Status.ShouldBe("on");
        await keys.Follow("Switch AI agent off");
        await keys.Press("Switch off");
        (await portal.Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single(addOn => addOn.Code == "agent").Status.ShouldBe("off");
    }

    [Fact]
    public async Task At_400_percent_the_portal_is_read_in_one_direction_and_nothing_is_cut_or_covered()
    {
        await using var page = await portal.Open(await portal.NewTenant(), Look.Zoomed);
        var keys = Keyboard.Of(page);
        foreach (var (path, name) in new[] { ("/portal", "portal"), ("/portal/top-up/sms", "portal-top-up") })
        {
            await page.Go(path);
            await page.ShouldBeSound(name);
            await page.ShouldBeWhole(name);
            (await keys.WalkThrough()).ShouldBeGreaterThan(5, name);
        }
    }

    private static Look LookOf(string name) => name == Look.Narrow.Name ? Look.Narrow : Look.Light;
}
