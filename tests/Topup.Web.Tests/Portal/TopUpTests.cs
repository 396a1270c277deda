using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Web.Tests.Portal;

/// <summary>How a tenant comes to more credits, as a person does it, on both databases.</summary>
public sealed class TopUpOnSqlite(SqlitePortal portal) : TopUpTests(portal), IClassFixture<SqlitePortal>;

public sealed class TopUpOnPostgres(PostgresPortal portal) : TopUpTests(portal), IClassFixture<PostgresPortal>;

public abstract class TopUpTests
{
    private readonly PortalFixture portal;

    private protected TopUpTests(PortalFixture portal) => this.portal = portal;

    [Fact]
    public async Task Three_actions_lead_to_the_provider_and_the_credits_are_there_after_it()
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant);
        await page.Follow("Top up SMS");
        await page.Page.GetByText("5,000 SMS", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.Press("Pay $80.00");
        await page.Page.WaitForURLAsync("**/sandbox/*");
        await page.Press("Pay", exact: true);
        await page.See("Thank you: your credits are there");
        await page.Page.WaitForURLAsync("**/portal");
        (await portal.Left(tenant, "sms")).ShouldBe(5_500);
        await page.See("Purchased: 5,000, which do not expire");
    }

    [Fact]
    public async Task What_the_operator_hides_is_not_sold_by_its_address_nor_by_a_form_of_before()
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        await using var page = await portal.Open(tenant);
        await page.Go("/portal/top-up/sms");
        await using var agreeing = await portal.Open(tenant);
        await agreeing.Go("/portal/auto-top-up/sms");
        var before = await portal.Host.Client.GetPortalSettings(TestContext.Current.CancellationToken);
        await portal.Host.Client.SavePortalSettings(before with { HiddenTypes = ["sms"] }, stop: TestContext.Current.CancellationToken);
        try
        {
            await page.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
            await page.Page.Locator("#sum button").ClickAsync();
            await page.See("Nothing was bought.");
            await page.See("There is nothing to buy");
            await agreeing.Page.GetByLabel("Buy when less than so much is left").FillAsync("100");
            await agreeing.Page.GetByLabel("What is bought").SelectOptionAsync("sms-500");
            await agreeing.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
            await agreeing.Page.GetByLabel("At most in a month").FillAsync("50");
            await agreeing.Page.GetByLabel("Your name").FillAsync("Ana");
            await agreeing.Press("Agree and switch on");
            await agreeing.See("Nothing was bought.");
            foreach (var path in (string[])["/portal/top-up/sms", "/portal/auto-top-up/sms"])
            {
                (await page.Go(path)).Status.ShouldBe(200);
                await page.See("There is nothing to buy");
                (await page.Page.Locator("main form").CountAsync()).ShouldBe(0, path);
            }
            (await portal.Left(tenant, "sms")).ShouldBe(500);
            (await portal.Host.Client.ListAutoTopUps(tenant, TestContext.Current.CancellationToken)).Data.ShouldBeEmpty();
        }
        finally
        {
            await portal.Host.Client.SavePortalSettings(before, stop: TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Without_script_another_sum_is_shown_before_it_is_charged()
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant, Look.WithoutScript);
        await page.Follow("Top up SMS");
        await page.Page.GetByLabel("As many as you like").CheckAsync();
        await page.Page.GetByLabel("How many, if you choose the amount").FillAsync("a lot");
        await page.Press("Pay $10.00");
        (await page.Page.GetByLabel("How many, if you choose the amount").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.GetByLabel("How many, if you choose the amount").FillAsync("1500");
        await page.Page.Locator("#sum button").ClickAsync();
        await page.See("Please look at the sum again before you pay.");
        (await portal.Host.Client.ListPurchases(tenant, stop: TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        await page.Press("Pay $30.00");
        await page.Page.WaitForURLAsync("**/sandbox/*");
        await page.Press("Pay", exact: true);
        await page.See("Thank you: your credits are there");
        (await portal.Left(tenant, "sms")).ShouldBe(2_000);
    }

    [Fact]
    public async Task Paid_from_the_balance_the_credits_are_there_at_once_and_a_second_press_buys_nothing_more()
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Grant(tenant, "balance", 100, "transfer");
        await using var page = await portal.Open(tenant);
        await page.Go("/portal/top-up/sms");
        await page.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
        // Two presses, as by somebody who is impatient.
        await page.Page.EvaluateAsync("() => { const form = document.querySelector('form[data-key], #choices').closest('form'); const twice = new FormData(form); window.first = fetch(location.href, { method: 'POST', body: twice }); }");
        await page.Page.EvaluateAsync("() => window.first.then(() => true)");
        await page.Press("Pay $10.00");
        await page.See("Thank you: your credits are there");
        (await portal.Left(tenant, "sms")).ShouldBe(1_000);
        (await portal.Left(tenant, "balance")).ShouldBe(90);
        await page.Go("/portal/purchases");
        await page.See("500 SMS");
        var receipt = await page.Page.APIRequest.GetAsync(await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Receipt of 500 SMS, as PDF" }).EvaluateAsync<string>("link => link.href"));
        receipt.Headers["content-type"].ShouldBe("application/pdf");
    }

    [Fact]
    public async Task What_cannot_be_paid_says_so_beside_the_form_and_keeps_what_was_chosen()
    {
        var tenant = await portal.NewTenant();
        await using var page = await portal.Open(tenant);
        await portal.Host.Grant(tenant, "balance", 5, "transfer");
        await page.Go("/portal/top-up/sms?pack=sms-5000");
        await page.Page.GetByLabel("Pay with").SelectOptionAsync("balance");
        await page.Press("Pay $80.00");
        await page.See("is missing from the balance");
        (await page.Page.GetByLabel("5,000 SMS").IsCheckedAsync()).ShouldBeTrue();
        (await page.Page.GetByLabel("Pay with").InputValueAsync()).ShouldBe("balance");
    }

    [Fact]
    public async Task The_page_of_a_purchase_says_what_is_so_and_nothing_more()
    {
        var tenant = await portal.NewTenant();
        var bought = await portal.Host.Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = "sms-500", Method = "sandbox" }, "one", TestContext.Current.CancellationToken);
        await using var page = await portal.Open(tenant);
        await page.Go("/portal/purchases/" + bought.Id);
        await page.See("Checking the payment");
        await page.ShouldBeSound("purchase-checking");
        using var http = portal.Host.NewHttp("");
        await http.PostAsync(new Uri(bought.CheckoutUrl + "/pay-later"), null, TestContext.Current.CancellationToken);
        await page.See("The payment is under way");
        await http.PostAsync(new Uri(bought.CheckoutUrl + "/pay"), null, TestContext.Current.CancellationToken);
        await page.See("Thank you: your credits are there");
        await page.ShouldBeSound("purchase-credited");
    }
}
