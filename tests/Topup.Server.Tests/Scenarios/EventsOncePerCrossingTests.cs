using Shouldly;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class EventsOncePerCrossingOnSqlite(SqliteHost host) : EventsOncePerCrossingTests(host), IClassFixture<SqliteHost>;

public sealed class EventsOncePerCrossingOnPostgres(PostgresHost host) : EventsOncePerCrossingTests(host), IClassFixture<PostgresHost>;

public abstract class EventsOncePerCrossingTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task Low_and_exhausted_are_told_once_for_each_crossing_under_parallel_use()
    {
        var sms = await Host.NewType(lowAmount: 10);
        var tenant = await Host.NewTenant();
        for (var round = 1; round <= 2; round++)
        {
            await Host.Grant(tenant, sms, 40);
            await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Host.Consume(tenant, sms)));
            (await Count(tenant, "credits.low"), await Count(tenant, "credits.exhausted")).ShouldBe((round, round));
        }
        await Host.Grant(tenant, sms, 40);
        (await Count(tenant, "credits.recovered")).ShouldBe(2);
    }

    [Fact]
    public async Task A_draw_that_crosses_both_marks_tells_only_the_worse()
    {
        var sms = await Host.NewType(lowPercent: 20);
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 100)));
        await Host.Consume(tenant, sms, 100);
        (await Count(tenant, "credits.low"), await Count(tenant, "credits.exhausted")).ShouldBe((0, 1));

        Host.Clock.Set("2026-04-01T00:00:00Z");
        await Host.Consume(tenant, sms, 79);
        (await Count(tenant, "credits.low")).ShouldBe(0);
        await Host.Consume(tenant, sms, 1);
        await Host.Consume(tenant, sms, 1);
        (await Count(tenant, "credits.low"), await Count(tenant, "credits.exhausted")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_log_has_no_gaps_and_is_read_by_tenant_and_type_and_from_a_position_on()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        for (var i = 0; i < 5; i++) await Host.Grant(tenant, sms, 1);

        var all = await All(Client.ListEvents(stop: Stop));
        all.Select(news => news.Position).ShouldBe(Enumerable.Range(1, all.Count).Select(position => (long)position));
        all.Select(news => news.Id).Distinct().Count().ShouldBe(all.Count);
        var granted = all.Where(news => news.Tenant == tenant && news.Type == "credits.granted").ToList();
        granted.Count.ShouldBe(5);

        var page = await Client.ListEventsPage(granted[1].Position, tenant, "credits.granted", limit: 2, stop: Stop);
        page.Data.Select(news => news.Position).ShouldBe([granted[2].Position, granted[3].Position]);
        var rest = await Client.ListEventsPage(0, tenant, "credits.granted", limit: 2, cursor: page.NextCursor, stop: Stop);
        rest.Data.Single().Position.ShouldBe(granted[4].Position);
        rest.NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_reader_that_follows_hears_of_what_comes()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await using var follower = Client.FollowEvents(0, tenant, "credits.granted", Stop).GetAsyncEnumerator(Stop);
        var next = follower.MoveNextAsync();
        await Host.Grant(tenant, sms, 3);

        (await next).ShouldBeTrue();
        follower.Current.Data.GetProperty("amount").GetDecimal().ShouldBe(3);
    }

    private async Task<int> Count(string tenant, string type) => (await All(Client.ListEvents(0, tenant, type, Stop))).Count;
}
