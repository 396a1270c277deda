using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class LapsedOnSqlite(SqliteHost host) : LapsedTests(host), IClassFixture<SqliteHost>;

public sealed class LapsedOnPostgres(PostgresHost host) : LapsedTests(host), IClassFixture<PostgresHost>;

public abstract class LapsedTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_lapsed_plan_freezes_what_needs_one_and_nothing_is_lost()
    {
        var (sms, addons) = (await Host.NewType(needsActivePlan: true), await Host.NewType());
        var plan = await Host.NewPlan((sms, 10), (addons, 10));
        var tenant = await Host.NewTenant(plan);
        await Host.Grant(tenant, sms, 5);
        await Host.Grant(tenant, addons, 1);
        await Host.Consume(tenant, sms, 1);

        await Host.SaveTenant(tenant, plan, status: "lapsed");

        var refused = await Host.Consume(tenant, sms, 1);
        (refused.Allowed, refused.Reason, refused.Remaining.Total).ShouldBe((false, "plan_lapsed", 14));
        var bought = await Host.Consume(tenant, addons, 1);
        (bought.Allowed, bought.Drawn.Allowance, bought.Drawn.Purchased, bought.Remaining.Total).ShouldBe((true, 0, 1, 0));
        (await Client.GetPool(tenant, sms, Stop)).Status.ShouldBe("frozen");
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms }, stop: Stop);
        (hold.Allowed, hold.Reason).ShouldBe((false, "plan_lapsed"));
        var check = await Client.CheckCredits(new ConsumeRequest { Tenant = tenant, Type = sms }, Stop);
        check.Fixes.Single().Action.ShouldBe("renew_plan");

        await Host.SaveTenant(tenant, plan, status: "active");
        (await Host.Consume(tenant, sms, 14)).Allowed.ShouldBeTrue();
        (await Host.Consume(tenant, addons, 10)).Drawn.Allowance.ShouldBe(10);
    }

    [Fact]
    public async Task Nothing_is_sold_into_a_frozen_pool_but_a_gift_may_come()
    {
        var (sms, money) = (await Host.NewType(needsActivePlan: true), await Host.NewType(2, "CHF"));
        var pack = await Host.NewPack(sms, 100, 5, "CHF");
        var plan = await Host.NewPlan();
        var tenant = await Host.NewTenant(plan);
        await Host.Grant(tenant, money, 10);
        await Host.SaveTenant(tenant, plan, status: "lapsed");

        var buy = new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" };
        await Refused(Client.StartPurchase(buy, stop: Stop), 409, "plan_lapsed");
        await Host.Grant(tenant, sms, 1, "promotional");

        (await Client.GetPool(tenant, money, Stop)).Remaining.Total.ShouldBe(10);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Purchased.ShouldBe(1);
    }

    [Fact]
    public async Task A_suspended_tenant_spends_nothing()
    {
        var sms = await Host.NewType();
        var plan = await Host.NewPlan((sms, -1));
        var tenant = await Host.NewTenant(plan);
        await Host.SaveTenant(tenant, plan, status: "suspended");

        (await Host.Consume(tenant, sms, 1)).Reason.ShouldBe("tenant_suspended");
        (await Client.GetPool(tenant, sms, Stop)).Status.ShouldBe("suspended");

        await Host.SaveTenant(tenant, plan, status: "active");
        (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeTrue();
    }
}
