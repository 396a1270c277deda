using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>The overview, usage, health, the audit log and API keys, over a shop in which something has happened.</summary>
public sealed class OperatorPagesOnSqlite(SqlitePanel panel) : OperatorPagesTests(panel), IClassFixture<SqlitePanel>
{
    private readonly SqlitePanel panel = panel;

    [Fact]
    public async Task Pages_are_sound_in_every_look()
    {
        await panel.ShouldBeSoundInEveryLook("/admin", "overview-empty");
        var shop = await NewShop();
        await panel.Host.Client.VerifyLedger(stop: Stop);
        await panel.ShouldBeSoundInEveryLook(
            ("/admin", "overview"), ("/admin/usage?type=" + shop.Type, "usage"), ("/admin/usage?span=none&by=tenant", "usage-by-tenant"), ("/admin/health", "health"),
                     ("/admin/audit", "audit"), ("/admin/api-keys", "api-keys"), ("/admin/api-keys/new", "api-key-new"));
    }

    [Fact]
    public async Task On_a_phone_the_menu_is_closed_before_the_script_comes_so_nothing_moves()
    {
        await using var page = await panel.OpenAsOwner(Look.Narrow);
        await page.Page.RouteAsync("**/*topup*.js*", async route =>
        {
            await Task.Delay(500);
            await route.ContinueAsync();
        });
        await page.Go("/admin");
        (await page.Page.EvaluateAsync<decimal>(
            """
            () => new Promise(done => {
                let moved = 0;
                new PerformanceObserver(list => list.getEntries().forEach(shift => moved += shift.value)).observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => done(moved), 300);
            })
            """)).ShouldBeLessThan(0.01m);
        var link = page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Purchases", Exact = true });
        (await link.IsVisibleAsync()).ShouldBeFalse();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Menu" }).ClickAsync();
        (await link.IsVisibleAsync()).ShouldBeTrue();
        await page.ShouldBeSound("menu-of-a-phone");
    }

    [Fact]
    public async Task What_an_address_asks_wrongly_is_said_and_never_breaks_a_page()
    {
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        foreach (var (path, words) in new[]
                 {
                     ("/admin/usage?from=yesterday", "from must be a date"), ("/admin/purchases?cursor=%00", "cursor must be"), ("/admin/purchases?status=paid&method=cash", "method must be"),
                     ("/admin/purchases?tenant=%20a%20b", "tenant must be"),
                 })
        {
            (await page.Go(path)).Status.ShouldBe(200, path);
            (await page.Page.GetByRole(AriaRole.Alert).First.TextContentAsync())!.ShouldContain(words, Case.Insensitive, path);
        }
        foreach (var path in new[] { "/admin/purchases/nothing", "/admin/reconciliation/nothing", "/admin/settings/methods/cash", "/admin/purchases/nothing/refund" })
            (await page.Go(path)).Status.ShouldBe(404, path);
        (await page.Go("/admin?days=9999999999")).Status.ShouldBe(200);
        (await page.Go("/admin/audit?search=%25%27&tenant=%27&cursor=x")).Status.ShouldBe(200);
    }
}

public sealed class OperatorPagesOnPostgres(PostgresPanel panel) : OperatorPagesTests(panel), IClassFixture<PostgresPanel>;

public abstract class OperatorPagesTests(PanelFixture panel)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_overview_has_what_was_sold_used_refused_and_who_runs_out()
    {
        var shop = await NewShop();
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin?days=7");
        await page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = shop.Type, Exact = true }).GetByText("Used: 9. Sold: 500.").WaitForAsync();
        var sales = await page.Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Sales in USD", Exact = true }).TextContentAsync();
        sales!.ShouldContain("$");
        var out_of = await page.Page.GetByText("Out of some credits").Locator("xpath=following-sibling::dd[1]").TextContentAsync();
        int.Parse(out_of!.Trim(), CultureInfo.InvariantCulture).ShouldBeGreaterThan(0, "the second tenant has used its last credit");
        await page.Go($"/admin/usage?type={shop.Type}&span=none&by=tenant");
        (await page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = shop.Tenant }).TextContentAsync())!.ShouldContain("4");
    }

    [Fact]
    public async Task Health_says_when_balances_were_checked_and_checks_them_when_asked()
    {
        await NewShop();
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/health");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check all balances now" }).ClickAsync();
        await page.Page.GetByText("All agree").WaitForAsync();
        var report = await panel.Host.Client.GetVerification(Stop);
        report.Ok.ShouldBeTrue();
        report.Entries.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Health_says_how_old_the_newest_backup_is()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        var said = page.Page.GetByText("Last backup").Locator("xpath=following-sibling::dd[1]");
        await page.Go("/admin/health");
        (await said.TextContentAsync())!.ShouldContain("None");
        var file = Path.Combine(panel.Backups.FullName, "topup-today.db");
        await File.WriteAllTextAsync(file, "a backup", Stop);
        foreach (var (hours, words) in new[] { (1, "Within a day"), (27, "More than a day ago") })
        {
            File.SetLastWriteTimeUtc(file, panel.Host.Clock.GetUtcNow().AddHours(-hours).UtcDateTime);
            await page.Go("/admin/health");
            (await said.TextContentAsync())!.ShouldSatisfyAllConditions(text => text.ShouldContain(words), text => text.ShouldMatch(@"topup-today\.db\s+· 8 bytes"));
            await page.ShouldBeSound("health-backup");
        }
        File.Delete(file);
    }

    [Fact]
    public async Task A_key_is_made_with_what_was_ticked_shown_once_found_in_the_audit_and_revoked()
    {
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/api-keys");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "New key" }).ClickAsync();
        await page.Page.GetByLabel("Name").FillAsync("shop 17");
        await page.Page.GetByLabel("Only for one tenant").FillAsync("nobody-there");
        await page.Page.GetByLabel("Save tenants").UncheckAsync();
        await Press(page, "Make the key");
        (await page.Page.GetByLabel("Only for one tenant").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Save tenants").IsCheckedAsync()).ShouldBeFalse("what was typed is kept");
        await page.Page.GetByLabel("Only for one tenant").FillAsync("");
        await Press(page, "Make the key");
        var key = (await page.Page.Locator("#key").TextContentAsync())!.Trim();
        await page.ShouldBeSound("api-key-made");
        using var http = panel.Host.NewHttp(key);
        using var client = new TopupClient(http);
        (await client.ListCreditTypesPage(stop: Stop)).ShouldNotBeNull();
        (await Should.ThrowAsync<TopupException>(client.SaveTenant("x", new TenantRequest { Name = "x", Plan = null }, stop: Stop))).Code.ShouldBe("forbidden");

        await page.Go("/admin/api-keys");
        (await page.Page.ContentAsync()).ShouldNotContain(key);
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "shop 17" }).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "shop 17" }).GetByText("Revoked").WaitForAsync();
        (await Should.ThrowAsync<TopupException>(client.ListCreditTypesPage(stop: Stop))).Code.ShouldBe("unauthorized");

        await page.Go("/admin/audit");
        await page.Page.GetByLabel("Action, who, what or why").FillAsync("API_key.");
        await Press(page, "Show");
        (await page.Page.GetByRole(AriaRole.Row).AllTextContentsAsync()).Skip(1).ShouldAllBe(row => row.Contains("api_key.", StringComparison.Ordinal));
        await page.Page.GetByText("Olive Owner").First.WaitForAsync();
    }

    /// <summary>Two tenants of a credit type, one of which has sold packs behind it and one of which has used its last credit and was refused.</summary>
    private protected async Task<(string Type, string Tenant)> NewShop()
    {
        var (host, client) = (panel.Host, panel.Host.Client);
        const string money = "money-usd";
        await client.SaveCreditType(money, new CreditTypeRequest { Name = "Balance", Unit = "USD", Decimals = 2, Currency = "USD" }, stop: Stop);
        var type = await host.NewType();
        var pack = await host.NewPack(type, 500, 10, "USD");
        var (buyer, out_of) = (await host.NewTenant(), await host.NewTenant());
        await host.Grant(buyer, money, 25);
        await client.StartPurchase(new PurchaseRequest { Tenant = buyer, Pack = pack, Method = "balance" }, Guid.NewGuid().ToString(), Stop);
        await client.ConsumeCredits(new ConsumeRequest { Tenant = buyer, Type = type, Amount = 4 }, Guid.NewGuid().ToString(), Stop);
        await host.Grant(out_of, type, 5);
        await client.ConsumeCredits(new ConsumeRequest { Tenant = out_of, Type = type, Amount = 5 }, Guid.NewGuid().ToString(), Stop);
        (await client.ConsumeCredits(new ConsumeRequest { Tenant = out_of, Type = type, Amount = 1 }, Guid.NewGuid().ToString(), Stop)).Allowed.ShouldBeFalse();
        return (type, buyer);
    }

    private static Task Press(PageUnderTest page, string button) => page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync();
}
