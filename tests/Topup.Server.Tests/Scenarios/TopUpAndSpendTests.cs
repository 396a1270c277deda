using Shouldly;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class TopUpAndSpendOnSqlite(SqliteHost host) : TopUpAndSpendTests(host), IClassFixture<SqliteHost>;

public sealed class TopUpAndSpendOnPostgres(PostgresHost host) : TopUpAndSpendTests(host), IClassFixture<PostgresHost>;

public abstract class TopUpAndSpendTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task Bought_credits_take_over_when_the_allowance_is_used_up()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 5)));

        var first = await Host.Consume(tenant, sms, 5);
        (first.Allowed, first.Drawn.Allowance, first.Drawn.Purchased, first.Remaining.Total).ShouldBe((true, 5, 0, 0));
        first.Remaining.ResetsAt.ShouldBe(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));

        var refused = await Host.Consume(tenant, sms, 2);
        (refused.Allowed, refused.Reason, refused.Shortfall, refused.Entry).ShouldBe((false, "insufficient_credits", 2m, null));

        var grant = await Host.Grant(tenant, sms, 10);
        var second = await Host.Consume(tenant, sms, 3);
        (second.Allowed, second.Drawn.Allowance, second.Drawn.Purchased, second.Remaining.Purchased).ShouldBe((true, 0, 3, 7));
        second.Drawn.Lots.Single().ShouldBe(new LotDraw(grant, 3));
    }

    [Fact]
    public async Task One_use_spans_what_is_left_of_the_allowance_and_several_lots_in_their_order()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 2)));
        var paid = await Host.Grant(tenant, sms, 10);
        var gift = await Host.Grant(tenant, sms, 3, "promotional");
        var soon = await Host.Grant(tenant, sms, 4, expiresAt: TestHost.Beginning.AddDays(2));

        var used = await Host.Consume(tenant, sms, 12);

        used.Drawn.Allowance.ShouldBe(2);
        used.Drawn.Lots.Select(draw => (draw.Lot, draw.Amount)).ShouldBe([(soon, 4), (gift, 3), (paid, 3)]);
        used.Remaining.Total.ShouldBe(7);
    }

    [Fact]
    public async Task A_refused_use_leaves_no_mark_and_may_be_tried_again_under_its_key()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        (await Host.Consume(tenant, sms, 1, "again")).Allowed.ShouldBeFalse();
        await Host.Grant(tenant, sms, 1);

        var allowed = await Host.Consume(tenant, sms, 1, "again");
        var replayed = await Host.Consume(tenant, sms, 1, "again");

        (allowed.Allowed, allowed.Replayed).ShouldBe((true, false));
        (replayed.Allowed, replayed.Replayed, replayed.Entry).ShouldBe((true, true, allowed.Entry));
        (await All(Client.ListEntries(tenant, stop: Stop))).Count(entry => entry.Kind == "consume").ShouldBe(1);
    }

    [Fact]
    public async Task An_unlimited_allowance_counts_the_use_and_touches_nothing_else()
    {
        var email = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((email, -1)));
        await Host.Grant(tenant, email, 10);

        var used = await Host.Consume(tenant, email, 1_000_000);

        (used.Allowed, used.Drawn.Purchased, used.Remaining.Unlimited, used.Remaining.Purchased).ShouldBe((true, 0, true, 10));
        (await Client.GetPool(tenant, email, Stop)).Allowance.Used.ShouldBe(1_000_000);
    }

    [Fact]
    public async Task On_shortage_cap_takes_what_there_is()
    {
        var voice = await Host.NewType(decimals: 2);
        var tenant = await Host.NewTenant(await Host.NewPlan((voice, 1.25m)));

        var used = await Host.Consume(tenant, voice, 3.5m, onShortage: "cap");

        (used.Allowed, used.Drawn.Allowance, used.Shortfall, used.Remaining.Total).ShouldBe((true, 1.25m, 2.25m, 0));
        (await Host.Consume(tenant, voice, 1, onShortage: "cap")).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_check_tells_what_would_happen_and_every_way_out_and_spends_nothing()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 5)));
        var ask = new ConsumeRequest { Tenant = tenant, Type = sms, Amount = 4 };
        (await Client.CheckCredits(ask, Stop)).WouldDraw.Allowance.ShouldBe(4);
        await Host.Consume(tenant, sms, 3);

        var check = await Client.CheckCredits(ask, Stop);

        (check.Allowed, check.Reason, check.Shortfall, check.Remaining.Total).ShouldBe((false, "insufficient_credits", 2m, 2));
        check.Fixes.Select(fix => (fix.Action, fix.Amount)).ShouldBe([("top_up", 2m), ("use_less", 2m), ("wait_for_reset", null)]);
        check.Explanation.ShouldContain("2 are missing");
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Total.ShouldBe(2);
    }

    [Fact]
    public async Task Expired_credits_are_gone_at_the_moment_of_use_and_told_once()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        var end = TestHost.Beginning.AddDays(1);
        await Host.Grant(tenant, sms, 10, "promotional", expiresAt: end);
        await Host.Grant(tenant, sms, 1, effectiveAt: end);
        (await Host.Consume(tenant, sms, 4)).Remaining.Total.ShouldBe(6);

        Host.Clock.Set(end);
        (await Host.Consume(tenant, sms, 2)).Shortfall.ShouldBe(1);
        (await Host.Consume(tenant, sms, 1)).Allowed.ShouldBeTrue();

        var expired = (await Host.Events(tenant)).Where(news => news.Type == "credits.expired").ToList();
        expired.Single().Data.GetProperty("amount").GetDecimal().ShouldBe(6);
    }
}
