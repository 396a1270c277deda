using Shouldly;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class PastPoolOnSqlite(SqliteHost host) : PastPoolTests(host), IClassFixture<SqliteHost>;

public sealed class PastPoolOnPostgres(PostgresHost host) : PastPoolTests(host), IClassFixture<PostgresHost>;

public abstract class PastPoolTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_pool_is_shown_as_its_last_entry_up_to_then_left_it()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 10)));
        var start = TestHost.Beginning;
        Host.Clock.Set(start.AddHours(1));
        await Host.Grant(tenant, sms, 5);
        Host.Clock.Set(start.AddHours(2));
        await Host.Consume(tenant, sms, 12);
        Host.Clock.Set("2026-04-02T00:00:00Z");
        await Host.Consume(tenant, sms, 1);

        (await At(tenant, sms, start)).ShouldBe((0, 0, false));
        (await At(tenant, sms, start.AddHours(1))).ShouldBe((10, 5, true));
        (await At(tenant, sms, start.AddHours(2).AddMilliseconds(-1))).ShouldBe((10, 5, true));
        (await At(tenant, sms, start.AddHours(2))).ShouldBe((0, 3, true));
        (await At(tenant, sms, Host.Clock.GetUtcNow())).ShouldBe((9, 3, true));
        await Refused(Client.GetPool(tenant, sms, Host.Clock.GetUtcNow().AddSeconds(1), Stop), 400, "invalid_field", "at");
    }

    [Fact]
    public async Task The_sum_of_the_entries_is_the_balance_at_every_one_of_them()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 3)));
        for (var i = 0; i < 4; i++)
        {
            Host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Host.Grant(tenant, sms, 2);
            await Host.Consume(tenant, sms, 2);
        }

        var entries = await All(Client.ListEntries(tenant, stop: Stop));
        for (var i = 0; i + 1 < entries.Count; i++) entries[i].Before.ShouldBe(entries[i + 1].After);
        foreach (var entry in entries.GroupBy(entry => entry.At).Select(moment => moment.First()))
        {
            var past = await Client.GetPool(tenant, sms, entry.At, Stop);
            (past.Entry, past.Remaining.Allowance, past.Remaining.Purchased).ShouldBe((entry.Id, entry.After.Allowance, entry.After.Purchased));
        }
    }

    private async Task<(decimal, decimal, bool)> At(string tenant, string type, DateTimeOffset moment)
    {
        var past = await Client.GetPool(tenant, type, moment, Stop);
        past.At.ShouldBe(moment);
        return (past.Remaining.Allowance, past.Remaining.Purchased, past.Entry is not null);
    }
}
