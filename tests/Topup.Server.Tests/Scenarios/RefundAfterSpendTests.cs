using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class RefundAfterSpendOnSqlite(SqliteHost host) : RefundAfterSpendTests(host), IClassFixture<SqliteHost>;

public sealed class RefundAfterSpendOnPostgres(PostgresHost host) : RefundAfterSpendTests(host), IClassFixture<PostgresHost>;

public abstract class RefundAfterSpendTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task What_was_already_spent_becomes_a_debt_that_the_next_credits_pay()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        var grant = await Host.Grant(tenant, sms, 100);
        await Host.Consume(tenant, sms, 70);

        var reply = await Client.VoidGrant(grant, new VoidRequest { Reason = "refunded", Spent = "debt" }, "void-1", Stop);
        (reply.TakenBack, reply.BecameDebt, reply.Forgiven, reply.Remaining.Total, reply.Remaining.Debt).ShouldBe((30, 70, 0, 0, 70));
        var replayed = await Client.VoidGrant(grant, new VoidRequest { Reason = "refunded", Spent = "debt" }, "void-1", Stop);
        (replayed.Replayed, replayed.Entry).ShouldBe((true, reply.Entry));

        (await Host.Consume(tenant, sms, 5)).Shortfall.ShouldBe(75);
        await Host.Grant(tenant, sms, 60);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.ShouldSatisfyAllConditions(
            left => left.Debt.ShouldBe(10), left => left.Total.ShouldBe(0));
        await Host.Grant(tenant, sms, 15);
        (await Host.Consume(tenant, sms, 5)).Remaining.ShouldSatisfyAllConditions(
            left => left.Debt.ShouldBe(0), left => left.Total.ShouldBe(0));
    }

    [Fact]
    public async Task What_was_already_spent_may_be_forgiven()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        var grant = await Host.Grant(tenant, sms, 100);
        await Host.Consume(tenant, sms, 70);

        var reply = await Client.VoidGrant(grant, new VoidRequest { Reason = "a mistake" }, stop: Stop);

        (reply.TakenBack, reply.BecameDebt, reply.Forgiven, reply.Remaining.Total).ShouldBe((30, 0, 70, 0));
        await Refused(Client.VoidGrant(grant, new VoidRequest { Reason = "again" }, stop: Stop), 409, "grant_closed");
        var lot = (await All(Client.ListGrants(tenant, stop: Stop))).Single();
        (lot.Voided, lot.Drawn, lot.TakenBack, lot.Remaining).ShouldBe((true, 70, 30, 0));
    }

    [Fact]
    public async Task A_part_may_be_taken_back_and_the_rest_stays()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant();
        var grant = await Host.Grant(tenant, sms, 100);

        (await Client.VoidGrant(grant, new VoidRequest { Amount = 40, Reason = "partial" }, stop: Stop)).TakenBack.ShouldBe(40);

        (await Host.Consume(tenant, sms, 60)).Remaining.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_reversal_gives_back_to_where_it_came_from_and_no_more_than_was_taken()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 3)));
        var grant = await Host.Grant(tenant, sms, 7);
        var used = await Host.Consume(tenant, sms, 8);

        var part = await Client.ReverseEntry(new ReversalRequest { Entry = used.Entry!, Amount = 5, Reason = "not delivered" }, stop: Stop);
        (part.Reversed, part.Returned, part.Lapsed).ShouldBe((5, 5, 0));
        part.GivenBack.Lots.ShouldBe([new LotDraw(grant, 5)]);
        var tooMuch = await Refused(
            Client.ReverseEntry(new ReversalRequest { Entry = used.Entry!, Amount = 4 }, stop: Stop), 409, "reversal_too_large", "amount");
        tooMuch.Limit.ShouldBe(3);
        var rest = await Client.ReverseEntry(new ReversalRequest { Entry = used.Entry! }, stop: Stop);

        (rest.Reversed, rest.GivenBack.Allowance, rest.Remaining.Allowance, rest.Remaining.Purchased).ShouldBe((3, 3, 3, 7));
        await Refused(Client.ReverseEntry(new ReversalRequest { Entry = grant }, stop: Stop), 409, "entry_not_reversible", "entry");
    }

    [Fact]
    public async Task What_comes_back_to_a_period_or_lot_that_has_ended_lapses()
    {
        var sms = await Host.NewType();
        var tenant = await Host.NewTenant(await Host.NewPlan((sms, 3)));
        var used = await Host.Consume(tenant, sms, 3);
        Host.Clock.Set("2026-04-01T00:00:00Z");

        var reply = await Client.ReverseEntry(new ReversalRequest { Entry = used.Entry! }, stop: Stop);

        (reply.Reversed, reply.Returned, reply.Lapsed, reply.Remaining.Allowance).ShouldBe((3, 0, 3, 3));
    }
}
