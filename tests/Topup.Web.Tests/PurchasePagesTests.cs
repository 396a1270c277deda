using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Web.Tests;

public sealed class PurchasePagesOnSqlite(SqlitePanel panel) : PurchasePagesTests(panel), IClassFixture<SqlitePanel>
{
    private readonly SqlitePanel panel = panel;

    [Fact]
    public async Task Pages_are_sound_in_every_look()
    {
        var till = await NewTill();
        await using var provider = till.Provider;
        var bought = await Buy(till);
        till.Pay(OrderOf(bought), amount: 3.5m);
        await panel.Host.Client.CheckPurchase(bought.Id, Stop);
        var report = await panel.Host.Client.RunReconciliation(stop: Stop);
        await panel.ShouldBeSoundInEveryLook(
            ("/admin/purchases", "purchases"), ("/admin/purchases?status=needs_review", "purchases-review"), ($"/admin/purchases/{bought.Id}", "purchase"),
                     ($"/admin/purchases/{bought.Id}/review", "purchase-decide"), ("/admin/reconciliation", "reconciliations"), ($"/admin/reconciliation/{report.Id}", "reconciliation"));
    }

    [Fact]
    public async Task Who_only_reads_sees_everything_and_is_refused_every_act()
    {
        var till = await NewTill();
        await using var provider = till.Provider;
        var bought = await Buy(till);
        till.Pay(OrderOf(bought));
        await panel.Host.Client.CheckPurchase(bought.Id, Stop);
        await using var page = await panel.OpenAsNew(Look.Light, "support");
        await page.Go("/admin/purchases/" + bought.Id);
        await page.Page.GetByText("Paid and credited").First.WaitForAsync();
        (await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Refund" }).CountAsync()).ShouldBe(0);
        (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check with the provider" }).CountAsync()).ShouldBe(0);
        (await page.Go($"/admin/purchases/{bought.Id}/refund")).Status.ShouldBe(403);
        (await page.Go("/admin/api-keys")).Status.ShouldBe(403);
        (await page.Go("/admin/health")).Status.ShouldBe(200);
    }
}

public sealed class PurchasePagesOnPostgres(PostgresPanel panel) : PurchasePagesTests(panel), IClassFixture<PostgresPanel>;

public abstract class PurchasePagesTests(PanelFixture panel)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_purchase_is_found_looked_into_and_refunded_once()
    {
        var till = await NewTill();
        await using var provider = till.Provider;
        var bought = await Buy(till);
        foreach (var notification in till.NewsOf(() => till.Pay(OrderOf(bought)))) await till.Provider.Deliver(notification);
        await using var page = await panel.OpenAsOwner(Look.Light);
        await Eventually(async () => (await panel.Host.Client.GetPurchase(bought.Id, Stop)).Status == "credited");

        await page.Go("/admin/purchases");
        await page.Page.GetByLabel("Id of the tenant").FillAsync(bought.Tenant);
        await page.Page.Locator("#method").SelectOptionAsync("stripe");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = bought.Title }).ClickAsync();
        await page.Page.GetByText("Paid and credited").First.WaitForAsync();
        await Eventually(async () =>
        {
            await page.Page.ReloadAsync();
            return await page.Page.GetByText("checkout.session.completed").First.IsVisibleAsync();
        });
        (await page.Page.GetByText("Word for word").CountAsync()).ShouldBeGreaterThan(0);
        await page.ShouldBeSound("purchase-credited");
        await Press(page, "Check with the provider");
        await page.Page.GetByText("The provider was asked.").WaitForAsync();

        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Refund" }).ClickAsync();
        await page.Page.GetByLabel("Amount").FillAsync("1,234.5");
        await page.Page.GetByLabel("Reason").FillAsync("asked for");
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await Press(page, "Give the money back");
        (await page.Page.GetByLabel("Amount").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Reason").InputValueAsync()).ShouldBe("asked for");
        await page.Page.GetByLabel("Amount").FillAsync("4");
        await page.ShouldBeSound("purchase-refund");
        // Sent twice, as an impatient finger does.
        await page.Page.EvaluateAsync(
            """
            async () => {
                const form = [...document.querySelectorAll('form')].find(form => form.querySelector('[name=amount]'));
                const body = new URLSearchParams(new FormData(form));
                await Promise.all([1, 2].map(() => fetch(location.href, { method: 'POST', body, redirect: 'manual' })));
            }
            """);
        var refunds = (await panel.Host.Client.ListRefunds(bought.Id, Stop)).Data;
        refunds.ShouldHaveSingleItem().Amount.ShouldBe(4);
        till.RefundsMade(OrderOf(bought)).ShouldBe(1);
        await page.Go("/admin/purchases/" + bought.Id);
        await page.Page.GetByText("Refunded in part").First.WaitForAsync();

        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = panel.Host.Url };
        http.DefaultRequestHeaders.Add("Cookie", string.Join("; ", (await page.Page.Context.CookiesAsync()).Select(cookie => cookie.Name + "=" + cookie.Value)));
        (await http.GetStringAsync(new Uri($"/admin/purchases.csv?tenant={bought.Tenant}", UriKind.Relative), Stop)).ShouldContain(bought.Id);
        (await http.GetStringAsync(new Uri($"/admin/purchases/{bought.Id}/receipt", UriKind.Relative), Stop)).ShouldContain(bought.Title);
        (await http.GetStringAsync(new Uri($"/admin/tenants.csv?plan=&status=&search={bought.Tenant}", UriKind.Relative), Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        (await http.GetStringAsync(new Uri("/admin/usage.csv", UriKind.Relative), Stop)).ShouldContain("uses");
    }

    [Fact]
    public async Task A_person_decides_on_money_that_is_not_what_was_agreed()
    {
        var till = await NewTill();
        await using var provider = till.Provider;
        var bought = await Buy(till);
        till.Pay(OrderOf(bought), amount: 3.5m);
        (await panel.Host.Client.CheckPurchase(bought.Id, Stop)).Review.ShouldBe("wrong_amount");
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/purchases?status=needs_review&tenant=" + bought.Tenant);
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = bought.Title }).ClickAsync();
        await page.Page.GetByText("A person must decide: the payment is not the price").WaitForAsync();
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Decide" }).ClickAsync();
        await page.Page.GetByLabel("What becomes of the money").SelectOptionAsync("credit");
        await page.Page.GetByLabel("Reason").FillAsync("an old price was promised");
        await Press(page, "Decide");
        await page.Page.GetByText("an old price was promised").First.WaitForAsync();
        var decided = await panel.Host.Client.GetPurchase(bought.Id, Stop);
        (decided.Status, decided.Review, decided.Paid).ShouldBe(("credited", null, 3.5m));
        await page.Go($"/admin/purchases/{bought.Id}/review");
        await page.Page.GetByText("Nothing to decide").First.WaitForAsync();
    }

    private protected async Task<StripeTill> NewTill()
    {
        var till = new StripeTill(new FakeStripe(panel.Host.Clock));
        await till.Provider.Start();
        till.Provider.Receiver = panel.Host.Url;
        (await panel.Host.Client.SavePaymentMethod("stripe", till.Keys, stop: Stop)).Offered.ShouldBeTrue();
        return till;
    }

    private protected async Task<PurchaseView> Buy(StripeTill till)
    {
        var type = await panel.Host.NewType();
        var pack = await panel.Host.NewPack(type, 500, 10, till.Currency);
        return await panel.Host.Client.StartPurchase(new PurchaseRequest { Tenant = await panel.Host.NewTenant(), Pack = pack, Method = "stripe" }, Guid.NewGuid().ToString(), Stop);
    }

    private protected static string OrderOf(PurchaseView purchase) => purchase.Id.Split('~')[1];

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(50, enough.Token);
    }

    private static Task Press(PageUnderTest page, string button) => page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync();
}
