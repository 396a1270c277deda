using Microsoft.Playwright;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>The operator's catalogue as somebody changes it on pages, and what the API says of it afterwards.</summary>
public sealed class CatalogPagesTests(SqlitePanel panel) : IClassFixture<SqlitePanel>
{
    private TestHost Host => panel.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_the_catalogue_are_sound_in_every_look()
    {
        var (type, plan, pack, addOn, card) = await NewCatalog();
        await panel.ShouldBeSoundInEveryLook(
            ("/admin/packs", "packs"),
            ("/admin/packs/~new?from=" + pack, "pack-new"),
            ("/admin/packs/" + pack, "pack"),
            ($"/admin/packs/{pack}/delete", "pack-delete"),
            ("/admin/credit-types", "credit-types"),
            ("/admin/credit-types/" + type, "credit-type"),
            ("/admin/plans", "plans"),
            ($"/admin/plans/{plan}?amount=100", "plan"),
            ("/admin/rate-cards/~new?from=" + card, "rate-card-new"),
            ("/admin/add-ons", "add-ons"),
            ("/admin/add-ons/" + addOn, "add-on"));
    }

    [Fact]
    public async Task A_top_up_plan_is_made_put_on_and_off_sale_versioned_and_deleted()
    {
        var type = await Host.NewType();
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/packs/~new?type=" + type);
        await Fill(page, ("Code", "five-hundred"), ("Name", "500 messages"), ("Price", "ten"), ("Credits", "500"));
        await Press(page, "Save");
        (await page.Page.GetByLabel("Price", new PageGetByLabelOptions { Exact = true }).GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await page.Page.GetByLabel("Name").InputValueAsync()).ShouldBe("500 messages");
        await Fill(page, ("Price", "10,50"));
        await Press(page, "Save");
        page.Page.Url.ShouldContain("/admin/packs?type=" + type);
        (await Pack("five-hundred")).ShouldSatisfyAllConditions(made => made.Price.ShouldBe(10.50m), made => made.Credits.ShouldBe(500), made => made.Active.ShouldBeTrue());

        await page.Page.GetByRole(AriaRole.Switch, new PageGetByRoleOptions { Name = "500 messages for sale" }).ClickAsync();
        (await Pack("five-hundred")).Active.ShouldBeFalse();
        await page.Page.GetByLabel("Choose 500 messages").CheckAsync();
        await Press(page, "Put up for sale");
        (await Pack("five-hundred")).Active.ShouldBeTrue();

        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "500 messages", Exact = true }).ClickAsync();
        (await page.Page.GetByLabel("Price", new PageGetByLabelOptions { Exact = true }).CountAsync()).ShouldBe(0);
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "New version" }).ClickAsync();
        (await page.Page.GetByLabel("Code").InputValueAsync()).ShouldBe("five-hundred-v2");
        await Fill(page, ("Price", "9"));
        await Press(page, "Save");
        (await Pack("five-hundred-v2")).Price.ShouldBe(9);

        await page.Go("/admin/packs/~new?from=five-hundred");
        await Fill(page, ("Code", "five-hundred-v2"));
        await Press(page, "Save");
        await page.Page.GetByText("There is one of this code already.").WaitForAsync();

        await page.Go("/admin/packs/five-hundred/delete");
        await Fill(page, ("Reason", "sold no more"));
        var sent = await page.Page.RunAndWaitForRequestAsync(() => Press(page, "Delete"), request => request.Method == "POST");
        await TenantPagesTests.SendAgain(page, sent);
        (await page.Go("/admin/packs/five-hundred")).Status.ShouldBe(404);
        (await Host.Client.ListAudit(stop: Stop).FirstAsync(audited => audited.Action == "pack.deleted", Stop)).ShouldSatisfyAllConditions(
            audited => audited.Target.ShouldBe("five-hundred"), audited => audited.Reason.ShouldBe("sold no more"), audited => audited.Actor.ShouldStartWith("staff:"));
    }

    [Fact]
    public async Task The_list_of_top_up_plans_is_searched_sorted_and_filtered()
    {
        var type = await Host.NewType();
        await NewPack(type, "cheap", 5, 50);
        await NewPack(type, "dear", 50, 700);
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go($"/admin/packs?type={type}&sort=-price");
        (await Names(page)).ShouldBe(["dear", "cheap"]);
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Price" }).ClickAsync();
        (await Names(page)).ShouldBe(["cheap", "dear"]);
        await page.Page.GetByLabel("Search").FillAsync("DEA");
        await Press(page, "Show");
        (await Names(page)).ShouldBe(["dear"]);
        await page.Go($"/admin/packs?type={type}&active=false");
        await page.Page.GetByText("No top-up plan is like that").WaitForAsync();
    }

    [Fact]
    public async Task A_pack_with_an_amount_of_the_buyers_choice_keeps_its_bonuses()
    {
        var type = await Host.NewType();
        await using var page = await panel.OpenAsOwner(Look.Light);
        await page.Go("/admin/packs/~new?type=" + type);
        await Fill(page, ("Code", "custom"), ("Name", "As you like"), ("Price", "1"), ("Credits", "100"), ("Smallest price", "5"), ("Largest price", "100"), ("Bonuses", "many"));
        await page.Page.GetByLabel("The buyer chooses the amount").CheckAsync();
        await Press(page, "Save");
        (await page.Page.GetByLabel("Bonuses").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await Fill(page, ("Bonuses", "40: 10\n80: 25%"));
        await Press(page, "Save");
        var custom = (await Pack("custom")).Custom!;
        (custom.MinPrice, custom.MaxPrice).ShouldBe((5, 100));
        custom.Bonuses!.Select(bonus => (bonus.FromPrice, bonus.Percent)).ShouldBe([(40, 10), (80, 25)]);
        await page.Go("/admin/packs/custom");
        (await page.Page.GetByLabel("Bonuses").InputValueAsync()).ShouldBe("40: 10\n80: 25");
        await Press(page, "Save");
        (await Pack("custom")).Custom!.Bonuses!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Credit_types_and_plans_are_made_and_changed()
    {
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/credit-types/~new");
        await Fill(page, ("Code", "minutes"), ("Name", "Minutes"), ("What one credit is called", "minute"), ("Digits after the point", "2"), ("Low at so many percent left", "150"));
        await Press(page, "Save");
        (await page.Page.GetByLabel("Low at so many percent left").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await Fill(page, ("Low at so many percent left", ""), ("Low at so many credits left", "2.5"));
        await Press(page, "Save");
        var made = await Host.Client.GetCreditType("minutes", Stop);
        (made.Decimals, made.LowPercent, made.LowAmount, made.ExpiringDays).ShouldBe((2, null, 2.5m, 7));

        await page.Go("/admin/plans/~new");
        await Fill(page, ("Code", "gold"), ("Name", "Gold"));
        await page.Page.GetByLabel("Minutes every month").SelectOptionAsync("some");
        await page.Page.Locator("[name='allowances.minutes']").FillAsync("12.345");
        await Press(page, "Save");
        (await page.Page.Locator("[name='allowances.minutes']").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.Locator("[name='allowances.minutes']").FillAsync("12.5");
        await page.Page.Locator("[name='rollover.minutes.max']").FillAsync("3");
        await page.Page.GetByLabel("Everything may be topped up").UncheckAsync();
        await Press(page, "Save");
        var plan = await Host.Client.GetPlan("gold", Stop);
        (plan.Allowances["minutes"], plan.Rollover["minutes"].Max, plan.TopUp!.Contains("minutes")).ShouldBe((12.5m, 3, true));

        await page.Go("/admin/plans/gold");
        await page.Page.GetByLabel("Minutes every month").SelectOptionAsync("unlimited");
        await page.Page.Locator("[name='rollover.minutes.max']").FillAsync("");
        await page.Page.Locator("[name='rollover.minutes.min']").FillAsync("");
        await Press(page, "Save");
        (await Host.Client.GetPlan("gold", Stop)).Allowances["minutes"].ShouldBe(-1);
        await page.Go("/admin/credit-types/minutes/delete");
        await Press(page, "Delete");
        await page.Page.GetByText("A plan names minutes.").WaitForAsync();
    }

    [Fact]
    public async Task A_rate_card_says_beside_its_row_what_is_wrong_and_prices_uses_once_it_is_right()
    {
        var (type, plan) = (await Host.NewType(), await Host.NewPlan());
        await using var page = await panel.OpenAsOwner(Look.WithoutScript);
        await page.Go("/admin/rate-cards/~new?plan=" + plan);
        await Fill(page, ("Code", "card-of-" + plan));
        foreach (var (row, usage, price) in new[] { (0, "call", "2"), (2, "chat", "0.5") })
        {
            await page.Page.Locator($"[name='rates[{row}].usage_type']").FillAsync(usage);
            await page.Page.Locator($"[name='rates[{row}].type']").SelectOptionAsync(type);
            await page.Page.Locator($"[name='rates[{row}].price']").FillAsync(price);
        }
        await Press(page, "Save");
        (await page.Page.Locator("[name='rates[2].price']").GetAttributeAsync("aria-invalid")).ShouldBe("true");
        await page.Page.Locator("[name='rates[2].price']").FillAsync("1");
        await page.Page.Locator("[name='rates[2].dimensions']").FillAsync("country = BR\nkind = a=b, c");
        await page.Page.Locator("[name='unknown.price']").FillAsync("4");
        await page.Page.Locator("[name='unknown.seconds']").FillAsync("60");
        await Press(page, "More rows");
        await page.Page.Locator("fieldset").Nth(6).WaitForAsync();
        (await page.Page.Locator("fieldset").CountAsync()).ShouldBe(7);
        await Press(page, "Save");
        (await Host.Client.GetRateCard("card-of-" + plan, Stop)).Rates.Select(rate => (rate.UsageType, rate.Price)).ShouldBe([("call", 2), ("chat", 1)]);
        var card = await Host.Client.GetRateCard("card-of-" + plan, Stop);
        card.Rates[1].Dimensions!.ShouldBe(new Dictionary<string, string> { ["country"] = "BR", ["kind"] = "a=b, c" }, ignoreOrder: true);
        card.Unknown.ShouldBe(new UnknownRateTerms { Type = card.Unknown!.Type, Price = 4, Seconds = 60 });
        await page.Go($"/admin/plans/{plan}?amount=11");
        (await page.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = "call" }).TextContentAsync())!.ShouldContain("5");
        await page.Go("/admin/rate-cards/card-of-" + plan);
        await page.Page.GetByText("It is locked").WaitForAsync();
        (await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save" }).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Who_only_supports_sees_the_catalogue_and_changes_nothing_of_it()
    {
        var type = await Host.NewType();
        await NewPack(type, "kept", 5, 50);
        await using var page = await panel.OpenAsNew(Look.Light, "support");
        await page.Go("/admin/packs?type=" + type);
        (await Names(page)).ShouldBe(["kept"]);
        (await page.Page.GetByRole(AriaRole.Switch).CountAsync()).ShouldBe(0);
        (await page.Go("/admin/packs/kept/delete")).Status.ShouldBe(403);
        // The form of the page is there without its buttons; whoever sends it all the same is refused.
        await page.Go("/admin/packs/kept");
        await page.Page.GetByLabel("Name").FillAsync("Mine");
        await page.Page.Locator("main form").EvaluateAsync("form => form.submit()");
        await page.Page.GetByText("Your role does not let you do this.").WaitForAsync();
        (await Pack("kept")).Name.ShouldBe("kept");
    }

    private Task<PackView> Pack(string code) => Host.Client.GetPack(code, Stop);

    private async Task NewPack(string type, string code, decimal price, decimal credits) =>
        await Host.Client.SavePack(code, new PackRequest { Type = type, Name = code, Price = price, Currency = "USD", Credits = credits }, stop: Stop);

    private async Task<(string Type, string Plan, string Pack, string AddOn, string Card)> NewCatalog()
    {
        var (type, plan) = (await Host.NewType(), await Host.NewPlan());
        await NewPack(type, "pack-of-" + type, 12.5m, 1_000);
        await Host.Client.SaveAddOn("addon-of-" + type, new AddOnRequest { Type = type, Name = "Own domain", Price = 10, Plans = [plan] }, stop: Stop);
        await Host.Client.SaveRateCard("looks-" + plan, new RateCardRequest { Plan = plan, Rates = [new RateTerms { UsageType = "call", Type = type, Price = 3 }] }, stop: Stop);
        return (type, plan, "pack-of-" + type, "addon-of-" + type, "looks-" + plan);
    }

    private static async Task<IEnumerable<string>> Names(PageUnderTest page) =>
        (await page.Page.Locator("tbody th a").AllTextContentsAsync()).Select(name => name.Trim());

    private static async Task Fill(PageUnderTest page, params (string Label, string Value)[] fields)
    {
        foreach (var (label, value) in fields) await page.Page.Locator("main").GetByLabel(label, new LocatorGetByLabelOptions { Exact = false }).First.FillAsync(value);
    }

    private static Task Press(PageUnderTest page, string button) =>
        page.Page.Locator("main").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button }).ClickAsync();
}
