using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class HoldLifecycleOnSqlite(SqliteHost host) : HoldLifecycleTests(host), IClassFixture<SqliteHost>;

public sealed class HoldLifecycleOnPostgres(PostgresHost host) : HoldLifecycleTests(host), IClassFixture<PostgresHost>;

public abstract class HoldLifecycleTests(HostFixture fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData(0, 0, 0, 10)]
    [InlineData(2, 2, 0, 8)]
    [InlineData(4, 4, 0, 6)]
    [InlineData(7, 7, 0, 3)]
    [InlineData(12, 10, 2, 0)]
    public async Task A_capture_takes_less_the_same_or_more_than_was_held(decimal amount, decimal captured, decimal uncovered, decimal left)
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 3)));
        await Host.Grant(tenant, sms, 7);
        var hold = await Place(tenant, sms, 4);
        (hold.Drawn.Allowance, hold.Drawn.Purchased, hold.Remaining.Held, hold.Remaining.Total).ShouldBe((3, 1, 4, 6));

        var reply = await Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = amount }, stop: Stop);

        (reply.Captured, reply.Uncovered, reply.Remaining.Total, reply.Remaining.Held).ShouldBe((captured, uncovered, left, 0));
        await Refused(Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 1 }, stop: Stop), 409, "hold_closed");
        (await Client.GetHold(hold.Hold!, Stop)).ShouldSatisfyAllConditions(
            view => view.Status.ShouldBe("captured"), view => view.Captured.ShouldBe(captured), view => view.Amount.ShouldBe(4));
    }

    [Fact]
    public async Task A_debt_limit_covers_a_capture_beyond_its_hold_and_the_next_credits_pay_it()
    {
        var sessions = await Host.NewType(decimals: 2, debtLimit: 5);
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sessions, 10);
        var hold = await Place(tenant, sessions, 10);

        var reply = await Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 16.5m }, stop: Stop);

        (reply.Captured, reply.Uncovered, reply.Drawn.Debt, reply.Remaining.Debt).ShouldBe((15, 1.5m, 5m, 5));
        await Host.Grant(tenant, sessions, 7);
        var pool = await Client.GetPool(tenant, sessions, Stop);
        (pool.Remaining.Debt, pool.Remaining.Purchased).ShouldBe((0, 2));
    }

    [Fact]
    public async Task A_release_gives_all_of_it_back()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 3)));
        var hold = await Place(tenant, sms, 3);
        (await Host.Consume(tenant, sms, 1)).Shortfall.ShouldBe(1);

        var reply = await Client.ReleaseHold(hold.Hold!, "release-1", Stop);
        (reply.Released, reply.Remaining.Allowance, reply.Remaining.Held).ShouldBe((3, 3, 0));

        (await Client.ReleaseHold(hold.Hold!, "release-1", Stop)).ShouldSatisfyAllConditions(
            replayed => replayed.Replayed.ShouldBeTrue(), replayed => replayed.Entry.ShouldBe(reply.Entry));
        await Refused(Client.ReleaseHold(hold.Hold!, "release-2", Stop), 409, "hold_closed");
    }

    [Fact]
    public async Task A_hold_that_nobody_ends_expires_and_is_told_once()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 5)));
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = sms, Amount = 5, ExpiresIn = 60 }, stop: Stop);
        hold.ExpiresAt.ShouldBe(Host.Clock.GetUtcNow().AddSeconds(60));
        Host.Clock.Advance(TimeSpan.FromSeconds(59));
        (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeFalse();

        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Host.Settle();
        await Host.Settle();

        (await Client.GetHold(hold.Hold!, Stop)).Status.ShouldBe("expired");
        await Refused(Client.CaptureHold(hold.Hold!, new CaptureRequest { Amount = 1 }, stop: Stop), 409, "hold_closed");
        (await Host.Consume(tenant, sms, 5)).Allowed.ShouldBeTrue();
        (await Host.Events(tenant)).Count(news => news.Type == "hold.expired").ShouldBe(1);
    }

    [Fact]
    public async Task Holds_are_listed_by_status_a_page_at_a_time()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        await Host.Grant(tenant, sms, 10);
        var holds = new List<string>();
        for (var i = 0; i < 5; i++) holds.Add((await Place(tenant, sms, 1)).Hold!);
        await Client.ReleaseHold(holds[2], stop: Stop);

        (await All(Client.ListHolds(tenant, stop: Stop))).Select(hold => hold.Id).ShouldBe(holds, ignoreOrder: true);
        (await All(Client.ListHolds(tenant, sms, "released", Stop))).Single().Id.ShouldBe(holds[2]);
        var page = await Client.ListHoldsPage(tenant, sms, "open", limit: 3, stop: Stop);
        var rest = await Client.ListHoldsPage(tenant, sms, "open", limit: 3, cursor: page.NextCursor, stop: Stop);
        (page.Data.Count, rest.Data.Count, rest.NextCursor).ShouldBe((3, 1, null));
        page.Data.Concat(rest.Data).Select(hold => hold.Id).Distinct().Count().ShouldBe(4);
    }

    private async Task<HoldReply> Place(string tenant, string type, decimal amount)
    {
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = type, Amount = amount }, stop: Stop);
        hold.Allowed.ShouldBeTrue();
        return hold;
    }
}
