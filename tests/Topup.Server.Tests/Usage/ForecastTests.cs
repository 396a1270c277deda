using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Usage;

public sealed class ForecastOnSqlite(SqliteHost host) : ForecastTests(host), IClassFixture<SqliteHost>;

public sealed class ForecastOnPostgres(PostgresHost host) : ForecastTests(host), IClassFixture<PostgresHost>;

public abstract class ForecastTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task It_is_hidden_under_a_week_and_says_how_much_data_there_is()
    {
        var sms = await Host.NewType(1);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 100);
        for (var day = 0; day < 6; day++)
        {
            // What was given back is no use.
            var used = await Host.Consume(tenant, sms, 4);
            await Client.ReverseEntry(new ReversalRequest { Entry = used.Entry!, Amount = 1.5m }, stop: Stop);
            Host.Clock.Advance(TimeSpan.FromDays(1));
        }

        var hidden = (await Client.GetForecast(tenant, sms, Stop)).Single();
        (hidden.DaysOfData, hidden.BurnRate7, hidden.BurnRate30, hidden.Weekdays, hidden.RunsOut, hidden.Missing, hidden.SuggestedPack).ShouldBe((6, null, null, null, null, null, null));

        await Host.Consume(tenant, sms, 2.5m);
        Host.Clock.Advance(TimeSpan.FromDays(1));
        var shown = (await Client.GetForecast(tenant, stop: Stop)).Single();
        (shown.DaysOfData, shown.BurnRate7, shown.BurnRate30, shown.RunsOut!.From, shown.RunsOut.To, shown.RunsOut.Days).ShouldBe((7, 2.5m, 2.5m, "2026-04-18", "2026-04-18", 32));
        shown.Weekdays!.Select(day => (day.Weekday, day.Credits, day.Share)).First().ShouldBe(("monday", 2.5m, 14.29m));
    }

    /// <summary>The day on which it says so is the day on which it comes.</summary>
    [Fact]
    public async Task On_constant_use_the_credits_run_out_on_the_day_it_said()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 50)), renewalDay: 20);
        await Host.Grant(tenant, sms, 333);
        for (var day = 0; day < 12; day++) await UseOneDay(tenant, sms);
        var said = (await Client.GetForecast(tenant, sms, Stop)).Single().RunsOut!;
        said.From.ShouldBe(said.To);

        for (var day = 0; day < 60; day++)
        {
            var date = Host.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            var used = await Host.Consume(tenant, sms, 11, onShortage: "cap");
            if (used.Remaining.Total == 0)
            {
                date.ShouldBe(said.From);
                return;
            }
            Host.Clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Fail("It never ran out.");
    }

    [Fact]
    public async Task The_pack_that_lasts_is_suggested_of_those_that_the_plan_may_buy()
    {
        var sms = await Host.NewType();
        var (plan, other) = (await Host.NewPlan(), await Host.NewPlan());
        var tenant = await Host.NewTenant(plan);
        async Task Pack(string code, decimal credits, string? only, bool active = true) => await Client.SavePack(code,
            new PackRequest { Type = sms, Name = code, Credits = credits, Price = credits / 10, Currency = "USD", Active = active, Plans = only is null ? null : [only] }, stop: Stop);
        var (small, right, large) = (Host.NewName("pack"), Host.NewName("pack"), Host.NewName("pack"));
        await Pack(small, 100, null);
        await Pack(right, 350, plan);
        await Pack(large, 900, null);
        await Pack(Host.NewName("pack"), 340, other);
        await Pack(Host.NewName("pack"), 330, null, active: false);
        await Host.Grant(tenant, sms, 120);
        for (var day = 0; day < 10; day++) await UseOneDay(tenant, sms);

        var forecast = (await Client.GetForecast(tenant, sms, Stop)).Single();
        (forecast.Missing, forecast.SuggestedPack!.Code, forecast.SuggestedPack.Credits, forecast.SuggestedPack.Price).ShouldBe((320, right, 350, 35));
        await Client.SavePlan(plan, new PlanRequest { Name = "x", Allowances = new Dictionary<string, decimal>(), TopUp = [] }, stop: Stop);
        (await Client.GetForecast(tenant, sms, Stop)).Single().SuggestedPack.ShouldBeNull();
    }

    [Fact]
    public async Task An_allowance_that_will_not_last_is_told_with_its_day()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 200)));
        for (var day = 0; day < 10; day++) await UseOneDay(tenant, sms);
        var forecast = (await Client.GetForecast(tenant, sms, Stop)).Single();
        (forecast.ExceedsAllowanceOn, forecast.RunsOut!.From, forecast.ResetsAt).ShouldBe(("2026-03-28", "2026-03-28", DateTimeOffset.Parse("2026-04-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task UseOneDay(string tenant, string type)
    {
        (await Host.Consume(tenant, type, 11)).Allowed.ShouldBeTrue();
        Host.Clock.Advance(TimeSpan.FromDays(1));
    }
}
