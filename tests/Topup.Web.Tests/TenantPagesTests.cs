using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

public sealed class TenantPagesOnSqlite(SqlitePanel panel) : TenantPagesTests(panel), IClassFixture<SqlitePanel>
{
    [Fact]
    public async Task Pages_about_tenants_are_sound_in_every_look()
    {
        var (tenant, type) = await NewTenant();
        var lot = (await Host.Client.GrantCredits(new GrantRequest { Tenant = tenant, Type = type, Amount = 50, Source = "promotional", Reason = "A long reason" }, "g", Stop)).Grant;
        await Host.Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = 3 }, "h", Stop);
        await Host.Client.SaveLimit(tenant, "daily", new LimitRequest { Type = type, Cap = new LimitCap { Amount = 5, Measure = "uses", Per = "day" } }, stop: Stop);
        await Panel.ShouldBeSoundInEveryLook(
        [
            .. new[]
            {
                ("", "tenant"), ("/history", "tenant-history"), ("/change", "tenant-change"), ("/take-back?lot=" + Uri.EscapeDataString(lot), "tenant-take-back"),
                ("/plan?plan=&status=suspended", "tenant-plan"), ("/limits", "tenant-limits"), ("/add-ons", "tenant-add-ons"), ("/purchases", "tenant-purchases"),
                ("/portal", "tenant-portal"), ("/edit", "tenant-edit"),
            }.Select(page => ($"/admin/tenants/{tenant}{page.Item1}", page.Item2)),
            ("/admin/tenants", "tenants"), ("/admin/tenants/~new", "tenant-new"), ("/admin/search?search=nobody-is-called-this", "search"),
        ]);
    }

    [Fact]
    public async Task What_is_given_is_never_without_a_reason_and_a_form_that_is_sent_twice_acts_once()
    {
        var (tenant, type) = await NewTenant();
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go($"/admin/tenants/{tenant}/change?type={type}");
        var form = Form(page, "Give credits");
        await form.GetByLabel("How many").FillAsync("40");
        await form.GetByLabel("Reason").EvaluateAsync("field => field.required = false");
        await Press(form, "Give");
        (await form.GetByLabel("Reason").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await form.GetByLabel("How many").InputValueAsync()).ShouldBe("40");
        await form.GetByLabel("Reason").FillAsync("Sorry for the outage");
        var sent = await page.Page.RunAndWaitForRequestAsync(() => Press(form, "Give"), request => request.Method == "POST");
        await page.Page.GetByText("Done.").WaitForAsync();
        (await Total(tenant, type)).ShouldBe(140);

        await SendAgain(page, sent);
        (await Total(tenant, type)).ShouldBe(140);
    }

    [Fact]
    public async Task A_correction_down_takes_what_would_be_spent_first_and_never_more_than_there_is()
    {
        var (tenant, type) = await NewTenant();
        await Host.Client.GrantCredits(new GrantRequest { Tenant = tenant, Type = type, Amount = 10, Source = "promotional", Priority = 1 }, "first", Stop);
        await Host.Client.GrantCredits(new GrantRequest { Tenant = tenant, Type = type, Amount = 20, Source = "import", Priority = 2 }, "second", Stop);
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        IRequest? sent = null;
        await Correct("31");
        (await Form(page, "Correct").GetByLabel("How many").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await Total(tenant, type)).ShouldBe(130);
        await Correct("15");
        (await Pool(tenant, type)).Lots.Select(lot => lot.Remaining).ShouldBe([15]);
        await SendAgain(page, sent!);
        (await Pool(tenant, type)).Lots.Select(lot => lot.Remaining).ShouldBe([15]);
        (await Pool(tenant, type)).Allowance.Left.ShouldBe(100);
        (await Host.Client.ListEntries(tenant, stop: Stop).FirstAsync(entry => entry.Kind == "take_back", Stop)).ShouldSatisfyAllConditions(
            entry => entry.Reason.ShouldBe("Counted twice"), entry => entry.Actor.ShouldNotBeNull().ShouldStartWith("staff:"));

        async Task Correct(string amount)
        {
            await page.Go($"/admin/tenants/{tenant}/change?type={type}");
            var form = Form(page, "Correct");
            await form.GetByLabel("Direction").SelectOptionAsync("down");
            await form.GetByLabel("How many").FillAsync(amount);
            await form.GetByLabel("Reason").FillAsync("Counted twice");
            sent = await page.Page.RunAndWaitForRequestAsync(() => Press(form, "Correct"), request => request.Method == "POST");
        }
    }

    [Fact]
    public async Task A_large_gift_asks_for_the_password_again_and_keeps_what_was_typed()
    {
        var (tenant, type) = await NewTenant();
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        Host.Clock.Advance(TimeSpan.FromMinutes(11));
        await page.Go($"/admin/tenants/{tenant}/change?type={type}");
        await Give("1000");
        await page.Page.GetByText("Done.").WaitForAsync();
        await Give("1001");
        page.Page.Url.ShouldContain("/admin/confirm");
        await page.Page.GetByLabel("Password").FillAsync(PanelFixture.Password);
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Go on" }).ClickAsync();
        (await Form(page, "Give credits").GetByLabel("How many").InputValueAsync()).ShouldBe("1001");
        (await Total(tenant, type)).ShouldBe(1_100);
        await Give("1001");
        (await Total(tenant, type)).ShouldBe(2_101);

        async Task Give(string amount)
        {
            var form = Form(page, "Give credits");
            await form.GetByLabel("Credit type").SelectOptionAsync(type);
            await form.GetByLabel("How many").FillAsync(amount);
            await form.GetByLabel("Reason").FillAsync("A gift");
            await Press(form, "Give");
        }
    }

    [Fact]
    public async Task Credits_are_taken_back_holds_let_go_and_limits_set_and_deleted()
    {
        var (tenant, type) = await NewTenant();
        await Host.Client.GrantCredits(new GrantRequest { Tenant = tenant, Type = type, Amount = 30, Source = "promotional" }, "g", Stop);
        await Host.Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = 7 }, "h", Stop);
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go($"/admin/tenants/{tenant}/change");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Take back" }).ClickAsync();
        await page.Page.GetByLabel("How many").FillAsync("12");
        await page.Page.GetByLabel("Reason").FillAsync("Given by mistake");
        await Press(page.Page.Locator("main"), "Take back");
        (await Pool(tenant, type)).Lots.Single().Remaining.ShouldBe(18);
        await page.Page.GetByText("Done.").WaitForAsync();
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Let go" }).ClickAsync();
        (await Pool(tenant, type)).Remaining.Held.ShouldBe(0);

        await page.Go($"/admin/tenants/{tenant}/limits");
        await page.Page.GetByLabel("Code").FillAsync("daily");
        await Press(page.Page.Locator("main"), "Set");
        (await page.Page.GetByLabel("At most").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.GetByLabel("At most").FillAsync("9");
        await Press(page.Page.Locator("main"), "Set");
        (await Host.Client.ListLimits(tenant, Stop)).Single().Cap!.Amount.ShouldBe(9);
        await Press(page.Page.Locator("main"), "Delete daily");
        (await Host.Client.ListLimits(tenant, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_said_why_the_top_up_button_is_not_shown_and_where_that_is_changed()
    {
        var (tenant, type) = await NewTenant();
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/tenants/" + tenant);
        await page.Page.GetByText("The top-up button is not shown").WaitForAsync();
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "No top-up plan of it is for sale" }).ClickAsync();
        page.Page.Url.ShouldEndWith("/admin/packs?type=" + type);
        await Host.Client.SavePack("pack-of-" + type, new PackRequest { Type = type, Name = "Pack", Price = 5, Currency = "USD", Credits = 50 }, stop: Stop);
        await page.Go("/admin/tenants/" + tenant);
        await page.Page.GetByText("The top-up button is shown").WaitForAsync();
        await page.Page.GetByText("100 that the plan includes until").WaitForAsync();
    }

    [Fact]
    public async Task Add_ons_show_what_a_change_costs_and_are_switched_on_and_off()
    {
        var type = await Host.NewType(decimals: 2);
        var plan = await Host.NewPlan((type, 100));
        var tenant = await Host.NewTenant(plan);
        await Host.Client.SaveAddOn("addon-" + type, new AddOnRequest { Type = type, Name = "Own domain", Price = 31, Plans = [plan] }, stop: Stop);
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go($"/admin/tenants/{tenant}/add-ons");
        var left = (await Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single().ChargeNow;
        await page.Page.GetByText($"Enabling takes {left.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}.").WaitForAsync();
        await Press(page.Page.Locator("main"), "Enable Own domain");
        (await Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single().Status.ShouldBe("on");
        (await Pool(tenant, type)).Remaining.Total.ShouldBe(100 - left);
        await Press(page.Page.Locator("main"), "Disable Own domain");
        (await Host.Client.GetTenantAddOns(tenant, Stop)).Addons.Single().Status.ShouldBe("off");
    }

    [Fact]
    public async Task Who_only_supports_sees_tenants_views_their_portal_and_changes_nothing()
    {
        var (tenant, type) = await NewTenant();
        await using var page = await Panel.OpenAsNew(Look.WithoutScript, "support");
        await page.Go($"/admin/tenants/{tenant}/change?type={type}");
        (await page.Page.Locator("main").GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0);
        var form = Form(page, "Give credits");
        await form.GetByLabel("How many").FillAsync("5");
        await form.GetByLabel("Reason").FillAsync("For me");
        await form.Locator("form").EvaluateAsync("form => form.submit()");
        await page.Page.GetByText("Your role does not let you do this.").WaitForAsync();
        (await Total(tenant, type)).ShouldBe(100);
        (await page.Go($"/admin/tenants/{tenant}/take-back?lot=x")).Status.ShouldBe(403);
        await page.Go($"/admin/tenants/{tenant}/portal");
        (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make a link" }).CountAsync()).ShouldBe(0);
        await Press(page.Page.Locator("main"), "View as tenant");
        page.Page.Url.ShouldEndWith("/portal");
        (await Host.Client.ListAudit(tenant, Stop).Select(audited => audited.Action).ToListAsync(Stop)).ShouldContain("staff.viewed_portal");
    }

    [Fact]
    public async Task A_link_to_the_portal_is_shown_to_be_copied()
    {
        var (tenant, _) = await NewTenant();
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go($"/admin/tenants/{tenant}/portal");
        await Press(page.Page.Locator("main"), "Make a link");
        (await page.Page.Locator("#link").TextContentAsync())!.ShouldContain("/portal/open/");
    }

    [Fact]
    public async Task A_history_is_filtered_and_is_a_file_too()
    {
        var (tenant, type) = await NewTenant();
        foreach (var number in Enumerable.Range(1, 3))
            await Host.Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type, Amount = number, Reference = "order-" + number }, "c" + number, Stop);
        await using var page = await Panel.OpenAsOwner(Look.Light);
        await page.Go($"/admin/tenants/{tenant}/history?kind=consume");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(3);
        await page.Page.GetByLabel("Reference").FillAsync("order-2");
        await Press(page.Page.Locator("main"), "Show");
        (await page.Page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        var file = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "As a CSV file" }).ClickAsync());
        (await File.ReadAllLinesAsync(await file.PathAsync(), Stop)).Length.ShouldBe(2);
        await page.Go($"/admin/tenants/{tenant}/history?from=yesterday");
        await page.Page.GetByText("Write a date and time").WaitForAsync();
    }
}

public sealed class TenantPagesOnPostgres(PostgresPanel panel) : TenantPagesTests(panel), IClassFixture<PostgresPanel>;

/// <summary>Tenants as the operator's staff sees and changes them, and what the API says afterwards.</summary>
public abstract class TenantPagesTests
{
    private protected TenantPagesTests(PanelFixture panel) => Panel = panel;

    internal PanelFixture Panel { get; }

    internal TestHost Host => Panel.Host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_is_made_found_given_credits_and_put_on_another_plan()
    {
        var (type, other) = (await Host.NewType(), await Host.NewPlan());
        var plan = await Host.NewPlan((type, 20));
        var id = Host.NewName("shop");
        await using var page = await Panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/tenants/~new");
        await page.Page.GetByLabel("Id", new PageGetByLabelOptions { Exact = true }).FillAsync(id);
        await page.Page.GetByLabel("Name").FillAsync("Corner Shop & Sons " + id);
        await page.Page.GetByLabel("Plan").SelectOptionAsync(plan);
        await page.Page.GetByLabel("Phone").FillAsync("12");
        await Press(page.Page.Locator("main"), "Save");
        (await page.Page.GetByLabel("Phone").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.GetByLabel("Phone").FillAsync("+5511998765432");
        await Press(page.Page.Locator("main"), "Save");
        page.Page.Url.ShouldEndWith("/admin/tenants/" + id);
        (await page.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 }).TextContentAsync()).ShouldBe("Corner Shop & Sons " + id);

        await page.Go("/admin");
        await Find("& SONS " + id);
        page.Page.Url.ShouldEndWith("/admin/tenants/" + id);
        await page.Go("/admin");
        await Find(id);
        page.Page.Url.ShouldEndWith("/admin/tenants/" + id);

        await page.Go($"/admin/tenants/{id}/change?type={type}");
        await Form(page, "Give credits").GetByLabel("How many").FillAsync("7");
        await Form(page, "Give credits").GetByLabel("Reason").FillAsync("Welcome");
        await Press(Form(page, "Give credits"), "Give");
        (await Total(id, type)).ShouldBe(27);

        await page.Go($"/admin/tenants/{id}/plan");
        await page.Page.GetByLabel("Plan", new PageGetByLabelOptions { Exact = true }).SelectOptionAsync(other);
        await Press(page.Page.Locator("main"), "What would that do?");
        (await page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = type }).TextContentAsync())!.ShouldContain("20, then 0");
        (await Total(id, type)).ShouldBe(27);
        await Press(page.Page.Locator("main"), "Change it");
        (await Host.Client.GetTenant(id, Stop)).Plan.ShouldBe(other);
        (await Total(id, type)).ShouldBe(7);

        async Task Find(string words)
        {
            await page.Page.GetByLabel("Find a tenant, order, payment or key").FillAsync(words);
            await page.Page.GetByRole(AriaRole.Search).GetByRole(AriaRole.Button).ClickAsync();
        }
    }

    [Fact]
    public async Task The_list_of_tenants_is_searched_and_filtered()
    {
        var (first, type) = await NewTenant();
        await Host.Client.ConsumeCredits(new ConsumeRequest { Tenant = first, Type = type, Amount = 100 }, "all", Stop);
        var plan = (await Host.Client.GetTenant(first, Stop)).Plan!;
        var second = await Host.NewTenant(plan);
        await Host.Client.SaveTenant(second, new TenantRequest { Name = "Aardvark", Plan = plan, Email = "billing@aardvark.example", Status = "lapsed" }, stop: Stop);
        await using var page = await Panel.OpenAsOwner(Look.Light);
        (await Names("?plan=" + plan)).ShouldBe(["Aardvark", first], ignoreOrder: true);
        (await Names($"?plan={plan}&pools=exhausted")).ShouldBe([first]);
        (await Names($"?plan={plan}&status=lapsed")).ShouldBe(["Aardvark"]);
        (await Names($"?search=billing@AARD")).ShouldBe(["Aardvark"]);
        await page.Go("/admin/tenants?cursor=nonsense!");
        await page.Page.GetByRole(AriaRole.Alert).WaitForAsync();

        async Task<IEnumerable<string>> Names(string query)
        {
            await page.Go("/admin/tenants" + query);
            return (await page.Page.Locator("tbody th a").AllTextContentsAsync()).Select(name => name.Trim());
        }
    }

    /// <summary>On a plan that gives 100 of the type.</summary>
    internal async Task<(string Tenant, string Type)> NewTenant()
    {
        var type = await Host.NewType();
        return (await Host.NewTenant(await Host.NewPlan((type, 100))), type);
    }

    internal async Task<PoolView> Pool(string tenant, string type) => await Host.Client.GetPool(tenant, type, Stop);

    internal async Task<decimal> Total(string tenant, string type) => (await Pool(tenant, type)).Remaining.Total;

    internal static ILocator Form(PageUnderTest page, string heading) => page.Page.Locator("section").Filter(new LocatorFilterOptions
    {
        Has = page.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = heading, Exact = true }),
    });

    /// <summary>The same form once more, as a second press of its button sends it.</summary>
    internal static async Task SendAgain(PageUnderTest page, IRequest sent)
    {
        var again = await page.Page.Context.APIRequest.PostAsync(sent.Url, new APIRequestContextOptions { DataByte = sent.PostDataBuffer, Headers = await sent.AllHeadersAsync(), MaxRedirects = 0 });
        again.Status.ShouldBe(302);
    }

    internal static Task Press(ILocator where, string button) => where.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button }).ClickAsync();
}
