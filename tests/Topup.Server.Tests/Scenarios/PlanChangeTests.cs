using Shouldly;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class PlanChangeOnSqlite(SqliteHost host) : PlanChangeTests(host), IClassFixture<SqliteHost>;

public sealed class PlanChangeOnPostgres(PostgresHost host) : PlanChangeTests(host), IClassFixture<PostgresHost>;

public abstract class PlanChangeTests(HostFixture fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData(500, 420)]
    [InlineData(100, 20)]
    [InlineData(80, 0)]
    [InlineData(50, 0)]
    [InlineData(0, 0)]
    public async Task The_new_limit_counts_at_once_and_the_use_is_kept(decimal limit, decimal left)
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 100)));
        await Host.Grant(tenant, sms, 7);
        await Host.Consume(tenant, sms, 80);

        await Host.SaveTenant(tenant, await Host.NewPlan((sms, limit)));

        var pool = await Client.GetPool(tenant, sms, Stop);
        (pool.Allowance.Used, pool.Allowance.Left, pool.Remaining.Purchased).ShouldBe((80, left, 7));
        (await Host.Consume(tenant, sms, left + 7)).Allowed.ShouldBeTrue();
        (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task An_edit_of_the_plan_itself_counts_at_once_too()
    {
        var sms = await Host.NewType();
        var plan = await Host.NewPlan((sms, 10));
        var tenant = await Host.NewTenant(plan);
        await Host.Consume(tenant, sms, 10);

        await Host.SavePlan(plan, (sms, 12));
        (await Host.Consume(tenant, sms, 2)).Allowed.ShouldBeTrue();
        await Host.SavePlan(plan, (sms, -1));
        (await Host.Consume(tenant, sms, 1_000)).Remaining.Unlimited.ShouldBeTrue();
        await Host.SavePlan(plan);
        (await Host.Consume(tenant, sms, 1)).Shortfall.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_plan_only_what_was_bought_can_be_spent_and_the_change_is_told()
    {
        var sms = await Host.NewType();
        var plan = await Host.NewPlan((sms, 10));
        var tenant = await Host.NewTenant(plan);
        await Host.Grant(tenant, sms, 3);

        await Host.SaveTenant(tenant, null);

        var used = await Host.Consume(tenant, sms, 3);
        (used.Drawn.Allowance, used.Drawn.Purchased, used.Remaining.Total).ShouldBe((0, 3, 0));
        var news = (await Host.Events(tenant)).Single(news => news.Type == "plan.changed");
        news.Data.GetProperty("previous_plan").GetString().ShouldBe(plan);
        news.Data.TryGetProperty("plan", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Going_back_and_forth_brings_nothing()
    {
        var sms = await Host.NewType();
        var (small, large) = (await Host.NewPlan((sms, 10)), await Host.NewPlan((sms, 20)));
        var tenant = await Host.NewTenant(small);
        await Host.Consume(tenant, sms, 10);
        for (var i = 0; i < 3; i++)
        {
            await Host.SaveTenant(tenant, large);
            await Host.SaveTenant(tenant, small);
            (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeFalse();
        }
        await Host.SaveTenant(tenant, large);
        (await Host.Consume(tenant, sms, 10)).Remaining.Total.ShouldBe(0);
    }
}
