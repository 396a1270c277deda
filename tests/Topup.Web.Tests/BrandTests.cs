using System.Net;
using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Web.Tests;

public sealed class BrandTests(SqlitePanel panel) : IClassFixture<SqlitePanel>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_have_the_name_logo_and_colours_of_the_operator_at_once()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/account");
        (await page.Page.TitleAsync()).ShouldBe("Your account · Topup");
        await panel.Host.Client.SaveBusinessSettings(new BusinessSettings { Name = "Acme & Sons" }, stop: Stop);
        await page.Go("/admin/account");
        (await page.Page.TitleAsync()).ShouldBe("Your account · Acme & Sons");

        await panel.Host.Client.SaveBrandSettings(new BrandSettings { Name = "Acme", Accent = "#ffd43b", Logo = PanelFixture.Logo }, stop: Stop);
        await page.Go("/admin/account");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Acme" }).WaitForAsync();
        (await page.Page.Locator("img.logo").EvaluateAsync<int>("logo => logo.naturalWidth")).ShouldBe(1);
        var shown = (await panel.Host.Client.GetBrandSettings(Stop)).Colours!;
        (await Accent(page)).ShouldBe(shown.Light.Accent);
        await page.ShouldBeSound("brand");

        await using var dark = await panel.OpenAsOwner(Look.DarkRoom);
        await dark.Go("/admin/account");
        (await Accent(dark)).ShouldBe("#ffd43b");
        await dark.ShouldBeSound("brand");
    }

    [Fact]
    public async Task Colours_are_kept_for_good_under_the_address_of_their_content_only()
    {
        await using var page = await panel.Open(Look.Light);
        await page.Go("/sign-in");
        var address = (await page.Page.Locator("link[href^='/brand.css']").GetAttributeAsync("href"))!;
        using var http = new HttpClient { BaseAddress = panel.Host.Url };
        using var kept = await http.GetAsync(new Uri(address, UriKind.Relative), Stop);
        using var stale = await http.GetAsync(new Uri("/brand.css?v=0", UriKind.Relative), Stop);
        (kept.StatusCode, kept.Headers.CacheControl!.ToString()).ShouldBe((HttpStatusCode.OK, "public, max-age=31536000, immutable"));
        stale.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        (await stale.Content.ReadAsStringAsync(Stop)).ShouldBe(await kept.Content.ReadAsStringAsync(Stop));
    }

    private static Task<string> Accent(PageUnderTest page) =>
        page.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).getPropertyValue('--topup-accent').trim()");
}
