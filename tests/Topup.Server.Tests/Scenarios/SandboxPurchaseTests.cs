using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Checkout;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class SandboxPurchaseOnSqlite(SqliteSandbox host) : SandboxPurchaseTests(host), IClassFixture<SqliteSandbox>;

public sealed class SandboxPurchaseOnPostgres(PostgresSandbox host) : SandboxPurchaseTests(host), IClassFixture<PostgresSandbox>;

public sealed class SqliteSandbox() : HostFixture(isPostgres: false, "--Topup:Sandbox=true");

public sealed class PostgresSandbox() : HostFixture(isPostgres: true, "--Topup:Sandbox=true");

public abstract class SandboxPurchaseTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_buyer_pays_on_the_page_comes_back_and_has_the_credits_once()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Buy(tenant, pack, "buy-1");
        (ordered.Status, ordered.Paid, ordered.Replayed).ShouldBe(("pending", 0, false));
        (await Buy(tenant, pack, "buy-1")).ShouldBe(ordered with { Replayed = true });
        (await Buy(tenant, pack, "another tab")).Id.ShouldBe(ordered.Id, "what is open already is not ordered twice");

        (await Open(ordered.CheckoutUrl!)).ShouldContain("no money is moved here");
        (await Left(tenant, type)).ShouldBe(0);
        (await Press(ordered, "pay")).ShouldContain("your credits are there");
        await Press(ordered, "pay");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open(ReturnOf(ordered))));

        (await Left(tenant, type)).ShouldBe(500);
        var paid = await Client.GetPurchase(ordered.Id, Stop);
        (paid.Status, paid.Paid, paid.CheckoutUrl).ShouldBe(("credited", 12.50m, null));
        var news = (await Host.Events(tenant)).Select(told => told.Type).ToList();
        (news.Count(told => told == "purchase.paid"), news.Count(told => told == "credits.purchased")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Who_has_paid_is_sent_on_and_only_to_an_address_that_may_be()
    {
        var (tenant, _, pack) = await Shop();
        var request = new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "sandbox", ReturnUrl = "https://app.example.com/credits?a=1&b=2" };
        var ordered = await Client.StartPurchase(request, "buy-1", Stop);
        using var http = Host.NewHttp("");
        (await http.GetAsync(new Uri(ReturnOf(ordered)), Stop)).Headers.Contains("Refresh").ShouldBeFalse("nothing is paid yet");
        await Press(ordered, "pay");
        var paid = await http.GetAsync(new Uri(ReturnOf(ordered)), Stop);
        paid.Headers.GetValues("Refresh").ShouldBe(["3;url=https://app.example.com/credits?a=1&b=2"]);
        (await paid.Content.ReadAsStringAsync(Stop)).ShouldContain("href=\"https://app.example.com/credits?a=1&amp;b=2\"");

        foreach (var wrong in new[] { "http://app.example.com/", "javascript:alert(1)", "/credits", "https://user@app.example.com/", "https://app.example.com/a b", "https://a/" + new string('x', 500) })
            await Refused(Client.StartPurchase(request with { ReturnUrl = wrong }, Guid.NewGuid().ToString(), Stop), 400, "invalid_field", "return_url");
    }

    [Fact]
    public async Task The_demo_tenants_portal_opens_in_a_browser_and_is_not_there_without_the_sandbox()
    {
        await using var server = await Fixture.NewHost("--Topup:Demo=true");
        using var browser = server.NewHttp("");
        var opened = await browser.GetAsync(new Uri("/sandbox", UriKind.Relative), Stop);
        opened.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/portal");
        (await opened.Content.ReadAsStringAsync(Stop)).ShouldContain("/portal/top-up/sms");

        await using var real = await Fixture.NewHost("--Topup:Demo=true", "--Topup:Sandbox=false");
        using var buyer = real.NewHttp("");
        (await buyer.GetAsync(new Uri("/sandbox", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Money_that_comes_after_the_time_to_pay_still_credits()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Buy(tenant, pack, "buy-1");
        (await Press(ordered, "pay-later")).ShouldContain("under way");
        Host.Clock.Advance(TimeSpan.FromDays(2));
        (await Press(ordered, "pay")).ShouldContain("your credits are there");
        (await Left(tenant, type)).ShouldBe(500);
    }

    [Fact]
    public async Task What_nobody_pays_expires_and_credits_nothing()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Buy(tenant, pack, "buy-1");
        Host.Clock.Advance(TimeSpan.FromHours(2));
        await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        (await Client.GetPurchase(ordered.Id, Stop)).Status.ShouldBe("expired");
        (await Left(tenant, type)).ShouldBe(0);
        (await Buy(tenant, pack, "buy-2")).Id.ShouldNotBe(ordered.Id);
    }

    [Fact]
    public async Task Nobody_comes_back_and_the_reconciler_credits()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Buy(tenant, pack, "buy-1");
        using (var http = NoRedirect()) (await http.PostAsync(new Uri(ordered.CheckoutUrl! + "/pay"), null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Left(tenant, type)).ShouldBe(0);
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        (await Left(tenant, type)).ShouldBe(500);
    }

    [Fact]
    public async Task Partial_refunds_take_back_their_share_and_add_up_to_all_of_it()
    {
        var (tenant, type, pack) = await Shop();
        var ordered = await Buy(tenant, pack, "buy-1");
        await Press(ordered, "pay");
        await Host.Consume(tenant, type, 450);

        (await Client.RefundPurchase(ordered.Id, new RefundRequest { Amount = 4.17m, Reason = "test" }, "r1", Stop)).Status.ShouldBe("succeeded");
        (await Client.RefundPurchase(ordered.Id, new RefundRequest { Amount = 4.17m, Reason = "test" }, "r1", Stop)).Replayed.ShouldBeTrue();
        (await Left(tenant, type)).ShouldBe(0);
        await Client.RefundPurchase(ordered.Id, new RefundRequest { Reason = "test" }, "r2", Stop);

        var pool = await Client.GetPool(tenant, type, Stop);
        (pool.Remaining.Total, pool.Remaining.Debt).ShouldBe((0, 450));
        (await Client.GetPurchase(ordered.Id, Stop)).ShouldSatisfyAllConditions(
            purchase => purchase.Status.ShouldBe("refunded"), purchase => purchase.Refunded.ShouldBe(12.50m));
        await Refused(Client.RefundPurchase(ordered.Id, new RefundRequest { Amount = 1, Reason = "test" }, "r3", Stop), 409, "purchase_not_refundable", "amount");
    }

    [Fact]
    public async Task A_type_that_was_disabled_meanwhile_puts_the_money_on_the_balance()
    {
        var (tenant, type, pack) = await Shop("CHF");
        var money = await Host.NewType(2, "CHF");
        var ordered = await Buy(tenant, pack, "buy-1");
        await Client.SaveCreditType(type, new CreditTypeRequest { Name = type, Unit = "credit", Decimals = 0, Enabled = false }, stop: Stop);
        (await Press(ordered, "pay")).ShouldContain("on your balance");
        (await Left(tenant, money)).ShouldBe(12.50m);
        (await Left(tenant, type)).ShouldBe(0);
    }

    [Fact]
    public async Task A_forged_notification_is_refused_and_a_large_one_too()
    {
        using var http = Host.NewHttp("");
        using var forged = new StringContent("""{"id":"evt_1","type":"checkout.session.completed"}""", Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri("/webhooks/stripe", UriKind.Relative), forged, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var large = new ByteArrayContent(new byte[256 * 1024 + 1]);
        (await http.PostAsync(new Uri("/webhooks/stripe", UriKind.Relative), large, Stop)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await http.PostAsync(new Uri("/webhooks/nobody", UriKind.Relative), null, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(string Tenant, string Type, string Pack)> Shop(string currency = "USD")
    {
        var type = await Host.NewType();
        return (await Host.NewTenant(), type, await Host.NewPack(type, 500, 12.50m, currency));
    }

    private Task<PurchaseView> Buy(string tenant, string pack, string key) =>
        Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "sandbox" }, key, Stop);

    private async Task<string> Open(string url)
    {
        using var http = Host.NewHttp("");
        return await http.GetStringAsync(new Uri(url), Stop);
    }

    private async Task<string> Press(PurchaseView purchase, string action)
    {
        using var http = Host.NewHttp("");
        var answer = await http.PostAsync(new Uri($"{Host.Url}sandbox/{purchase.CheckoutUrl!.Split('/')[^1]}/{action}"), null, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static HttpClient NoRedirect() => new(new HttpClientHandler { AllowAutoRedirect = false });

    private static string ReturnOf(PurchaseView purchase) => purchase.CheckoutUrl!.Replace("/sandbox/", "/checkout/", StringComparison.Ordinal);

    private async Task<decimal> Left(string tenant, string type) => (await Client.GetPool(tenant, type, Stop)).Remaining.Total;
}
