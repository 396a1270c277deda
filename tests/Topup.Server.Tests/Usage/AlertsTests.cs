using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Server.Usage;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Usage;

public sealed class AlertsOnSqlite(SqliteHost host) : AlertsTests(host), IClassFixture<SqliteHost>;

public sealed class AlertsOnPostgres(PostgresHost host) : AlertsTests(host), IClassFixture<PostgresHost>;

public abstract class AlertsTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_tenants_own_marks_are_told_once_each_and_those_of_the_type_no_more()
    {
        var sms = await Host.NewType(lowPercent: 90);
        var (tenant, other) = (await Host.NewTenant(), await Host.NewTenant());
        foreach (var id in new[] { tenant, other }) await Host.Grant(id, sms, 100);

        var saved = await Client.SaveAlerts(tenant, sms, new AlertRequest { LowPercent = [10, 50], LowAmount = [20] }, "asked for", Stop);
        (saved.Type, saved.RunwayDays, saved.ExpiringDays).ShouldBe((sms, 0, 7));
        (Text(saved.LowPercent), Text(saved.LowAmount), saved.Own!.ExpiringDays).ShouldBe(("50 10", "20", null));
        for (var i = 0; i < 20; i++) await Task.WhenAll(Host.Consume(tenant, sms, 5), Host.Consume(other, sms, 5));

        (await Lows(tenant)).ShouldBe(["50%", "20", "10%"]);
        (await Lows(other)).ShouldBe(["90%"]);
        (await Host.Events(tenant)).Count(news => news.Type == "credits.exhausted").ShouldBe(1);
    }

    [Fact]
    public async Task What_is_left_out_is_as_the_type_says_and_deleted_all_is()
    {
        var sms = await Host.NewType(1, lowAmount: 2.5m, lowPercent: 20);
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        var asType = await Client.GetAlerts(tenant, sms, Stop);
        (Text(asType.LowPercent), Text(asType.LowAmount), asType.ExpiringDays, asType.Own).ShouldBe(("20", "2.5", 7, null));

        await Client.SaveAlerts(tenant, sms, new AlertRequest { LowAmount = [], RunwayDays = 5, ExpiringDays = 0 }, stop: Stop);
        var own = await Client.GetAlerts(tenant, sms, Stop);
        (Text(own.LowPercent), Text(own.LowAmount), own.RunwayDays, own.ExpiringDays).ShouldBe(("20", "", 5, 0));
        (own.Own!.LowPercent, Text(own.Own.LowAmount!), own.Own.RunwayDays, own.Own.ExpiringDays).ShouldBe((null, "", 5, 0));
        (await Client.ListAlerts(tenant, Stop)).Single().RunwayDays.ShouldBe(5);
        // It is kept with the pool, through uses and new periods.
        await Host.Consume(tenant, sms, 1);
        Host.Clock.Set("2026-04-02T00:00:00Z");
        await Host.Consume(tenant, sms, 1);
        (await Client.GetAlerts(tenant, sms, Stop)).RunwayDays.ShouldBe(5);

        await Client.SaveAlerts(tenant, sms, new AlertRequest { LowAmount = [], RunwayDays = 5, ExpiringDays = 0 }, stop: Stop);
        await Client.DeleteAlerts(tenant, sms, "no longer", Stop);
        await Client.DeleteAlerts(tenant, sms, stop: Stop);
        (await Client.GetAlerts(tenant, sms, Stop)).Own.ShouldBeNull();
        var audit = (await All(Client.ListAudit(tenant, Stop))).Where(change => change.Target == sms).ToList();
        audit.Select(change => (change.Action, change.Reason)).ShouldBe([("alerts.deleted", "no longer"), ("alerts.created", null)]);
        audit[1].After!.Value.GetProperty("runway_days").GetInt32().ShouldBe(5);
    }

    [Theory]
    [InlineData("""{"low_percent": [1, 2, 3, 4, 5, 6]}""", "low_percent", 5)]
    [InlineData("""{"low_percent": [50, 100]}""", "low_percent[1]", 99)]
    [InlineData("""{"low_percent": [0]}""", "low_percent[0]", 1)]
    [InlineData("""{"low_percent": [5, 5]}""", "low_percent[1]", null)]
    [InlineData("""{"low_percent": ["x"]}""", "low_percent[0]", null)]
    [InlineData("""{"low_percent": [null]}""", "low_percent[0]", null)]
    [InlineData("""{"low_amount": [-1]}""", "low_amount[0]", 0)]
    [InlineData("""{"low_amount": [0]}""", "low_amount[0]", 0)]
    [InlineData("""{"low_amount": [0.5]}""", "low_amount[0]", 0)]
    [InlineData("""{"low_amount": [2, 2.0]}""", "low_amount[1]", null)]
    [InlineData("""{"low_amount": [1, 2, 3, 4, 5, 6]}""", "low_amount", 5)]
    [InlineData("""{"runway_days": 366}""", "runway_days", 365)]
    [InlineData("""{"runway_days": -1}""", "runway_days", 0)]
    [InlineData("""{"expiring_days": 366}""", "expiring_days", 365)]
    [InlineData("""{"expiring_days": 1.5}""", "expiring_days", null)]
    public async Task What_cannot_be_is_named_with_its_limit(string body, string field, int? limit)
    {
        var (tenant, sms) = (await Host.NewTenant(), await Host.NewType());
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var problem = await Api.ProblemReader.Read(await Host.Http.PutAsync($"/v1/tenants/{tenant}/alerts/{sms}", content, Stop), body);
        (problem.Status, problem.Field, problem.Limit).ShouldBe((400, field, (decimal?)limit), body);
        (await Client.GetAlerts(tenant, sms, Stop)).Own.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_sets_only_its_own_tenants_alerts_and_only_with_the_scope()
    {
        var (own, foreign, sms) = (await Host.NewTenant(), await Host.NewTenant(), await Host.NewType());
        using var http = Host.NewHttp(await Host.NewKey(own, "limits", "read"));
        using var client = new TopupClient(http);
        await client.SaveAlerts(own, sms, new AlertRequest { LowAmount = [5] }, stop: Stop);
        await Refused(client.SaveAlerts(foreign, sms, new AlertRequest(), stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.DeleteAlerts(foreign, sms, stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.GetAlerts(foreign, sms, Stop), 404, "tenant_unknown", "tenant");
        await Refused(client.ListAlerts(foreign, Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.SaveAlerts("nobody", sms, new AlertRequest(), stop: Stop), 404, "tenant_unknown", "tenant");
        await Refused(Client.SaveAlerts(own, "nothing", new AlertRequest(), stop: Stop), 404, "type_unknown", "type");
        using var reader = Host.NewHttp(await Host.NewKey(own, "read", "tenants"));
        using var reading = new TopupClient(reader);
        await Refused(reading.SaveAlerts(own, sms, new AlertRequest(), stop: Stop), 403, "forbidden");
    }

    [Fact]
    public async Task Credits_that_expire_soon_are_told_of_once_by_the_worker_alone()
    {
        var sms = await Host.NewType();
        var (tenant, early, never) = (await Host.NewTenant(), await Host.NewTenant(), await Host.NewTenant());
        await Client.SaveAlerts(early, sms, new AlertRequest { ExpiringDays = 20 }, stop: Stop);
        await Client.SaveAlerts(never, sms, new AlertRequest { ExpiringDays = 0 }, stop: Stop);
        foreach (var id in new[] { tenant, early, never })
        {
            await Host.Grant(id, sms, 50, expiresAt: TestHost.Beginning.AddDays(30));
            await Host.Grant(id, sms, 5);
            await Host.Consume(id, sms, 8);
        }
        async Task<int[]> Told() => [await Count(tenant, "credits.expiring"), await Count(early, "credits.expiring"), await Count(never, "credits.expiring")];

        Host.Clock.Set(TestHost.Beginning.AddDays(10).AddSeconds(-1));
        await Host.Settle();
        (await Told()).ShouldBe([0, 0, 0]);
        Host.Clock.Set(TestHost.Beginning.AddDays(10));
        await Settled();
        (await Told()).ShouldBe([0, 1, 0]);
        Host.Clock.Set(TestHost.Beginning.AddDays(23));
        await Settled();
        (await Told()).ShouldBe([1, 1, 0]);
        (await Host.Settle()).ShouldBe(0);

        var news = (await Host.Events(tenant)).Single(news => news.Type == "credits.expiring").Data;
        (news.GetProperty("amount").GetDecimal(), news.GetProperty("remaining").GetProperty("total").GetDecimal()).ShouldBe((42, 47));
        news.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(TestHost.Beginning.AddDays(30));
        Host.Clock.Set(TestHost.Beginning.AddDays(30));
        await Settled();
        (await Told()).ShouldBe([1, 1, 0]);
        (await Count(never, "credits.expired")).ShouldBe(1);
    }

    [Fact]
    public async Task A_forecast_that_runs_short_is_told_once_by_any_number_of_lookers_and_again_after_it_was_well()
    {
        var sms = await Host.NewType();
        var (tenant, other) = (await Host.NewTenant(), await Host.NewTenant());
        await Client.SaveAlerts(tenant, sms, new AlertRequest { RunwayDays = 5, LowPercent = [] }, stop: Stop);
        foreach (var id in new[] { tenant, other }) await Host.Grant(id, sms, 200);
        await UseDaily(sms, 10, tenant, other);
        // Ten a day since ten days; a hundred left.
        (await Look()).ShouldBe(0);
        await UseDaily(sms, 5, tenant, other);

        (await Task.WhenAll(Look(), Look(), Look())).Sum().ShouldBe(1);
        (await Look()).ShouldBe(0);
        var news = (await Host.Events(tenant)).Single(news => news.Type == "credits.low").Data.GetProperty("runway");
        (news.GetProperty("days").GetInt32(), news.GetProperty("runs_out_from").GetString(), news.GetProperty("runs_out_to").GetString())
            .ShouldBe((4, "2026-03-29", "2026-03-29"));
        (await Count(other, "credits.low")).ShouldBe(0);

        await Host.Grant(tenant, sms, 100);
        (await Look()).ShouldBe(0);
        await UseDaily(sms, 10, tenant);
        (await Look()).ShouldBe(1);
        (await Count(tenant, "credits.low")).ShouldBe(2);
    }

    [Fact]
    public async Task An_allowance_that_will_not_last_is_told_with_its_day_and_the_type_may_ask_for_it_too()
    {
        var sms = Host.NewName("type");
        await Client.SaveCreditType(sms, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, LowPercent = null, RunwayDays = 1 }, stop: Stop);
        var (tenant, off) = (await Host.NewTenant(await Host.NewPlan((sms, 200))), await Host.NewTenant(await Host.NewPlan((sms, 200))));
        await Client.SaveAlerts(off, sms, new AlertRequest { RunwayDays = 0 }, stop: Stop);
        foreach (var id in new[] { tenant, off }) await Host.Grant(id, sms, 1_000);
        await UseDaily(sms, 10, tenant, off);

        (await Look()).ShouldBe(1);
        var news = (await Host.Events(tenant)).Single(news => news.Type == "credits.low").Data;
        news.GetProperty("exceeds_allowance_on").GetString().ShouldBe("2026-03-30");
        news.TryGetProperty("runway", out _).ShouldBeFalse();
        (await Count(off, "credits.low")).ShouldBe(0);
    }

    /// <summary>Ten a day for some days, from now on; then it is the morning after.</summary>
    private async Task UseDaily(string type, int days, params string[] tenants)
    {
        for (var day = 0; day < days; day++)
        {
            foreach (var tenant in tenants) (await Host.Consume(tenant, type, 10)).Allowed.ShouldBeTrue();
            Host.Clock.Advance(TimeSpan.FromDays(1));
        }
    }

    private async Task<int> Look()
    {
        var (told, failed) = await Host.Services.GetRequiredService<Forewarner>().Run(Stop);
        failed.ShouldBe(0);
        return told;
    }

    /// <summary>The server's own worker may be at it too: then it was the one that told.</summary>
    private Task<int[]> Settled() => Task.WhenAll(Host.Settle(), Host.Settle());

    private static string Text<T>(IEnumerable<T> marks)
        where T : IFormattable => string.Join(' ', marks.Select(mark => mark.ToString(null, System.Globalization.CultureInfo.InvariantCulture)));

    private async Task<string[]> Lows(string tenant) =>
        [.. (await Host.Events(tenant)).Where(news => news.Type == "credits.low").Select(news => news.Data.GetProperty("threshold"))
            .Select(mark => mark.TryGetProperty("percent", out var percent) ? $"{percent.GetInt32()}%" : $"{mark.GetProperty("amount").GetDecimal()}")];

    private async Task<int> Count(string tenant, string type) => (await All(Client.ListEvents(0, tenant, type, Stop))).Count;
}
