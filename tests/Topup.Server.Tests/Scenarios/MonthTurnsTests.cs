using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class MonthTurnsOnSqlite(SqliteHost host) : MonthTurnsTests(host), IClassFixture<SqliteHost>;

public sealed class MonthTurnsOnPostgres(PostgresHost host) : MonthTurnsTests(host), IClassFixture<PostgresHost>;

public abstract class MonthTurnsTests(HostFixture fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData(31, "2026-01-20T00:00:00Z", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z")]
    [InlineData(30, "2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-30T00:00:00Z", "2028-04-30T00:00:00Z")]
    [InlineData(29, "2027-01-29T00:00:00Z", "2027-02-28T00:00:00Z", "2027-03-29T00:00:00Z", "2027-04-29T00:00:00Z")]
    [InlineData(1, "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", "2027-03-01T00:00:00Z")]
    public async Task The_allowance_comes_back_at_the_renewal_day_or_the_last_day_of_a_shorter_month(
        int renewalDay, string created, params string[] renewals)
    {
        Host.Clock.Set(created);
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)), renewalDay);

        await ComesBackAt(Host, tenant, sms, renewals);
    }

    [Theory]
    [InlineData("America/Sao_Paulo", 15, "2026-01-20T00:00:00Z", "2026-02-15T03:00:00Z", "2026-03-15T03:00:00Z")]
    [InlineData("Asia/Tokyo", 31, "2026-01-30T14:59:59Z", "2026-01-30T15:00:00Z", "2026-02-27T15:00:00Z")]
    [InlineData("Europe/Berlin", 29, "2026-03-01T00:00:00Z", "2026-03-28T23:00:00Z", "2026-04-28T22:00:00Z")]
    [InlineData("America/Santiago", 6, "2026-08-20T00:00:00Z", "2026-09-06T04:00:00Z", "2026-10-06T03:00:00Z")]
    public async Task The_day_begins_in_the_operators_time_zone_also_where_the_clocks_change(
        string zone, int renewalDay, string created, params string[] renewals)
    {
        await using var host = await Fixture.NewHost("--Topup:TimeZone=" + zone);
        host.Clock.Set(created);
        var sms = await host.NewType();
        var tenant = await host.NewTenant(await host.NewPlan((sms, 10)), renewalDay);

        await ComesBackAt(host, tenant, sms, renewals);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_grants_nothing()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        await Host.Consume(tenant, sms, 10);
        Host.Clock.Set("2026-04-01T00:00:00Z");
        (await Host.Consume(tenant, sms, 10)).Allowed.ShouldBeTrue();

        foreach (var back in new[] { "2026-03-31T23:59:59Z", "2026-03-10T00:00:00Z", "2025-12-01T00:00:00Z", "2026-04-30T23:59:59Z" })
        {
            Host.Clock.Set(back);
            (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeFalse(back);
        }
        Host.Clock.Set("2026-05-01T00:00:00Z");
        (await Host.Consume(tenant, sms, 10)).Allowed.ShouldBeTrue();
        (await Host.Events(tenant)).Count(news => news.Type == "allowance.reset").ShouldBe(2);
    }

    [Fact]
    public async Task Months_without_any_use_are_granted_once()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        await Host.Consume(tenant, sms, 4);
        Host.Clock.Set("2026-09-15T00:00:00Z");

        var used = await Host.Consume(tenant, sms, 1);

        used.Remaining.Total.ShouldBe(9);
        used.Remaining.ResetsAt.ShouldBe(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));
        (await Client.GetTenant(tenant, Stop)).Period.Number.ShouldBe(7);
    }

    [Fact]
    public async Task A_month_end_never_takes_bought_credits()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        await Host.Grant(tenant, sms, 5);
        await Host.Consume(tenant, sms, 12);
        Host.Clock.Set("2026-04-01T00:00:00Z");

        var pool = await Client.GetPool(tenant, sms, Stop);

        (pool.Allowance.Left, pool.Remaining.Purchased).ShouldBe((10, 3));
    }

    [Fact]
    public async Task What_is_left_rolls_over_within_the_terms_of_the_plan()
    {
        var sms = await Host.NewType();
        var plan = Host.NewName("plan");
        await Client.SavePlan(plan, new PlanRequest
        {
            Name = plan, Allowances = new Dictionary<string, decimal> { [sms] = 10 },
            Rollover = new Dictionary<string, RolloverTerms> { [sms] = new() { Min = 1, Max = 4 } },
        }, stop: Stop);
        var tenant = await Host.NewTenant(plan);
        await Host.Consume(tenant, sms, 2);

        Host.Clock.Set("2026-04-01T00:00:00Z");
        (await Host.Consume(tenant, sms, 13)).Remaining.Total.ShouldBe(1);
        Host.Clock.Set("2026-05-01T00:00:00Z");
        (await Host.Consume(tenant, sms, 11)).Remaining.Total.ShouldBe(0);
        Host.Clock.Set("2026-06-01T00:00:00Z");
        (await Client.GetPool(tenant, sms, Stop)).Allowance.ShouldSatisfyAllConditions(
            allowance => allowance.RolledOver.ShouldBe(1), allowance => allowance.Left.ShouldBe(11));
    }

    /// <summary>Everything is used up before each renewal, nothing is there a moment before it, and all of it at the moment.</summary>
    private static async Task ComesBackAt(TestHost host, string tenant, string type, string[] renewals)
    {
        (await host.Consume(tenant, type, 10)).Allowed.ShouldBeTrue();
        foreach (var renewal in renewals)
        {
            var moment = DateTimeOffset.Parse(renewal, System.Globalization.CultureInfo.InvariantCulture);
            (await host.Client.GetPool(tenant, type, Stop)).Allowance.ResetsAt.ShouldBe(moment);
            host.Clock.Set(moment.AddMilliseconds(-1));
            (await host.Consume(tenant, type, 1)).Allowed.ShouldBeFalse(renewal);
            host.Clock.Set(moment);
            (await host.Consume(tenant, type, 10)).Allowed.ShouldBeTrue(renewal);
            (await host.Client.GetTenant(tenant, Stop)).Period.StartsAt.ShouldBe(moment);
        }
    }
}
