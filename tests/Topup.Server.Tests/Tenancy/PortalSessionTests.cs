using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Catalog.Portal;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;
using Xunit;

namespace Topup.Server.Tests.Tenancy;

public sealed class PortalSessionOnSqlite(SqliteHost host) : PortalSessionTests(host), IClassFixture<SqliteHost>;

public sealed class PortalSessionOnPostgres(PostgresHost host) : PortalSessionTests(host), IClassFixture<PostgresHost>;

public abstract class PortalSessionTests(HostFixture fixture) : OperatorUnderTest(fixture)
{
    [Fact]
    public async Task A_link_opens_a_session_of_its_tenant_with_what_it_says_and_no_more()
    {
        var tenant = await Host.NewTenant();
        foreach (var (names, scopes) in new (string[], Scope)[]
        {
            (["view"], Scope.Read), (["buy"], Scope.Read | Scope.Purchase), (["view", "settings"], Scope.Read | Scope.Limits), (["view", "buy", "settings"], Scope.Read | Scope.Purchase | Scope.Limits),
        })
        {
            var (_, session) = await Opened(new PortalSessionRequest { Tenant = tenant, Scopes = names, Locale = "pt-BR", Theme = "dark", ReturnUrl = "https://app.example.com/billing" });
            (session.Tenant, session.Locale, session.Theme, session.ReturnUrl, session.EmbedOrigin, session.IsOfStaff)
                .ShouldBe((tenant, "pt-BR", "dark", "https://app.example.com/billing", "", false));
            (session.Caller.Actor, session.Caller.TenantId, session.Caller.Scopes).ShouldBe(("portal:" + session.SessionId, tenant, scopes));
            session.Caller.MaySee(await Host.NewTenant()).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_link_opens_once_however_many_come_at_once()
    {
        var link = await Link(await Host.NewTenant());
        var opened = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Verb<OpenPortalLink>().Run(link, Stop)));
        opened.Count(outcome => outcome.Problem is null).ShouldBe(1);
        opened.Where(outcome => outcome.Problem is not null).ShouldAllBe(outcome => outcome.Problem!.Status == 410 && outcome.Problem.Code == "link_gone");
        var token = opened.Single(outcome => outcome.Problem is null).Value;
        (await Verb<PortalSessions>().Find(token, Stop)).ShouldNotBeNull();
        (await Verb<PortalSessions>().Find(link, Stop)).ShouldBeNull("the link is not the session");
        (await Verb<OpenPortalLink>().Run(token, Stop)).Problem!.Status.ShouldBe(410);
        (await Verb<OpenPortalLink>().Run("é", Stop)).Problem!.Status.ShouldBe(410);
    }

    [Fact]
    public async Task A_link_opens_within_sixty_seconds()
    {
        var tenant = await Host.NewTenant();
        var made = await Client.CreatePortalSession(new PortalSessionRequest { Tenant = tenant, Scopes = ["view"] }, Stop);
        (made.ExpiresAt - Host.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(60));
        Host.Clock.Advance(TimeSpan.FromMilliseconds(59_999));
        (await Verb<OpenPortalLink>().Run(await Link(tenant), Stop)).Problem.ShouldBeNull();
        (await Verb<OpenPortalLink>().Run(TokenOf(made), Stop)).Problem.ShouldBeNull();
        var late = await Link(tenant);
        Host.Clock.Advance(TimeSpan.FromSeconds(60));
        (await Verb<OpenPortalLink>().Run(late, Stop)).Problem!.Code.ShouldBe("link_gone");
    }

    [Fact]
    public async Task A_session_ends_when_it_is_not_used_for_half_an_hour_and_after_half_a_day()
    {
        var request = new PortalSessionRequest { Tenant = await Host.NewTenant(), Scopes = ["view"] };
        var sessions = Verb<PortalSessions>();
        var (idle, _) = await Opened(request);
        Host.Clock.Advance(TimeSpan.FromMinutes(30));
        (await sessions.Find(idle, Stop)).ShouldBeNull();

        var (used, _) = await Opened(request);
        for (var minutes = 29; minutes < 12 * 60; minutes += 29)
        {
            Host.Clock.Advance(TimeSpan.FromMinutes(29));
            (await sessions.Find(used, Stop)).ShouldNotBeNull();
        }
        Host.Clock.Advance(TimeSpan.FromMinutes(29));
        (await sessions.Find(used, Stop)).ShouldBeNull();
        (await Verb<ExpiredSessions>().Run(Stop)).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_token_is_worth_nothing_after_its_session_ended()
    {
        var (token, session) = await Opened(new PortalSessionRequest { Tenant = await Host.NewTenant(), Scopes = ["view"] });
        await Verb<PortalSessions>().End(session, Stop);
        (await Verb<PortalSessions>().Find(token, Stop)).ShouldBeNull();
        (await Find(token)).ShouldBeNull("and is no operator's");
    }

    [Fact]
    public async Task A_portal_is_framed_only_by_an_origin_that_the_operator_allows()
    {
        var request = new PortalSessionRequest { Tenant = await Host.NewTenant(), Scopes = ["view"], Embed = "https://app.example.com" };
        await Refused(Client.CreatePortalSession(request, Stop), 400, "invalid_field", "embed");
        (await Client.GetPortalSettings(Stop)).AllowedOrigins.ShouldBeEmpty();
        string[] origins = ["https://app.example.com", "https://app.example.com:8443", "http://localhost:3000"];
        (await Client.SavePortalSettings(new PortalSettings { AllowedOrigins = origins }, "embed", Stop)).AllowedOrigins.ShouldBe(origins);
        (await Opened(request)).Session.EmbedOrigin.ShouldBe("https://app.example.com");
        foreach (var other in new[] { "https://app.example.com/", "https://app.example.com.evil.com", "https://evil.com", "http://app.example.com", "HTTPS://APP.EXAMPLE.COM", "", "*" })
            await Refused(Client.CreatePortalSession(request with { Embed = other }, Stop), 400, "invalid_field", "embed");
        foreach (var wrong in new[] { "*", "https://*.example.com", "https://app.example.com/", "http://app.example.com", "https://App.example.com", "https://app.example.com:443", "https://a@b.com", "app.example.com", "https://x;y", "" })
            await Refused(Client.SavePortalSettings(new PortalSettings { AllowedOrigins = ["https://x.com", wrong] }, stop: Stop), 400, "invalid_field", "allowed_origins[1]");
        await Refused(Client.SavePortalSettings(new PortalSettings { AllowedOrigins = [.. Enumerable.Repeat("https://x.com", 51)] }, stop: Stop), 400, "invalid_field", "allowed_origins");
        await Client.SavePortalSettings(new PortalSettings(), stop: Stop);
    }

    [Fact]
    public async Task What_is_wrong_with_the_wish_for_a_link_is_named()
    {
        var request = new PortalSessionRequest { Tenant = await Host.NewTenant(), Scopes = ["view"] };
        await Refused(Client.CreatePortalSession(request with { Tenant = "nobody" }, Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.CreatePortalSession(request with { Tenant = "no body" }, Stop), 400, "invalid_field", "tenant");
        await Refused(Client.CreatePortalSession(request with { Scopes = [] }, Stop), 400, "invalid_field", "scopes");
        await Refused(Client.CreatePortalSession(request with { Scopes = ["view", "all"] }, Stop), 400, "invalid_field", "scopes[1]");
        await Refused(Client.CreatePortalSession(request with { Locale = "?" }, Stop), 400, "invalid_field", "locale");
        await Refused(Client.CreatePortalSession(request with { Theme = "pink" }, Stop), 400, "invalid_field", "theme");
        foreach (var url in new[] { "javascript:alert(1)", "http://example.com", "/billing", "https://a@b.com", "https://example.com/" + new string('x', 500) })
            await Refused(Client.CreatePortalSession(request with { ReturnUrl = url }, Stop), 400, "invalid_field", "return_url");
    }

    [Fact]
    public async Task A_key_opens_only_portals_that_it_may_see_and_lends_only_what_it_has()
    {
        var (own, foreign) = (await Host.NewTenant(), await Host.NewTenant());
        using var httpOfBuyer = Host.NewHttp(await Host.NewKey(own, "purchase"));
        using var httpOfReader = Host.NewHttp(await Host.NewKey(null, "read"));
        using TopupClient buyer = new(httpOfBuyer), reader = new(httpOfReader);
        var request = new PortalSessionRequest { Tenant = own, Scopes = ["view", "buy"] };
        await buyer.CreatePortalSession(request, Stop);
        await Refused(buyer.CreatePortalSession(request with { Tenant = foreign }, Stop), 404, "tenant_unknown", "tenant");
        await Refused(buyer.CreatePortalSession(request with { Scopes = ["view", "settings"] }, Stop), 403, "forbidden", "scopes[1]");
        await Refused(reader.CreatePortalSession(request, Stop), 403, "forbidden");
        await Refused(buyer.GetPortalSettings(Stop), 403, "forbidden");
    }

    [Fact]
    public async Task One_of_the_staff_looks_at_what_a_tenant_sees_and_it_stands_in_the_audit()
    {
        var (tenant, who) = (await Host.NewTenant(), await NewOperator(OperatorRole.Support));
        var (token, session) = await SignedIn(who);
        (await Verb<OperatorView>().Run(session, "nobody", Stop)).Problem!.Code.ShouldBe("tenant_unknown");
        var link = (await Verb<OperatorView>().Run(session, tenant, Stop)).Value;
        var opened = (await Verb<OpenPortalLink>().Run(TokenOf(link), Stop)).Value;
        var view = (await Verb<PortalSessions>().Find(opened, Stop))!;
        (view.Tenant, view.PortalScopes, view.IsOfStaff, view.Caller.Scopes).ShouldBe((tenant, PortalScope.View, true, Scope.Read));
        var forTenant = (await Verb<CreatePortalSession>().Run(new PortalSessionRequest { Tenant = tenant, Scopes = ["view", "buy"] }, session.Caller, null, Stop)).Value;
        (await Verb<PortalSessions>().Find((await Verb<OpenPortalLink>().Run(TokenOf(forTenant), Stop)).Value, Stop))!.IsOfStaff.ShouldBeFalse("staff made it, but the tenant opens it");
        (await All(Client.ListAudit(tenant, Stop))).Single(one => one.Action == "staff.viewed_portal").Actor.ShouldBe("staff:" + who.Id);

        await Verb<OperatorSessions>().End(session, Stop);
        (await Verb<PortalSessions>().Find(opened, Stop)).ShouldBeNull("who has signed out looks at nothing");
        (await Find(token)).ShouldBeNull();
    }

    private async Task<string> Link(string tenant) => TokenOf(await Client.CreatePortalSession(new PortalSessionRequest { Tenant = tenant, Scopes = ["view"] }, Stop));

    private async Task<(string Token, PortalSession Session)> Opened(PortalSessionRequest request)
    {
        var made = await Client.CreatePortalSession(request, Stop);
        made.Url.ShouldStartWith(new Uri(Host.Url, "/portal/open/").ToString());
        var token = (await Verb<OpenPortalLink>().Run(TokenOf(made), Stop)).Value;
        return (token, (await Verb<PortalSessions>().Find(token, Stop)).ShouldNotBeNull());
    }

    private static string TokenOf(PortalSessionView link) => link.Url[(link.Url.LastIndexOf('/') + 1)..];
}
