using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.AddOns;

public sealed class AddOnRenewalsOnSqlite(SqliteAddOns host) : AddOnRenewalTests(host), IClassFixture<SqliteAddOns>;

public sealed class AddOnRenewalsOnPostgres(PostgresAddOns host) : AddOnRenewalTests(host), IClassFixture<PostgresAddOns>
{
    [Fact]
    public async Task Two_servers_on_one_database_charge_each_cycle_once()
    {
        var database = Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"];
        await using var other = await Fixture.NewHost("--Topup:Database=" + database);
        var tenants = new List<(string Tenant, string Type, string AddOn)>();
        for (var i = 0; i < 30; i++)
        {
            tenants.Add(await Workspace(200));
            await Client.EnableAddOn(tenants[^1].Tenant, tenants[^1].AddOn, stop: Stop);
        }
        foreach (var server in new[] { Host, other }) server.Clock.Set("2026-07-10T09:00:00Z");

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { Host, other }).Select(server => WorkerOf(server).Run(Stop)));

        foreach (var (tenant, type, _) in tenants) (await Left(tenant, type)).ShouldBe(200 - 15 - 90);
    }
}

public abstract class AddOnRenewalTests(HostFixture fixture) : AddOnServerTests(fixture)
{
    [Fact]
    public async Task A_renewal_charges_the_price_of_its_day_once_on_the_renewal_day()
    {
        var (tenant, type, bot) = await Workspace(200);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await NewAddOn(type, bot, price: 20);
        Host.Clock.Set("2026-04-30T23:59:59Z");
        await Work();
        (await Charges(tenant, bot)).Count.ShouldBe(1);
        Host.Clock.Set("2026-05-01T00:00:00Z");
        await Task.WhenAll(Work(), Work(), Work());
        await Work();
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15", "2026-05-01/2026-06-01 20"]);
        (await Left(tenant, type)).ShouldBe(165);
        var told = (await Host.Events(tenant)).Last(told => told.Type == "addon.renewed").Data;
        (told.GetProperty("addon").GetString(), told.GetProperty("paid_until").GetString(), told.GetProperty("charge").GetDecimal()).ShouldBe((bot, "2026-06-01", 20m));
    }

    [Fact]
    public async Task What_was_missed_in_a_long_absence_is_caught_up_cycle_by_cycle()
    {
        var (tenant, type, bot) = await Workspace(1_000, renewalDay: 31);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Work("2026-08-10");
        (await Charges(tenant, bot)).ShouldBe(
            ["2026-04-16/2026-04-30 14", "2026-04-30/2026-05-31 30", "2026-05-31/2026-06-30 30", "2026-06-30/2026-07-31 30", "2026-07-31/2026-08-31 30"]);
        (await Left(tenant, type)).ShouldBe(1_000 - 134);
        (await Shown(tenant, bot)).PaidUntil.ShouldBe(new DateOnly(2026, 8, 31));
    }

    [Fact]
    public async Task What_cannot_be_charged_works_on_in_grace_then_not_and_again_when_credits_come()
    {
        var (tenant, type, bot) = await Workspace(20);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Work("2026-05-01");
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(
            shown => shown.Status.ShouldBe("grace"), shown => shown.GraceUntil.ShouldBe(new DateOnly(2026, 5, 4)), shown => shown.ChargeNow.ShouldBe(30),
            shown => shown.Missing.ShouldBe(25), shown => shown.Reason.ShouldBe("insufficient_credits"));
        await Refused(Client.EnableAddOn(tenant, bot, stop: Stop), 409, "addon_on", "addon");
        await Work("2026-05-03");
        await Work("2026-05-04");
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(
            shown => shown.Status.ShouldBe("suspended"), shown => shown.Available.ShouldBeTrue(), shown => shown.NextCharge.ShouldBeNull());
        await Work("2026-05-17");
        await Host.Grant(tenant, type, 9.51m);
        await Work();
        (await Shown(tenant, bot)).Missing.ShouldBe(0.01m);
        await Host.Grant(tenant, type, 0.01m);
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("on");
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15", "2026-05-17/2026-06-01 14.52"]);
        (await News(tenant)).ShouldBe(
            ["addon.enabled off>on 15", "addon.suspended on>grace 30", "addon.suspended grace>suspended 30", "addon.enabled suspended>on 14.52"]);
        var suspended = (await Host.Events(tenant)).First(told => told.Type == "addon.suspended").Data;
        (suspended.GetProperty("missing").GetDecimal(), suspended.GetProperty("grace_until").GetString(), suspended.GetProperty("reason").GetString())
            .ShouldBe((25m, "2026-05-04", "insufficient_credits"));
    }

    [Fact]
    public async Task Credits_that_come_in_grace_renew_the_whole_cycle()
    {
        var (tenant, type, bot) = await Workspace(15);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Work("2026-05-01");
        Host.Clock.Set("2026-05-03T12:00:00Z");
        await Host.Grant(tenant, type, 30);
        await Work();
        (await Charges(tenant, bot))[^1].ShouldBe("2026-05-01/2026-06-01 30");
        (await News(tenant))[^1].ShouldBe("addon.renewed grace>on 30");
    }

    [Fact]
    public async Task What_is_suspended_can_be_enabled_by_hand_and_disabled_without_giving_anything_back()
    {
        await using var server = await Fixture.NewHost();
        await server.Client.SaveAddOnSettings(new AddOnSettings { GraceDays = 0 }, stop: Stop);
        server.Clock.Set("2026-04-16T09:00:00Z");
        var type = await server.NewType(2);
        var tenant = await server.NewTenant();
        await server.Grant(tenant, type, 15);
        await server.Client.SaveAddOn("bot", new AddOnRequest { Type = type, Name = "Bot", Price = 30 }, stop: Stop);
        await server.Client.EnableAddOn(tenant, "bot", stop: Stop);
        server.Clock.Set("2026-05-01T09:00:00Z");
        var worker = WorkerOf(server);
        await worker.Run(Stop);
        (await server.Client.GetTenantAddOns(tenant, Stop)).Addons[0].Status.ShouldBe("suspended", "no grace at all");
        await Refused(server.Client.EnableAddOn(tenant, "bot", stop: Stop), 402, "insufficient_credits");
        await server.Grant(tenant, type, 30);
        server.Clock.Set("2026-05-17T09:00:00Z");
        (await server.Client.EnableAddOn(tenant, "bot", stop: Stop)).Charge.ShouldBe(14.52m);
        server.Clock.Set("2026-06-01T09:00:00Z");
        await worker.Run(Stop);
        (await server.Client.DisableAddOn(tenant, "bot", stop: Stop)).ShouldSatisfyAllConditions(off => off.GivenBack.ShouldBe(0), off => off.Entry.ShouldBeNull());
    }

    [Fact]
    public async Task A_lapsed_plan_freezes_the_charge_until_the_plan_is_back()
    {
        var type = await Host.NewType(2, needsActivePlan: true);
        var plan = await Host.NewPlan();
        var tenant = await Host.NewTenant(plan);
        await Host.Grant(tenant, type, 100);
        var bot = await NewAddOn(type);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Host.SaveTenant(tenant, plan, status: "lapsed");
        await Work("2026-05-01");
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("grace"), shown => shown.Reason.ShouldBe("plan_lapsed"));
        await Work("2026-05-02");
        Host.Clock.Set("2026-05-02T10:00:00Z");
        await Host.SaveTenant(tenant, plan, status: "active");
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("on");
        (await Left(tenant, type)).ShouldBe(55);
    }

    [Fact]
    public async Task An_allowance_that_comes_back_on_the_renewal_day_pays_for_the_renewal()
    {
        var type = await Host.NewType(2);
        var tenant = await Host.NewTenant(await Host.NewPlan((type, 30)));
        var bot = await NewAddOn(type);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Host.Consume(tenant, type, 15);
        await Work("2026-05-01");
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15", "2026-05-01/2026-06-01 30"]);
        (await Left(tenant, type)).ShouldBe(0);
    }

    [Fact]
    public async Task Another_plan_in_mid_cycle_leaves_what_is_paid_and_the_add_on_stays()
    {
        var (tenant, type, bot) = await Workspace(100);
        var (small, large) = (await Host.NewPlan(), await Host.NewPlan((type, 50)));
        await Client.SaveAddOn(bot, new AddOnRequest { Type = type, Name = bot, Price = 30, Plans = [small] }, stop: Stop);
        await Host.SaveTenant(tenant, small);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Host.SaveTenant(tenant, large);
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("on"), shown => shown.GivesBack.ShouldBe(15));
        await Work("2026-05-01");
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15", "2026-05-01/2026-06-01 30"]);
        (await Left(tenant, type)).ShouldBe(85 + 20, "the new plan's allowance paid");
    }

    [Theory]
    [InlineData(10, "2026-05-01/2026-05-10 9", "2026-05-10/2026-06-10 30")]
    [InlineData(20, "2026-05-01/2026-05-20 19", "2026-05-20/2026-06-20 30")]
    [InlineData(31, "2026-05-01/2026-05-31 29.03", "2026-05-31/2026-06-30 30")]
    public async Task A_renewal_day_that_moves_has_each_day_paid_once(int day, string stub, string next)
    {
        var (tenant, _, bot) = await Workspace(200);
        await Client.EnableAddOn(tenant, bot, stop: Stop);
        await Host.SaveTenant(tenant, null, renewalDay: day);
        await Work("2026-06-05");
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15", stub, next]);
    }

    [Theory]
    [InlineData("2027-02-10T09:00:00Z", 10, 28, 30)]
    [InlineData("2028-02-10T09:00:00Z", 10, 29, 30)]
    [InlineData("2028-02-24T09:00:00Z", 10, 29, 15.52)]
    [InlineData("2028-02-29T09:00:00Z", 31, 31, 30)]
    [InlineData("2027-03-30T09:00:00Z", 31, 31, 0.97)]
    public async Task A_cycle_has_28_to_31_days(string now, int renewalDay, int days, decimal charge)
    {
        Host.Clock.Set(now);
        var (tenant, _, bot) = await Workspace(100, renewalDay);
        (await Client.GetTenantAddOns(tenant, Stop)).CycleDays.ShouldBe(days);
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Charge.ShouldBe(charge);
    }

    /// <summary>Havana's clock goes forward over midnight on the 8th of March 2026, and back on the 1st of November.</summary>
    [Fact]
    public async Task Days_are_those_of_the_operators_calendar_whatever_its_clock_does()
    {
        await using var server = await Fixture.NewHost("--Topup:TimeZone=America/Havana");
        var type = await server.NewType(2);
        await server.Client.SaveAddOn("bot", new AddOnRequest { Type = type, Name = "Bot", Price = 31 }, stop: Stop);
        server.Clock.Set("2026-03-08T04:59:59Z");
        var tenant = await server.NewTenant(renewalDay: 8);
        await server.Grant(tenant, type, 100);
        (await server.Client.EnableAddOn(tenant, "bot", stop: Stop)).Charge.ShouldBe(1.11m, "the last day of 28");
        server.Clock.Set("2026-03-08T05:00:00Z");
        await WorkerOf(server).Run(Stop);
        (await server.Client.GetTenantAddOns(tenant, Stop)).ShouldSatisfyAllConditions(
            page => page.Today.ShouldBe(new DateOnly(2026, 3, 8)), page => page.CycleDays.ShouldBe(31), page => page.DaysLeft.ShouldBe(31),
            page => page.Addons[0].PaidUntil.ShouldBe(new DateOnly(2026, 4, 8)), page => page.Addons[0].UsedThisCycle.ShouldBe(31));
        server.Clock.Set("2026-11-01T06:30:00Z");
        (await server.Client.GetTenantAddOns(tenant, Stop)).Today.ShouldBe(new DateOnly(2026, 11, 1));
    }

    [Fact]
    public async Task A_full_lane_delays_a_renewal_and_loses_none()
    {
        await using var server = await Fixture.NewHost("--Topup:QueueMax=16", "--Topup:BatchMax=4", "--Topup:AddOnEverySeconds=86400");
        server.Clock.Set("2026-04-16T09:00:00Z");
        var type = await server.NewType(2);
        await server.Client.SaveAddOn("bot", new AddOnRequest { Type = type, Name = "Bot", Price = 30 }, stop: Stop);
        var tenants = new List<string>();
        for (var i = 0; i < 120; i++)
        {
            tenants.Add(await server.NewTenant());
            await server.Grant(tenants[^1], type, 45);
            await server.Client.EnableAddOn(tenants[^1], "bot", stop: Stop);
        }
        server.Clock.Set("2026-05-01T09:00:00Z");
        await WorkerOf(server).Run(Stop);
        foreach (var tenant in tenants) (await server.Client.GetPool(tenant, type, Stop)).Remaining.Total.ShouldBe(0);
    }

    [Fact]
    public async Task Ten_years_of_renewals_with_random_downtime_charge_each_cycle_once()
    {
        var random = new Random(20260416);
        var tenants = new List<(string Tenant, string AddOn)>();
        foreach (var renewalDay in new[] { 1, 15, 29, 31 })
        {
            var (tenant, type, bot) = await Workspace(10_000, renewalDay);
            await Client.EnableAddOn(tenant, bot, stop: Stop);
            tenants.Add((tenant, bot));
        }
        var (now, end) = (TestHost.Beginning.AddMonths(1), TestHost.Beginning.AddYears(10));
        while (now < end)
        {
            now = now.AddHours(random.Next(6) == 0 ? random.Next(24 * 300) : random.Next(24 * 40));
            Host.Clock.Set(now);
            await Work();
        }
        foreach (var (tenant, bot) in tenants)
        {
            var charges = (await Charges(tenant, bot)).Select(charge => charge.Split('/', ' ')).ToList();
            for (var i = 1; i < charges.Count; i++)
            {
                charges[i][0].ShouldBe(charges[i - 1][1]);
                charges[i][2].ShouldBe("30");
            }
            DateOnly.Parse(charges[^1][1], CultureInfo.InvariantCulture).ShouldBeGreaterThan(DateOnly.FromDateTime(now.Date));
            charges.Count.ShouldBeInRange(118, 132);
        }
    }
}
