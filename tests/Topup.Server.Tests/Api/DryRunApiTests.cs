using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Api;

public sealed class DryRunApiOnSqlite(SqliteHost host) : DryRunApiTests(host), IClassFixture<SqliteHost>;

public sealed class DryRunApiOnPostgres(PostgresHost host) : DryRunApiTests(host), IClassFixture<PostgresHost>;

public abstract class DryRunApiTests(HostFixture fixture) : ServerTests(fixture)
{
    private const int Seed = 20260310;

    [Theory]
    [InlineData(40, 0.05, 0.025, 800, 1_600, 100, 200)]
    [InlineData(280, 0.04, 0.02, 7_000, 14_000, 125, 250)]
    public async Task A_tenant_sees_what_uses_cost_how_many_are_left_and_what_five_credits_buy(
        decimal budget, decimal aiSession, decimal session, long aiSessionsLeft, long sessionsLeft, long aiSessionsForFive, long sessionsForFive)
    {
        var sessions = await Host.NewType(3, needsActivePlan: true);
        var plan = await Host.NewPlan((sessions, budget));
        await Client.SaveRateCard(plan, Card(plan, Rate("ai_session", sessions, aiSession), Rate("session", sessions, session), Rate("look", sessions, 0)), stop: Stop);
        var tenant = await Host.NewTenant(plan);

        var view = await Client.GetTenantRates(tenant, 5, Stop);

        (view.Plan, view.RateCard, view.EffectiveFrom).ShouldBe((plan, plan, Host.Clock.GetUtcNow()));
        view.Rates.Select(rate => (rate.UsageType, rate.Price, rate.UsesLeft, rate.UsesForAmount, rate.Reason)).ShouldBe(
        [
            ("ai_session", aiSession, aiSessionsLeft, aiSessionsForFive, null), ("session", session, sessionsLeft, sessionsForFive, null),
            ("look", 0m, null, null, null),
        ]);
        await Host.Consume(tenant, sessions, budget);
        await Host.Grant(tenant, sessions, 5);
        (await Client.GetTenantRates(tenant, stop: Stop)).Rates.Select(rate => (rate.UsesLeft, rate.UsesForAmount))
            .ShouldBe([(aiSessionsForFive, null), (sessionsForFive, null), (null, null)]);
        await Host.SaveTenant(tenant, plan, status: "lapsed");
        (await Client.GetTenantRates(tenant, stop: Stop)).Rates.ShouldAllBe(rate => rate.UsesLeft == 0 && rate.Reason == "plan_lapsed");
    }

    [Fact]
    public async Task A_tenant_without_a_card_has_no_rates_and_one_without_a_plan_has_those_of_no_plan()
    {
        var (type, plan) = (await Host.NewType(), await Host.NewPlan());
        await using var host = await Fixture.NewHost();
        var (other, none) = (await host.NewTenant(await host.NewPlan()), await host.NewTenant());
        (await host.Client.GetTenantRates(other, stop: Stop)).Rates.ShouldBeEmpty();
        type = await host.NewType();
        await host.Client.SaveRateCard("all", Card(null, Rate("x", type, 1)) with { Unknown = new UnknownRateTerms { Type = type, Price = 2 } }, stop: Stop);
        await host.Grant(none, type, 5);

        var view = await host.Client.GetTenantRates(none, stop: Stop);

        (view.Plan, view.RateCard, view.Rates.Single().UsesLeft, view.Unknown!.UsesLeft).ShouldBe((null, "all", 5, 2));
        (await host.Client.GetTenantRates(other, stop: Stop)).Rates.Single().UsesLeft.ShouldBe(0);
    }

    [Fact]
    public async Task A_plan_change_that_is_only_tried_shows_pools_rates_and_what_can_no_longer_be_bought()
    {
        var (sms, sessions) = (await Host.NewType(), await Host.NewType(3, needsActivePlan: true));
        var pack = await Host.NewPack(sessions, 5, 5, "USD");
        var everywhere = await Host.NewPack(sms, 5, 5, "USD");
        var (paid, free) = (await Host.NewPlan((sms, 100), (sessions, 40)), Host.NewName("plan"));
        await Client.SavePlan(free, new PlanRequest { Name = "Free", Allowances = new Dictionary<string, decimal> { [sms] = -1 }, TopUp = [sms] }, stop: Stop);
        await Client.SaveRateCard(paid, Card(paid, Rate("ai_session", sessions, 0.05m)), stop: Stop);
        var forPaid = Host.NewName("pack");
        await Client.SavePack(forPaid, new PackRequest { Type = sms, Name = "x", Price = 1, Currency = "USD", Credits = 1, Plans = [paid] }, stop: Stop);
        var tenant = await Host.NewTenant(paid);
        await Host.Consume(tenant, sms, 30);
        await Host.Grant(tenant, sessions, 2.5m);

        var tried = await Client.DryRunPlanChange(new DryRunPlanChangeRequest { Tenant = tenant, Plan = free, Status = "lapsed" }, Stop);

        tried.Pools.Select(pool => (pool.Type, pool.Before.Status, pool.Before.Limit, pool.Before.Left, pool.After.Status, pool.After.Limit, pool.After.Left,
            pool.After.Purchased, pool.Before.MayTopUp, pool.After.MayTopUp)).ShouldBe(
        [
            (sms, "ok", 100m, 70m, "exhausted", 0m, 0m, 0m, true, true),
            (sessions, "ok", 40m, 40m, "frozen", 0m, 0m, 2.5m, true, false),
        ], ignoreOrder: true);
        (tried.RatesBefore.RateCard, tried.RatesBefore.Rates.Single().UsesLeft, tried.RatesAfter.RateCard).ShouldBe((paid, 850, null));
        tried.PacksNoLongerSold.ShouldBe([pack, forPaid], ignoreOrder: true);
        tried.PacksNoLongerSold.ShouldNotContain(everywhere);
        (await Client.GetTenant(tenant, Stop)).Plan.ShouldBe(paid);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Total.ShouldBe(70);
        await Refused(Client.DryRunPlanChange(new DryRunPlanChangeRequest { Tenant = tenant, Plan = "nowhere" }, Stop), 400, "plan_unknown", "plan");
    }

    [Fact]
    public async Task What_a_plan_change_would_do_is_what_it_does()
    {
        var random = new Random(Seed);
        var (one, two) = (await Host.NewType(needsActivePlan: true), await Host.NewType(2));
        var plans = new List<string?> { null };
        foreach (var (first, second) in new[] { (10m, 2.5m), (0m, 10m), (-1m, 5m), (3m, -1m) }) plans.Add(await Host.NewPlan((one, first), (two, second)));
        var tenant = await Host.NewTenant(plans[1]);
        for (var i = 0; i < 40; i++)
        {
            foreach (var type in (string[])[one, two])
            {
                if (random.Next(3) == 0) await Host.Grant(tenant, type, random.Next(1, 4), expiresAt: Host.Clock.GetUtcNow().AddDays(random.Next(1, 40)));
                await Host.Consume(tenant, type, random.Next(1, 8), onShortage: "cap");
            }
            Host.Clock.Advance(TimeSpan.FromDays(random.Next(0, 12)));
            var (plan, status) = (plans[random.Next(plans.Count)], (string[])["active", "lapsed", "suspended"]);
            var wanted = status[random.Next(status.Length)];

            var before = await Pools();
            var tried = await Client.DryRunPlanChange(new DryRunPlanChangeRequest { Tenant = tenant, Plan = plan, Status = wanted }, Stop);
            tried.Pools.Select(pool => (pool.Type, pool.Before)).ShouldBe(before, ignoreOrder: true, $"before, round {i}");
            await Host.SaveTenant(tenant, plan, status: wanted);
            tried.Pools.Select(pool => (pool.Type, pool.After)).ShouldBe(await Pools(), ignoreOrder: true, $"after, round {i}");
        }

        async Task<List<(string, PoolState)>> Pools()
        {
            var found = new List<(string, PoolState)>();
            foreach (var type in (string[])[one, two])
            {
                var pool = await Client.GetPool(tenant, type, Stop);
                found.Add((type, new PoolState
                {
                    Status = pool.Status, Limit = pool.Allowance.Limit, Left = pool.Allowance.Left, Purchased = pool.Remaining.Purchased,
                    Held = pool.Remaining.Held, Debt = pool.Remaining.Debt, MayTopUp = true,
                }));
            }
            return found;
        }
    }

    [Fact]
    public async Task What_time_would_take_is_what_it_takes()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        var now = Host.Clock.GetUtcNow();
        var later = await Host.Grant(tenant, sms, 7, expiresAt: now.AddDays(15));
        var soon = await Host.Grant(tenant, sms, 5, expiresAt: now.AddDays(3));
        await Host.Grant(tenant, sms, 3);
        await Host.Consume(tenant, sms, 4);
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms, Amount = 8, ExpiresIn = 86_400 }, stop: Stop);

        var at = now.AddDays(20);
        var tried = (await Client.DryRunExpiry(new DryRunExpiryRequest { Tenant = tenant, At = at }, Stop)).Pools.Single();

        hold.Allowed.ShouldBeTrue();
        (tried.Type, tried.Now.Total, tried.Now.Held, tried.Then.Total, tried.Then.Held).ShouldBe((sms, 13, 8, 9, 0));
        tried.Lots.ShouldBe([new ExpiringLotView { Lot = soon, Amount = 5, ExpiresAt = now.AddDays(3) }, new ExpiringLotView { Lot = later, Amount = 7, ExpiresAt = now.AddDays(15) }]);
        (tried.Expires, tried.Resets, tried.AllowanceEnds).ShouldBe((12, 0, 0));
        (await Client.GetPool(tenant, sms, Stop)).Remaining.ShouldBe(tried.Now);

        var next = (await Client.DryRunExpiry(new DryRunExpiryRequest { Tenant = tenant, At = now.AddMonths(1) }, Stop)).Pools.Single();
        (next.Resets, next.Then.Allowance).ShouldBe((1, 10));
        Host.Clock.Set(at);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.ShouldBe(tried.Then);
    }

    [Fact]
    public async Task Draws_that_are_only_tried_say_what_each_would_take_and_take_nothing()
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 1)));
        var lot = await Host.Grant(tenant, type, 0.5m);

        var tried = (await Client.DryRunDraw(new DryRunDrawRequest { Tenant = tenant, Uses = [Use(0.75m), Use(0.5m), Use(5), Use(0.25m)] }, Stop)).Draws;

        tried.Select(draw => (draw.Amount, draw.Allowed, draw.Reason, draw.Drawn.Allowance, draw.Drawn.Purchased, draw.Remaining.Total, draw.Shortfall)).ShouldBe(
        [
            (0.75m, true, null, 0.75m, 0m, 0.75m, null), (0.5m, true, null, 0.25m, 0.25m, 0.25m, null),
            (5m, false, "insufficient_credits", 0m, 0m, 0.25m, 4.75m), (0.25m, true, null, 0m, 0.25m, 0m, null),
        ]);
        tried[1].Drawn.Lots.Single().ShouldBe(new LotDraw(lot, 0.25m));
        (await Client.DryRunDraw(new DryRunDrawRequest { Tenant = tenant, Uses = [Use(2)], OnShortage = "cap" }, Stop)).Draws.Single().Shortfall.ShouldBe(0.5m);
        (await All(Client.ListEntries(tenant, stop: Stop))).Count.ShouldBe(2, "the first period and the grant");

        DryRunUse Use(decimal amount) => new() { Type = type, Amount = amount };
    }

    [Fact]
    public async Task Uses_that_are_only_tried_are_priced_by_the_plan_and_each_pool_pays_its_own()
    {
        var (sessions, voice) = (await Host.NewType(3), await Host.NewType());
        var plan = await Host.NewPlan((sessions, 1), (voice, 1));
        await Client.SaveRateCard(plan, Card(plan, Rate("ai_session", sessions, 0.4m), Rate("call", voice, 1)), stop: Stop);
        var tenant = await Host.NewTenant(plan);
        var (session, call) = (new DryRunUse { UsageType = "ai_session", Quantity = 2 }, new DryRunUse { UsageType = "call" });

        var tried = await Client.DryRunDraw(new DryRunDrawRequest { Tenant = tenant, Uses = [session, call, session, call] }, Stop);

        tried.Draws.Select(draw => (draw.Type, draw.Amount, draw.Price!.Rate, draw.Price.Quantity, draw.Allowed, draw.Remaining.Total, draw.Shortfall)).ShouldBe(
        [
            (sessions, 0.8m, 0.4m, 2, true, 0.2m, null), (voice, 1m, 1m, 1, true, 0m, null),
            (sessions, 0.8m, 0.4m, 2, false, 0.2m, 0.6m), (voice, 1m, 1m, 1, false, 0m, 1m),
        ]);
        var unknown = new DryRunDrawRequest { Tenant = tenant, Uses = [session, new DryRunUse { UsageType = "fax" }] };
        await Refused(Client.DryRunDraw(unknown, Stop), 404, "usage_type_unknown", "uses[1].usage_type");
    }

    private static RateCardRequest Card(string? plan, params RateTerms[] rates) => new() { Plan = plan, Rates = rates };

    private static RateTerms Rate(string usageType, string type, decimal price) => new() { UsageType = usageType, Type = type, Price = price };
}
