using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Testing.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class DryRunTests
{
    private const int Lives = 1_000;
    private const int StepsOfOneLife = 20;

    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Uses_in_a_row_draw_what_the_ones_before_them_leave()
    {
        var terms = Terms(limit: 10);
        var pool = Lot(Settlement.Decide(Pool.Empty, terms, Now).Pool, terms, 5);

        var draws = Draw(pool, terms, cap: false, 8, 4, 9, 3);

        draws.Select(draw => (draw.IsAllowed, draw.Main?.Draw.Allowance ?? 0, draw.Main?.Draw.Purchased ?? 0, draw.Shortfall, draw.Pool.Balance.Available))
            .ShouldBe([(true, 8, 0, 0, 7), (true, 2, 2, 0, 3), (false, 0, 0, 6, 3), (true, 0, 3, 0, 0)]);
    }

    [Fact]
    public void A_use_that_takes_what_there_is_leaves_nothing_to_the_next()
    {
        var terms = Terms(limit: 10);
        var draws = Draw(Pool.Empty, terms, cap: true, 12, 1);
        draws.Select(draw => (draw.IsAllowed, draw.Main?.Amount ?? 0, draw.Shortfall)).ShouldBe([(true, 10, 2), (false, 0, 1)]);
    }

    [Fact]
    public void Uses_of_several_pools_do_not_touch_each_other_and_priced_ones_are_whole()
    {
        var terms = Terms(limit: 10);
        var pools = new Dictionary<string, (Pool, Terms)> { ["sms"] = (Pool.Empty, terms), ["voice"] = (Pool.Empty, terms with { Limit = 2 }) };
        var draws = DryRun.Draw(pools, [new Use("sms", 9), new Use("voice", 2), new Use("sms", 9, new Pricing(3, 3)), new Use("voice", 1), new Use("sms", 1)], cap: true, Now);
        draws.Select(draw => (draw.IsAllowed, draw.Main?.Amount ?? 0, draw.Pool.Balance.Available))
            .ShouldBe([(true, 9, 1), (true, 2, 0), (false, 0, 1), (false, 0, 0), (true, 1, 0)]);
    }

    [Fact]
    public void What_would_be_drawn_is_what_is_drawn() => ForAllLives((life, last, random) =>
    {
        var amounts = Enumerable.Range(0, 5).Select(_ => random.NextInt64(1, 8)).ToList();
        var cap = random.Next(2) == 0;
        var pools = new Dictionary<string, (Pool, Terms)> { ["sms"] = (life.Pool, last.Terms) };
        var tried = DryRun.Draw(pools, amounts.Select(amount => new Use("sms", amount)), cap, last.Now);
        foreach (var (dry, amount) in tried.Zip(amounts))
            life.OutcomeOf(dry).ShouldBe(life.OutcomeOf(life.Apply(last with { Operation = new Operation.Spend(amount, cap) })));
    });

    [Fact]
    public void Lots_end_in_the_order_of_their_dates_and_the_allowance_comes_back()
    {
        var terms = Terms(limit: 10, new Rollover(0, 4));
        var pool = Settlement.Decide(Pool.Empty, terms, Now).Pool;
        pool = Lot(pool, terms, 7, Day(20));
        pool = Lot(pool, terms, 5, Day(3));
        pool = Lot(pool, terms, 3);
        pool = Consumption.Decide(pool, terms, 2, cap: false, Note.None, Now).Pool;

        var expiring = Later(pool, terms, 25, out var then);

        expiring.Lots.Select(lot => (lot.Lot.ExpiresAt, lot.Units)).ShouldBe([(Day(3), 5), (Day(20), 7)]);
        (expiring.Resets, expiring.AllowanceEnds, then.Balance).ShouldBe((0, 0, new Balance(8, 3, 0, 0)));
        expiring = Later(pool, terms, 65, out then);
        (expiring.Resets, expiring.AllowanceEnds, then.Allowance.RolledOver, then.Balance).ShouldBe((2, 4, 4, new Balance(14, 3, 0, 0)));
        Later(pool, terms, 2, out then).Lots.ShouldBeEmpty();
        then.Balance.ShouldBe(pool.Balance);
    }

    [Fact]
    public void What_returns_to_a_lot_that_has_ended_counts_as_expired()
    {
        var terms = Terms(limit: 0);
        var pool = Lot(Pool.Empty, terms, 10, Day(3));
        pool = Hold.Place(pool, terms, 4, cap: false, Day(5), Note.None, Now).Pool;
        var expiring = Later(pool, terms, 6, out var then);
        (expiring.Lots.Single().Units, then.Balance).ShouldBe((10, default));
    }

    [Fact]
    public void What_is_there_now_ends_or_stays_whatever_life_the_pool_had() => ForAllLives((life, last, random) =>
    {
        var terms = last.Terms;
        var pool = Settlement.Decide(life.Pool, terms, last.Now).Pool;
        if (life.Pool.OpenHolds > 0 || life.Pool.Debt > 0 || pool.Lots.Any(lot => lot is { Active: false, Remaining: > 0 })) return;
        var then = last.Now.Plus(TimeSpan.FromDays(random.Next(1, 90)));
        var later = terms with { Period = terms.Period.At(then, renewalDay: 1, TimeZoneInfo.Utc) };
        var after = Settlement.Decide(life.Pool, later, then).Pool;
        var expiring = DryRun.Expiry(pool, after, later);
        expiring.Lots.ShouldAllBe(lot => lot.Lot.ExpiresAt <= then && lot.Lot.ExpiresAt > last.Now);
        (after.Balance.Purchased + expiring.Lots.Sum(lot => lot.Units)).ShouldBe(pool.Balance.Purchased);
        expiring.AllowanceEnds.ShouldBeInRange(0, pool.Balance.Allowance);
    });

    private static void ForAllLives(Action<PoolUnderTest, Step, Random> check)
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var life = new PoolUnderTest();
            var steps = OperationGenerator.Steps(seed, StepsOfOneLife);
            foreach (var step in steps) life.Apply(step);
            check(life, steps[^1], new Random(seed));
        }
    }

    private static ImmutableArray<LedgerDecision> Draw(Pool pool, Terms terms, bool cap, params long[] amounts) => DryRun.Draw(
        new Dictionary<string, (Pool, Terms)> { ["sms"] = (pool, terms) }, amounts.Select(amount => new Use("sms", amount)), cap, Now);

    private static Expiring Later(Pool pool, Terms terms, int days, out Pool then)
    {
        var later = terms with { Period = PeriodOf(days) };
        then = Settlement.Decide(pool, later, Day(days)).Pool;
        return DryRun.Expiry(pool, then, later);
    }

    private static Pool Lot(Pool pool, Terms terms, long amount, Instant? expiresAt = null) =>
        Domain.Ledger.Grant.Decide(pool, terms, amount, LotSource.Purchase, Domain.Ledger.Lot.PriorityDefault, Now, expiresAt ?? Instant.Never, Note.None, Now).Pool;

    private static Terms Terms(long? limit, Rollover rollover = default) => new() { Period = PeriodOf(0), Limit = limit, Rollover = rollover };

    /// <summary>Periods of 30 days.</summary>
    private static BillingPeriod PeriodOf(int day) => new(day / 30 + 1, Day(day / 30 * 30), Day((day / 30 + 1) * 30));

    private static Instant Day(int day) => Now.Plus(TimeSpan.FromDays(day));
}
