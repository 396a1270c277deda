using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Web;
using Topup.Web.Tests.Portal;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>
/// P14 for pages, out of the list of all routes: nobody comes into the panel without signing in, and whatever id somebody
/// writes into an address or a form, a portal shows and changes one tenant's alone.
/// </summary>
public sealed class PageWallTests(SqlitePortal portal) : IClassFixture<SqlitePortal>
{
    /// <summary>What only the other tenant's data has in it.</summary>
    private const string Canary = "canary-7f3a";

    private static readonly Regex Placeholder = new(@"\{(\w+)[^}]*\}", RegexOptions.CultureInvariant);
    private static readonly Regex FormToken = new("name=\"_token\" value=\"([^\"]+)\"", RegexOptions.CultureInvariant);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<(string Pattern, Attribute? Access, bool IsPage)> Routes =>
        portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Pattern: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), Access: AccessOf(endpoint), IsPage: endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null))
            .Where(route => route.Access is not null || route.IsPage).Distinct();

    [Fact]
    public void Every_page_says_who_may_see_it()
    {
        Routes.Count().ShouldBeGreaterThan(20);
        Routes.Where(route => route.Access is null).Select(route => route.Pattern).ShouldBeEmpty();
        // Under these addresses nothing stands that is of somebody else.
        Routes.Where(route => route.Pattern.StartsWith("/portal", StringComparison.Ordinal) && route.Access is StaffPageAttribute).ShouldBeEmpty();
        Routes.Where(route => route.Pattern.StartsWith("/admin", StringComparison.Ordinal) && route.Access is PortalPageAttribute).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_panel_asks_whoever_has_no_session_of_staff_to_sign_in()
    {
        var (cookie, _) = await Enter(await portal.NewTenant());
        using var visitor = Http("");
        using var tenant = Http(cookie);
        // A portal's token is no staff's, under whichever name it comes.
        using var renamed = Http(cookie.Replace("topup-portal", "topup-staff", StringComparison.Ordinal));
        foreach (var route in Routes.Where(route => route.Access is StaffPageAttribute))
        {
            var path = Fill(route.Pattern, "x", "x");
            foreach (var http in (HttpClient[])[visitor, tenant, renamed])
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Stop);
                answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
                answer.Headers.Location!.ToString().ShouldStartWith("/sign-in", customMessage: path);
            }
        }
    }

    [Fact]
    public async Task A_portal_opens_for_no_session_but_its_own()
    {
        var (cookie, _) = await Enter(await portal.NewTenant());
        // A token of a portal opens none as a cookie of the staff; one of the staff opens none as a portal's.
        using var visitor = Http("");
        using var renamed = Http(cookie.Replace("topup-portal", "topup-staff", StringComparison.Ordinal));
        using var staff = Http("topup-portal=" + await StaffToken());
        foreach (var route in Routes.Where(route => route.Access is PortalPageAttribute))
            foreach (var http in (HttpClient[])[visitor, renamed, staff])
            {
                using var answer = await http.GetAsync(new Uri(Fill(route.Pattern, "x", "x"), UriKind.Relative), Stop);
                answer.Headers.Location?.ToString().ShouldBe("/portal/over", route.Pattern);
            }
    }

    [Fact]
    public async Task A_portal_shows_nothing_of_another_tenant_whatever_is_written_into_the_address()
    {
        var (other, purchase) = await Other();
        var (cookie, _) = await Enter(await portal.NewTenant());
        using var http = Http(cookie);
        var (seen, ids) = (0, new[] { purchase, other, $"{other}~sms~1" });
        foreach (var route in Routes.Where(route => route.Access is PortalPageAttribute))
            foreach (var id in ids)
            {
                var query = string.Join('&', new[] { "tenant", "id", "purchase", "subject", "reference", "q", "key" }.Select(name => $"{name}={Uri.EscapeDataString(id)}"));
                using var answer = await http.GetAsync(new Uri(Fill(route.Pattern, id, "sms") + "?" + query, UriKind.Relative), Stop);
                ((int)answer.StatusCode).ShouldBeLessThan(500, route.Pattern);
                (await answer.Content.ReadAsStringAsync(Stop)).ShouldNotContain(Canary, customMessage: route.Pattern);
                if (route.Pattern.Contains("{id", StringComparison.OrdinalIgnoreCase)) answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, route.Pattern);
                seen++;
            }
        seen.ShouldBeGreaterThan(30);
        // The canary is there to be seen, by whom it belongs to.
        var (own, _) = await Enter(other);
        using var owner = Http(own);
        (await owner.GetStringAsync(new Uri("/portal/history", UriKind.Relative), Stop)).ShouldContain(Canary);
        foreach (var path in (string[])["", "/receipt", "/receipt.pdf"])
            (await owner.GetAsync(new Uri($"/portal/purchases/{purchase}{path}", UriKind.Relative), Stop)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
    }

    [Fact]
    public async Task No_form_of_a_portal_changes_anything_of_another_tenant()
    {
        var (other, purchase) = await Other();
        var open = await portal.Host.Client.StartPurchase(new PurchaseRequest { Tenant = other, Pack = "sms-5000", Method = "sandbox" }, "open", Stop);
        var before = await Everything(other);
        var tenant = await portal.NewTenant();
        var (cookie, _) = await Enter(tenant);
        using var http = Http(cookie);
        var token = FormToken.Match(await http.GetStringAsync(new Uri("/portal", UriKind.Relative), Stop)).Groups[1].Value;
        token = WebUtility.HtmlDecode(token);
        string[] handlers = ["top-up", "cancel", "look", "switch", "buy", "agree", "end", "resume", "limit", "remove-" + Canary, "alerts-sms"];
        foreach (var route in Routes.Where(route => route.Access is PortalPageAttribute && route.IsPage))
            foreach (var handler in handlers)
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["_handler"] = handler, ["_token"] = token, ["_key"] = Guid.NewGuid().ToString(), ["tenant"] = other, ["id"] = open.Id, ["purchase"] = open.Id,
                    ["pack"] = "sms-500", ["sum"] = "1000 USD", ["method"] = "balance", ["code"] = "canary", ["cap.amount"] = "1", ["cap.measure"] = "uses", ["cap.per"] = "day",
                    ["low_percent"] = "77", ["language"] = "es", ["theme"] = "dark", ["action"] = "enable", ["threshold"] = "1", ["monthly_cap"] = "100", ["consent.by"] = "x",
                });
                using var answer = await http.PostAsync(new Uri(Fill(route.Pattern, open.Id, "sms"), UriKind.Relative), form, Stop);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{route.Pattern} {handler}");
            }
        (await Everything(other)).ShouldBe(before);
        // The forms do something where it is one's own.
        (await portal.Host.Client.ListLimits(tenant, Stop)).ShouldHaveSingleItem().Code.ShouldBe("canary");
        purchase.ShouldNotBe(open.Id);
    }

    [Fact]
    public async Task A_form_without_the_token_of_its_browser_is_refused()
    {
        var tenant = await portal.NewTenant();
        var (cookie, _) = await Enter(tenant);
        using var http = Http(cookie);
        foreach (var token in (string?[])[null, "", "wrong"])
        {
            var fields = new Dictionary<string, string> { ["_handler"] = "limit", ["code"] = "forged", ["cap.amount"] = "1", ["cap.measure"] = "uses", ["cap.per"] = "day" };
            if (token is not null) fields["_token"] = token;
            using var form = new FormUrlEncodedContent(fields);
            (await http.PostAsync(new Uri("/portal/settings", UriKind.Relative), form, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        (await portal.Host.Client.ListLimits(tenant, Stop)).ShouldBeEmpty();
    }

    private static Attribute? AccessOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaffPageAttribute>() ?? endpoint.Metadata.GetMetadata<PortalPageAttribute>() ?? (Attribute?)endpoint.Metadata.GetMetadata<OpenPageAttribute>();

    private static string Fill(string pattern, string id, string type) =>
        Placeholder.Replace(pattern, match => Uri.EscapeDataString(match.Groups[1].Value.ToLowerInvariant() switch { "type" => type, "code" => "agent", _ => id }));

    /// <summary>A tenant with something in everything, and the canary in all of it.</summary>
    private async Task<(string Tenant, string Purchase)> Other()
    {
        var (host, client) = (portal.Host, portal.Host.Client);
        var other = await portal.NewTenant();
        await client.SaveTenant(other, new TenantRequest { Name = Canary, Plan = "starter" }, stop: Stop);
        await host.Grant(other, "balance", 100, "transfer");
        await client.ConsumeCredits(new ConsumeRequest { Tenant = other, Type = "sms", Amount = 7, Subject = Canary, UsageType = Canary, Reference = Canary }, Guid.NewGuid().ToString(), Stop);
        await client.SaveLimit(other, Canary, new LimitRequest { Subject = Canary, Cap = new LimitCap { Amount = 99, Measure = "uses", Per = "day" } }, stop: Stop);
        var bought = await client.StartPurchase(new PurchaseRequest { Tenant = other, Pack = "sms-500", Method = "balance", Reference = Canary }, "paid", Stop);
        return (other, bought.Id);
    }

    private async Task<string> Everything(string tenant)
    {
        var client = portal.Host.Client;
        var purchases = new List<string>();
        await foreach (var purchase in client.ListPurchases(tenant, Stop)) purchases.Add($"{purchase.Id} {purchase.Status}");
        return string.Join('\n', [
            (await client.GetPool(tenant, "sms", Stop)).Remaining.ToString(), (await client.GetPool(tenant, "balance", Stop)).Remaining.ToString(),
            string.Join(' ', (await client.ListLimits(tenant, Stop)).Select(limit => limit.Code)), string.Join(' ', (await client.GetAlerts(tenant, "sms", Stop)).LowPercent), .. purchases,
        ]);
    }

    /// <summary>The token of an owner who has signed in.</summary>
    private async Task<string> StaffToken()
    {
        var services = portal.Host.Services;
        await services.GetRequiredService<SetUpOwner>().Run(PanelFixture.SetupToken, PanelFixture.Email, "Olive Owner", PanelFixture.Password, Stop);
        var entered = await services.GetRequiredService<SignIn>().Run(new SignInRequest(PanelFixture.Email, PanelFixture.Password), "127.0.0.1", "a test", Stop);
        entered.Proof.ShouldBe(Proof.Right);
        return entered.Token;
    }

    /// <summary>Opens a portal, and returns its cookie.</summary>
    private async Task<(string Cookie, string Link)> Enter(string tenant)
    {
        var link = await portal.NewLink(tenant);
        using var http = Http("");
        using var answer = await http.GetAsync(new Uri(link), Stop);
        return (answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).First(cookie => cookie.StartsWith("topup-portal=", StringComparison.Ordinal)), link);
    }

    private HttpClient Http(string cookie)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = portal.Host.Url };
        if (cookie.Length > 0) http.DefaultRequestHeaders.Add("Cookie", cookie);
        return http;
    }
}
