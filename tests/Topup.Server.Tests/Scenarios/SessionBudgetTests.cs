using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class SessionBudgetOnSqlite(SqliteHost host) : SessionBudgetTests(host), IClassFixture<SqliteHost>;

public sealed class SessionBudgetOnPostgres(PostgresHost host) : SessionBudgetTests(host), IClassFixture<PostgresHost>;

/// <summary>
/// Sessions out of a monthly budget in money-like credits: plan Starter with 40.00 pays 0.05 for an AI session and 0.025 for
/// another, plan Premium with 280.00 pays 0.04 and 0.02; the free tier may not buy.
/// </summary>
public abstract class SessionBudgetTests(HostFixture fixture) : ServerTests(fixture)
{
    private const string Ai = "ai_session";
    private const string Other = "session";
    private const string Money = "balance";

    [Theory]
    [InlineData("starter", Ai, 100)]
    [InlineData("starter", Other, 200)]
    [InlineData("premium", Ai, 125)]
    [InlineData("premium", Other, 250)]
    public async Task Five_credits_are_exactly_so_many_sessions(string plan, string usageType, long sessions)
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(plan == "starter" ? shop.Starter : shop.Premium);
        await Host.Consume(tenant, shop.Sessions, plan == "starter" ? 40 : 280);
        await Host.Grant(tenant, shop.Sessions, 5);
        (await Client.GetTenantRates(tenant, 5, Stop)).Rates.Single(rate => rate.UsageType == usageType)
            .ShouldSatisfyAllConditions(rate => rate.UsesLeft.ShouldBe(sessions), rate => rate.UsesForAmount.ShouldBe(sessions));

        var all = await Use(tenant, usageType, sessions);
        (all.Allowed, all.Price!.Cost, all.Drawn.Purchased, all.Remaining.Total).ShouldBe((true, 5, 5, 0));

        (await Use(tenant, usageType, 1)).Reason.ShouldBe("insufficient_credits");
        (await Client.GetTenantRates(tenant, stop: Stop)).Rates.ShouldAllBe(rate => rate.UsesLeft == 0);
    }

    [Fact]
    public async Task The_budget_is_used_first_and_overage_credits_take_over_by_themselves()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Starter);
        await Host.Grant(tenant, Money, 20);
        var used = await Use(tenant, Ai, 790);
        (used.Price!.Type, used.Price.Rate, used.Price.Quantity, used.Price.Cost, used.Drawn.Allowance, used.Remaining.Total)
            .ShouldBe((shop.Sessions, 0.05m, 790, 39.5m, 39.5m, 0.5m));

        var refused = await Use(tenant, Ai, 20);
        (refused.Allowed, refused.Reason, refused.Shortfall, refused.Price!.Cost).ShouldBe((false, "insufficient_credits", 0.5m, 1m));
        (await Refused(Client.StartPurchase(shop.Buy(tenant, 4.99m), stop: Stop), 400, "invalid_field", "price")).Problem.Limit.ShouldBe(5);
        (await Client.StartPurchase(shop.Buy(tenant, 5), stop: Stop)).Credits.ShouldBe(5);

        var over = await Use(tenant, Ai, 20);
        (over.Allowed, over.Drawn.Allowance, over.Drawn.Purchased, over.Remaining.Total).ShouldBe((true, 0.5m, 0.5m, 4.5m));
        (await Client.GetTenantRates(tenant, stop: Stop)).Rates.Select(rate => rate.UsesLeft).ShouldBe([90, 180]);
        (await Use(tenant, Other, 1)).Remaining.Purchased.ShouldBe(4.475m);

        Host.Clock.Advance(TimeSpan.FromDays(30));
        var april = await Use(tenant, Ai, 1);
        (april.Drawn.Allowance, april.Remaining.Allowance, april.Remaining.Purchased).ShouldBe((0.05m, 39.95m, 4.475m));
    }

    [Fact]
    public async Task The_free_tier_may_not_buy()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Free);
        await Host.Grant(tenant, Money, 20);
        (await Use(tenant, Ai, 40)).Remaining.Total.ShouldBe(0);

        await Refused(Client.StartPurchase(shop.Buy(tenant, 5), stop: Stop), 409, "pack_not_for_sale", "pack");

        var check = await Client.CheckCredits(new ConsumeRequest { Tenant = tenant, UsageType = Ai }, Stop);
        (check.Allowed, check.Price!.Cost, check.Shortfall).ShouldBe((false, 0.05m, 0.05m));
        check.Fixes.Select(fix => fix.Action).ShouldBe(["wait_for_reset"]);
        await Host.SaveTenant(tenant, shop.Starter);
        (await Client.StartPurchase(shop.Buy(tenant, 5), stop: Stop)).Status.ShouldBe("credited");
    }

    [Fact]
    public async Task A_lapsed_plan_freezes_what_was_bought_until_it_is_back()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Starter);
        await Host.Grant(tenant, Money, 20);
        await Client.StartPurchase(shop.Buy(tenant, 10), stop: Stop);
        await Use(tenant, Ai, 800);

        await Host.SaveTenant(tenant, shop.Starter, status: "lapsed");
        var frozen = await Use(tenant, Ai, 1);
        (frozen.Allowed, frozen.Reason, frozen.Remaining.Purchased).ShouldBe((false, "plan_lapsed", 10));
        await Refused(Client.StartPurchase(shop.Buy(tenant, 5), stop: Stop), 409, "plan_lapsed");
        Host.Clock.Advance(TimeSpan.FromDays(90));

        await Host.SaveTenant(tenant, shop.Starter, status: "active");
        (await Client.GetPool(tenant, shop.Sessions, Stop)).Remaining.ShouldSatisfyAllConditions(
            left => left.Allowance.ShouldBe(40), left => left.Purchased.ShouldBe(10));
        (await Use(tenant, Ai, 1_000)).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_price_never_changes_what_was_used_before()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Starter);
        var before = await Use(tenant, Ai, 10, "before");
        await Client.SaveRateCard(Host.NewName("card"), shop.Card(shop.Starter, 0.08m, 0.04m) with { EffectiveFrom = Host.Clock.GetUtcNow().AddDays(1) }, stop: Stop);
        (await Use(tenant, Ai, 10)).Price!.Cost.ShouldBe(0.5m, "the new card has not begun");
        Host.Clock.Advance(TimeSpan.FromDays(1));

        (await Use(tenant, Ai, 10)).Price!.Cost.ShouldBe(0.8m);
        var again = await Use(tenant, Ai, 10, "before");
        (again.Replayed, again.Price, again.Entry).ShouldBe((true, before.Price, before.Entry));
        (await All(Client.ListEntries(tenant, stop: Stop))).Where(entry => entry.Kind == "consume").Select(entry => (entry.Quantity, entry.Rate, entry.Amount))
            .ShouldBe([(10, 0.08m, 0.8m), (10, 0.05m, 0.5m), (10, 0.05m, 0.5m)]);
        (await Client.ReverseEntry(new ReversalRequest { Entry = before.Entry! }, stop: Stop)).Returned.ShouldBe(0.5m);
    }

    [Fact]
    public async Task Another_plan_has_its_price_at_once_and_its_budget_counts_the_use()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Starter);
        await Use(tenant, Ai, 100);
        var tried = await Client.DryRunPlanChange(new DryRunPlanChangeRequest { Tenant = tenant, Plan = shop.Premium }, Stop);

        await Host.SaveTenant(tenant, shop.Premium);

        var used = await Use(tenant, Ai, 100);
        (used.Price!.Cost, used.Remaining.Allowance).ShouldBe((4, 271));
        tried.RatesBefore.Rates.Select(rate => rate.UsesLeft).ShouldBe([700, 1_400]);
        tried.RatesAfter.Rates.Select(rate => rate.UsesLeft).ShouldBe([6_875, 13_750]);
        tried.Pools.Single(pool => pool.Type == shop.Sessions).After.Left.ShouldBe(275);
    }

    [Fact]
    public async Task What_the_card_does_not_name_is_refused_or_has_the_price_that_the_plan_says()
    {
        var shop = await Open();
        var tenant = await Host.NewTenant(shop.Starter);
        await Refused(Use(tenant, "video_session", 1), 404, "usage_type_unknown", "usage_type");

        var open = shop.Card(shop.Premium, 0.04m, 0.02m) with
        {
            EffectiveFrom = Host.Clock.GetUtcNow().AddMinutes(1), Unknown = new UnknownRateTerms { Type = shop.Sessions, Price = 1 },
        };
        await Client.SaveRateCard(Host.NewName("card"), open, stop: Stop);
        await Host.SaveTenant(tenant, shop.Premium);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Use(tenant, "video_session", 2)).Price!.Cost.ShouldBe(2);
    }

    [Fact]
    public async Task The_demo_catalogue_has_these_prices()
    {
        await using var demo = await Fixture.NewHost("--Topup:Demo=true");
        (await demo.Client.GetPlanRates("starter", 5, stop: Stop)).Rates.Take(2).Select(rate => (rate.UsageType, rate.UsesForAmount)).ShouldBe([(Ai, 100), (Other, 200)]);
        (await demo.Client.GetPlanRates("premium", 5, stop: Stop)).Rates.Take(2).Select(rate => (rate.UsageType, rate.UsesForAmount)).ShouldBe([(Ai, 125), (Other, 250)]);
        ((await demo.Client.GetPlan("starter", Stop)).Allowances["sessions"], (await demo.Client.GetPlan("premium", Stop)).Allowances["sessions"]).ShouldBe((40m, 280m));
        (await demo.Client.GetPlan("free", Stop)).TopUp!.ShouldNotContain("sessions");
        foreach (var plan in (string[])["free", "starter", "premium"])
            (await demo.Client.GetPlanRates(plan, stop: Stop)).Rates.Single(rate => rate.UsageType == "call")
                .ShouldSatisfyAllConditions(call => call.Type.ShouldBe("voice"), call => call.Price.ShouldBe(1), call => call.Seconds.ShouldBe(300));
    }

    private Task<ConsumeReply> Use(string tenant, string usageType, long quantity, string? key = null) =>
        Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, UsageType = usageType, Quantity = quantity }, key, Stop);

    private async Task<Shop> Open()
    {
        var sessions = await Host.NewType(3, needsActivePlan: true);
        await Client.SaveCreditType(Money, new CreditTypeRequest { Name = "Balance", Unit = "USD", Decimals = 2, Currency = "USD" }, stop: Stop);
        var (starter, premium, free) = (await Host.NewPlan((sessions, 40)), await Host.NewPlan((sessions, 280)), Host.NewName("plan"));
        await Client.SavePlan(free, new PlanRequest { Name = "Free", Allowances = new Dictionary<string, decimal> { [sessions] = 2 }, TopUp = [] }, stop: Stop);
        var pack = Host.NewName("pack");
        await Client.SavePack(pack, new PackRequest
        {
            Type = sessions, Name = "Overage credits", Price = 1, Currency = "USD", Credits = 1, Custom = new CustomAmountTerms { MinPrice = 5, MaxPrice = 1_000 },
        }, stop: Stop);
        var shop = new Shop(sessions, pack, starter, premium, free);
        foreach (var (plan, aiSession, session) in new[] { (starter, 0.05m, 0.025m), (premium, 0.04m, 0.02m), (free, 0.05m, 0.025m) })
            await Client.SaveRateCard(plan, shop.Card(plan, aiSession, session), stop: Stop);
        return shop;
    }

    private sealed record Shop(string Sessions, string Pack, string Starter, string Premium, string Free)
    {
        public PurchaseRequest Buy(string tenant, decimal price) => new() { Tenant = tenant, Pack = Pack, Price = price, Method = "balance" };

        public RateCardRequest Card(string plan, decimal aiSession, decimal session) => new()
        {
            Plan = plan,
            Rates = [new RateTerms { UsageType = Ai, Type = Sessions, Price = aiSession }, new RateTerms { UsageType = Other, Type = Sessions, Price = session }],
        };
    }
}
