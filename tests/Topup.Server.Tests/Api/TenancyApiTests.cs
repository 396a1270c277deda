using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class TenancyApiOnSqlite(SqliteHost host) : TenancyApiTests(host), IClassFixture<SqliteHost>;

public sealed class TenancyApiOnPostgres(PostgresHost host) : TenancyApiTests(host), IClassFixture<PostgresHost>;

public abstract class TenancyApiTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_tenant_is_created_replaced_shown_and_listed()
    {
        var plan = await Host.NewPlan();
        var id = Host.NewName("Tenant:x_.");
        var request = new TenantRequest
        {
            Name = "Café +=@ 株", Plan = plan, RenewalDay = 31, Email = "billing@example.com", Phone = "+5511998765432", Locale = "pt-BR", Status = "lapsed",
        };

        var created = await Client.SaveTenant(id, request, "first contract", Stop);
        (created.Name, created.Plan, created.RenewalDay, created.Email, created.Phone, created.Locale, created.Status)
            .ShouldBe((request.Name, plan, 31, request.Email, request.Phone, request.Locale, "lapsed"));
        (await Client.GetTenant(id, Stop)).ShouldBe(created);
        (await All(Client.ListTenants(plan, "lapsed", stop: Stop))).ShouldBe([created]);

        Host.Clock.Advance(TimeSpan.FromHours(1));
        var replaced = await Client.SaveTenant(id, new TenantRequest { Name = "Other", Plan = null }, stop: Stop);
        (replaced.Plan, replaced.RenewalDay, replaced.Email, replaced.Status).ShouldBe((null, 31, null, "lapsed"));
        (replaced.CreatedAt, replaced.UpdatedAt).ShouldBe((created.CreatedAt, created.CreatedAt.AddHours(1)));

        var audit = await All(Client.ListAudit(id, Stop));
        audit.Select(change => (change.Action, change.Target, change.Reason)).ShouldBe([("tenant.changed", id, null), ("tenant.created", id, "first contract")]);
        audit[0].After!.Value.GetRawText().ShouldNotContain("Other");
        (await Host.Events(id)).Select(news => news.Type).ShouldBe(["tenant.created", "plan.changed"]);
    }

    [Fact]
    public async Task The_audit_is_searched_by_action_actor_target_and_reason_and_takes_every_letter_for_itself()
    {
        var (id, word) = (Host.NewName("tenant"), Host.NewName("why"));
        await Client.SaveTenant(id, new TenantRequest { Name = "x", Plan = null }, reason: word + "_100%", stop: Stop);
        foreach (var search in new[] { word, word.ToUpperInvariant(), word + "_100%", id })
            (await Client.ListAuditPage(search: search, stop: Stop)).Data.ShouldHaveSingleItem(search).Target.ShouldBe(id);
        (await Client.ListAuditPage(search: word + "x100", stop: Stop)).Data.ShouldBeEmpty("_ is no joker");
        (await Client.ListAuditPage(tenant: id, search: "tenant.created", stop: Stop)).Data.ShouldHaveSingleItem();
        (await Client.ListAuditPage(tenant: id, search: "api_key", stop: Stop)).Data.ShouldBeEmpty();
        await Refused(Client.ListAuditPage(search: new string('x', 201), stop: Stop), 400, "invalid_field", "search");
    }

    [Fact]
    public async Task Tenants_are_a_file_of_all_pages()
    {
        var plan = await Host.NewPlan();
        for (var i = 0; i < 3; i++) await Host.NewTenant(plan);
        var lines = (await Host.Http.GetStringAsync(new Uri($"/v1/tenants?format=csv&plan={plan}", UriKind.Relative), Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("id,name,plan,status");
        lines[1..].ShouldAllBe(line => line.Contains($",{plan},active,", StringComparison.Ordinal));
        (await Host.Http.GetAsync(new Uri("/v1/tenants?format=csv&sort=size", UriKind.Relative), Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tenants_are_listed_a_page_at_a_time_each_once()
    {
        var plan = await Host.NewPlan();
        var ids = new List<string>();
        for (var i = 0; i < 7; i++) ids.Add(await Host.NewTenant(plan));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Client.ListTenantsPage(plan, limit: 3, cursor: cursor, stop: Stop);
            seen.AddRange(page.Data.Select(tenant => tenant.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.ShouldBe(ids, ignoreOrder: true);
        await Refused(Client.ListTenantsPage(cursor: "nonsense!", stop: Stop), 400, "invalid_field", "cursor");
        (await Refused(Client.ListTenantsPage(limit: 1_001, stop: Stop), 400, "invalid_field", "limit")).Limit.ShouldBe(1_000);
    }

    [Fact]
    public async Task Tenants_are_found_by_any_part_of_what_is_known_of_them()
    {
        var plan = await Host.NewPlan();
        var (first, second) = (Host.NewName("found"), Host.NewName("found"));
        await Client.SaveTenant(first, new TenantRequest { Name = "Zoë's 100% Flowers_", Plan = plan, Email = "zoe@Flowers.example", Phone = "+5511998700001" }, stop: Stop);
        Host.Clock.Advance(TimeSpan.FromHours(1));
        await Client.SaveTenant(second, new TenantRequest { Name = "adam's 100 flowers-", Plan = plan }, stop: Stop);

        (await Found(search: "FLOWERS")).ShouldBe([first, second], ignoreOrder: true);
        (await Found(search: "100%")).ShouldBe([first]);
        (await Found(search: "flowers_")).ShouldBe([first]);
        (await Found(search: "@flowers.")).ShouldBe([first]);
        (await Found(search: "98700001")).ShouldBe([first]);
        (await Found(search: second[..^1] + second[^1])).ShouldBe([second]);
        (await Found(search: "' or 1=1 --")).ShouldBeEmpty();
        (await Found(sort: "name")).ShouldBe([second, first]);
        (await Found(sort: "newest")).ShouldBe([second, first]);
        foreach (var sort in new[] { "name", "newest" })
        {
            var page = await Client.ListTenantsPage(plan, sort: sort, limit: 1, stop: Stop);
            (await Client.ListTenantsPage(plan, sort: sort, limit: 1, cursor: page.NextCursor, stop: Stop)).Data.Single().Id.ShouldBe(first);
        }
        await Refused(Client.ListTenantsPage(sort: "size", stop: Stop), 400, "invalid_field", "sort");

        async Task<List<string>> Found(string? search = null, string? sort = null) =>
            [.. (await All(Client.ListTenants(plan, search: search, sort: sort, stop: Stop))).Select(tenant => tenant.Id)];
    }

    [Fact]
    public async Task Tenants_whose_credits_run_low_or_out_are_found_until_credits_return()
    {
        var (plan, type) = (await Host.NewPlan(), await Host.NewType(lowPercent: 50));
        var (well, low, exhausted) = (await Host.NewTenant(plan), await Host.NewTenant(plan), await Host.NewTenant(plan));
        foreach (var (tenant, used) in new[] { (well, 1), (low, 9), (exhausted, 10) })
        {
            await Client.GrantCredits(new GrantRequest { Tenant = tenant, Type = type, Amount = 10, Source = "promotional" }, "g", Stop);
            await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type, Amount = used }, "c", Stop);
        }

        (await Found("low")).ShouldBe([low]);
        (await Found("exhausted")).ShouldBe([exhausted]);
        await Client.GrantCredits(new GrantRequest { Tenant = exhausted, Type = type, Amount = 100, Source = "promotional" }, "more", Stop);
        (await Found("exhausted")).ShouldBeEmpty();
        await Refused(Client.ListTenantsPage(pools: "full", stop: Stop), 400, "invalid_field", "pools");

        async Task<List<string>> Found(string pools) => [.. (await All(Client.ListTenants(plan, pools: pools, stop: Stop))).Select(tenant => tenant.Id)];
    }

    [Fact]
    public async Task A_key_works_until_it_is_revoked_or_expires_and_does_only_what_its_scopes_say()
    {
        var tenant = await Host.NewTenant();
        var made = await Client.CreateApiKey(new ApiKeyRequest
        {
            Name = "reader", Scopes = ["read"], ExpiresAt = Host.Clock.GetUtcNow().AddHours(1),
        }, "for the report", Stop);
        using var http = Host.NewHttp(made.Key);
        using var reader = new TopupClient(http);

        (await reader.GetTenant(tenant, Stop)).Id.ShouldBe(tenant);
        await Refused(reader.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = "sms" }, stop: Stop), 403, "forbidden");
        await Refused(reader.SaveTenant(tenant, new TenantRequest { Name = "x", Plan = null }, stop: Stop), 403, "forbidden");
        var view = (await All(Client.ListApiKeys(Stop))).Single(key => key.Id == made.Id);
        (view.Name, view.Prefix, view.Scopes.Single(), view.RevokedAt).ShouldBe(("reader", made.Key[..8], "read", null));

        Host.Clock.Advance(TimeSpan.FromHours(1));
        await Refused(reader.GetTenant(tenant, Stop), 401, "unauthorized");

        var second = await Host.NewKey(null, "read");
        using var other = Host.NewHttp(second);
        using var gone = new TopupClient(other);
        await gone.GetTenant(tenant, Stop);
        var id = (await All(Client.ListApiKeys(Stop))).Single(key => second.StartsWith(key.Prefix, StringComparison.Ordinal)).Id;
        await Client.RevokeApiKey(id, "leaked", Stop);
        await Refused(gone.GetTenant(tenant, Stop), 401, "unauthorized");
        await Client.RevokeApiKey(id, stop: Stop);
        await Refused(Client.RevokeApiKey(Guid.NewGuid().ToString(), stop: Stop), 404, "api_key_unknown", "id");
    }

    [Fact]
    public async Task A_key_never_reaches_further_than_the_key_that_made_it()
    {
        var (own, foreign) = (await Host.NewTenant(), await Host.NewTenant());
        using var http = Host.NewHttp(await Host.NewKey(own, "keys", "read"));
        using var limited = new TopupClient(http);
        var request = new ApiKeyRequest { Name = "x", Scopes = ["read"], Tenant = own };

        await limited.CreateApiKey(request, stop: Stop);
        await Refused(limited.CreateApiKey(request with { Scopes = ["grant"] }, stop: Stop), 403, "forbidden", "scopes");
        await Refused(limited.CreateApiKey(request with { Tenant = null }, stop: Stop), 400, "invalid_field", "tenant");
        await Refused(limited.CreateApiKey(request with { Tenant = foreign }, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(limited.CreateApiKey(request with { Scopes = ["root"] }, stop: Stop), 400, "invalid_field", "scopes[0]");
        (await All(limited.ListApiKeys(Stop))).ShouldAllBe(key => key.Tenant == own);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong-key-wrong-key-wrong-key-wrong")]
    [InlineData("%C3%A9")]
    public async Task Without_a_key_in_force_nothing_is_shown(string key)
    {
        using var http = Host.NewHttp("");
        if (key.Length > 0) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var nobody = new TopupClient(http);
        await Refused(nobody.GetTenant("x", Stop), 401, "unauthorized");
        (await http.GetAsync("/healthz", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await http.GetAsync("/readyz", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
    }
}
