using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests.Portal;

/// <summary>The portal in a page of another origin, as a platform shows it.</summary>
public sealed class EmbedTests(Browser browser, SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_tops_up_in_the_frame_and_pays_at_the_top()
    {
        var tenant = await portal.NewTenant();
        await using var host = await Allowed(tenant);
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin.ToString());
        var frame = page.Page.FrameLocator("topup-portal iframe");
        await frame.GetByText("Monthly: 500 of 500 left").WaitForAsync();
        await Happens(page, "ready");
        await Happens(page, "resize");
        (await page.Page.Locator("topup-portal iframe").EvaluateAsync<bool>("frame => frame.clientHeight > 300")).ShouldBeTrue();
        await page.Page.EvaluateAsync("document.querySelector('topup-portal').setAttribute('theme', 'dark')");
        await frame.Locator("html[data-bs-theme=dark]").WaitForAsync();

        await portal.Host.Consume(tenant, "sms", 100);
        await frame.GetByText("Monthly: 400 of 500 left").WaitForAsync();
        await frame.GetByRole(AriaRole.Link, new FrameLocatorGetByRoleOptions { Name = "Top up SMS" }).ClickAsync();
        await frame.GetByRole(AriaRole.Button, new FrameLocatorGetByRoleOptions { Name = "Pay $10.00" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/sandbox/*");
        await page.Press("Pay", exact: true);
        await page.See("Thank you: your credits are there");
        await page.Page.WaitForURLAsync(host.Name + "/");
        (await portal.Left(tenant, "sms")).ShouldBe(900);
    }

    [Fact]
    public async Task The_page_in_PHP_shows_the_portal_and_the_tenant_pays_at_the_top()
    {
        var tenant = await portal.NewTenant();
        await using var host = await PhpHostPage.Start(portal.Host.Url, tenant, async origin =>
        {
            await Allow(origin);
            // No more than the example says that it needs.
            return await portal.Host.NewKey(tenant: null, "purchase");
        });
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin + "/");
        var frame = page.Page.FrameLocator("topup-portal iframe");
        await frame.GetByText("Monthly: 500 of 500 left").WaitForAsync();
        await page.Press("Top up SMS");
        await page.Page.FrameLocator("topup-button dialog iframe").GetByRole(AriaRole.Button, new FrameLocatorGetByRoleOptions { Name = "Pay $10.00" }).ClickAsync();
        await page.Page.WaitForURLAsync("**/sandbox/*");
        await page.Press("Pay", exact: true);
        await page.Page.WaitForURLAsync(host.Origin + "/");
        await frame.GetByText("Purchased: 500, which do not expire").WaitForAsync();
        // What is in the address is not believed, and breaks nothing.
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(host.Origin) };
        foreach (var path in (string[])["/credits?page[]=x&lang[]=x&theme[]=x", "/credits?page=%0d%0aX:%20y&lang=%00&theme=pink"])
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther, path);
            answer.Headers.Location!.ToString().ShouldStartWith(new Uri(portal.Host.Url, "/portal/open/").ToString());
            answer.Headers.Location!.Query.ShouldBe("");
        }
    }

    [Fact]
    public async Task The_button_opens_what_there_is_to_buy_and_the_page_is_told_what_was_credited()
    {
        var tenant = await portal.NewTenant();
        await portal.Host.Grant(tenant, "balance", 20, "transfer");
        await using var host = await Allowed(tenant);
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin.ToString());
        await page.Press("Top up SMS");
        var frame = page.Page.FrameLocator("topup-button dialog iframe");
        await frame.GetByLabel("Pay with").SelectOptionAsync("balance");
        await frame.GetByRole(AriaRole.Button, new FrameLocatorGetByRoleOptions { Name = "Pay $10.00" }).ClickAsync();
        await frame.GetByText("Thank you: your credits are there").WaitForAsync();
        await Happens(page, "purchase.credited");
        (await page.Page.EvaluateAsync<string>("window.events.find(event => event.of === 'sms').credits")).ShouldBe("500");
        (await page.Page.Locator("#news").TextContentAsync()).ShouldBe("500 sms were added.");
        // Messages of anybody but the frame are not passed on.
        await page.Page.EvaluateAsync("window.events.length = 0; window.postMessage({ source: 'topup', v: 1, type: 'purchase.credited', purchase: 'forged' }, '*')");
        await portal.Host.Consume(tenant, "sms", 1);
        await page.Page.Keyboard.PressAsync("Escape");
        (await page.Page.EvaluateAsync<int>("window.events.filter(event => event.purchase === 'forged').length")).ShouldBe(0);
    }

    [Fact]
    public async Task A_session_that_is_over_begins_anew_by_itself()
    {
        var tenant = await portal.NewTenant();
        await using var host = await Allowed(tenant);
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin.ToString());
        var frame = page.Page.FrameLocator("topup-portal iframe");
        await frame.GetByText("Monthly: 500 of 500 left").WaitForAsync();
        portal.Host.Clock.Advance(TimeSpan.FromMinutes(31));
        await Happens(page, "session.expired");
        await portal.Host.Consume(tenant, "sms", 1);
        await frame.GetByText("Monthly: 499 of 500 left").WaitForAsync();
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_frame_it()
    {
        var tenant = await portal.NewTenant();
        await using var allowed = await Allowed(tenant);
        await using var other = await HostPage.Start("127.0.0.1", portal.Host.Url, _ => portal.NewLink(tenant, embed: allowed.Name));
        await using var page = await portal.OpenNothing(Look.Light);
        var refused = new TaskCompletionSource<string>();
        page.Page.Console += (_, message) =>
        {
            if (message.Text.Contains("frame-ancestors", StringComparison.Ordinal)) refused.TrySetResult(message.Text);
        };
        await page.Go(other.Origin.ToString());
        (await refused.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop)).ShouldContain(allowed.Name);
        (await page.Page.EvaluateAsync<int>("window.events.filter(event => event.type === 'ready').length")).ShouldBe(0);
    }

    [Fact]
    public async Task Where_cookies_are_blocked_the_link_is_kept_and_opens_in_a_new_tab()
    {
        // Another site to browsers, which keep no cookies of the frame over plain http.
        var tenant = await portal.NewTenant();
        await using var host = await Allowed(tenant, "localhost");
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin.ToString());
        await Happens(page, "error");
        (await page.Page.EvaluateAsync<string>("window.events.find(event => event.type === 'error').code")).ShouldBe("cookies_blocked");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open your credits" }).WaitForAsync();
        var opened = page.Page.FrameLocator("topup-portal iframe").GetByRole(AriaRole.Link, new FrameLocatorGetByRoleOptions { Name = "Open in a new tab" });
        var tab = await page.Page.Context.RunAndWaitForPageAsync(() => opened.ClickAsync());
        await tab.GetByText("Monthly: 500 of 500 left").WaitForAsync();
    }

    [Fact]
    public async Task Over_https_the_cookie_is_kept_for_a_page_of_another_site()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        var file = Path.Combine(Directory.CreateTempSubdirectory("topup-tls-").FullName, "server.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx), Stop);
        await using var server = await TestHost.Start(DatabaseKind.Sqlite, "--urls", "http://127.0.0.1:0;https://127.0.0.1:0",
            "--Kestrel:Certificates:Default:Path=" + file);
        var secure = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal)));
        await server.Client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, stop: Stop);
        await server.SavePlan("starter", ("sms", 500));
        await server.SaveTenant("acme", "starter");
        await using var host = await HostPage.Start("localhost", secure, async origin => new Uri(secure, new Uri((await server.Client.CreatePortalSession(
            new PortalSessionRequest { Tenant = "acme", Scopes = ["view"], Embed = origin }, Stop)).Url).PathAndQuery).ToString());
        await server.Client.SavePortalSettings(new PortalSettings { AllowedOrigins = [host.Name] }, stop: Stop);
        await using var page = await PageUnderTest.Open(browser, secure, Look.Light);
        await page.Go(host.Origin.ToString());
        var frame = page.Page.FrameLocator("topup-portal iframe");
        await frame.GetByText("Monthly: 500 of 500 left").WaitForAsync();
        await frame.GetByRole(AriaRole.Link, new FrameLocatorGetByRoleOptions { Name = "History" }).ClickAsync();
        await frame.GetByRole(AriaRole.Heading, new FrameLocatorGetByRoleOptions { Name = "History" }).WaitForAsync();
    }

    [Fact]
    public async Task A_receipt_is_read_in_a_new_tab_that_has_no_cookie_for_as_long_as_the_session_goes_on()
    {
        var (tenant, other) = (await portal.NewTenant(), await portal.NewTenant());
        await portal.Host.Grant(tenant, "balance", 20, "transfer");
        await portal.Host.Grant(other, "balance", 20, "transfer");
        var order = new PurchaseRequest { Tenant = other, Pack = "sms-500", Method = "balance" };
        var others = await portal.Host.Client.StartPurchase(order, "of-another", Stop);
        await using var host = await Allowed(tenant);
        await using var page = await portal.OpenNothing(Look.Light);
        await page.Go(host.Origin.ToString());
        await page.Press("Top up SMS");
        var frame = page.Page.FrameLocator("topup-button dialog iframe");
        await frame.GetByLabel("Pay with").SelectOptionAsync("balance");
        await frame.GetByRole(AriaRole.Button, new FrameLocatorGetByRoleOptions { Name = "Pay $10.00" }).ClickAsync();
        await frame.GetByText("Thank you: your credits are there").WaitForAsync();
        var link = frame.GetByRole(AriaRole.Link, new FrameLocatorGetByRoleOptions { Name = "Receipt of 500 SMS, to print" });
        (await link.GetAttributeAsync("target")).ShouldBe("_blank");
        var path = (await link.GetAttributeAsync("href"))!;

        // No cookie at all, as of a tab that a frame of another site opens.
        await using var tab = await portal.OpenNothing(Look.Light);
        (await tab.Go(path)).Status.ShouldBe(200);
        await tab.See("500 SMS");
        await tab.ShouldBeSound("embed-receipt");
        (await tab.Go("/portal/purchases")).Url.ShouldEndWith("/portal/over");

        // For this receipt alone, and no longer than the session.
        (await tab.Go(path[..path.LastIndexOf('/')] + "/" + Uri.EscapeDataString(others.Id))).Status.ShouldBe(404);
        (await tab.Go(path.Replace(path.Split('/')[4], path.Split('/')[4][1..] + "A", StringComparison.Ordinal))).Status.ShouldBe(404);
        portal.Host.Clock.Advance(TimeSpan.FromMinutes(31));
        (await tab.Go(path)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_script_is_small_and_browsers_need_not_fetch_it_again()
    {
        using var http = portal.Host.NewHttp("");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/embed.js");
        request.Headers.Add("Accept-Encoding", "br");
        using var sent = await http.SendAsync(request, Stop);
        (await sent.Content.ReadAsByteArrayAsync(Stop)).Length.ShouldBeLessThan(5_000);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/embed.js");
        again.Headers.TryAddWithoutValidation("If-None-Match", sent.Headers.ETag!.ToString());
        (await http.SendAsync(again, Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotModified);
    }

    /// <summary>A page whose origin may frame portals, for sessions of a tenant.</summary>
    private async Task<HostPage> Allowed(string tenant, string host = "127.0.0.1")
    {
        var page = await HostPage.Start(host, portal.Host.Url, origin => portal.NewLink(tenant, embed: origin, returnUrl: origin + "/"));
        await Allow(page.Name);
        return page;
    }

    private async Task Allow(string origin)
    {
        var saved = await portal.Host.Client.GetPortalSettings(Stop);
        await portal.Host.Client.SavePortalSettings(saved with { AllowedOrigins = [.. saved.AllowedOrigins, origin] }, stop: Stop);
    }

    private static Task<IJSHandle> Happens(PageUnderTest page, string type) => page.Page.WaitForFunctionAsync("type => window.events.some(event => event.type === type)", type);
}
