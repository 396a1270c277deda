using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class SettlementTests
{
    [Fact]
    public void The_allowance_resets_at_the_end_of_its_period_and_not_before() => LedgerScript.Run("""
        pool allowance=30 period=30d
        spend 20
        day 29 23:59 -> ok
        balance      -> allowance=10
        day 30       -> reset=30 !AllowanceReset
        balance      -> allowance=30
        """);

    [Fact]
    public void Nobody_need_look_for_a_period_to_turn() => LedgerScript.Run("""
        pool allowance=30 period=30d
        spend 30
        day 65
        spend 30 -> allowance-30 !AllowanceReset !Recovered !Exhausted
        """);

    [Fact]
    public void A_new_period_does_not_touch_lots() => LedgerScript.Run("""
        pool allowance=30
        lot L1=10
        spend 35
        day 30
        balance -> allowance=30 L1=5
        """);

    [Fact]
    public void A_period_is_granted_once() => LedgerScript.Run("""
        pool allowance=30
        day 30
        spend 30 -> allowance-30 !Exhausted
        day 31   -> ok
        day 59   -> ok
        balance  -> allowance=0
        """);

    [Fact]
    public void A_clock_that_goes_back_grants_nothing() => LedgerScript.Run("""
        pool allowance=30
        day 30
        spend 30 -> allowance-30 !Exhausted
        day 29   -> ok
        spend 1  -> InsufficientCredits short=1
        day 0
        spend 1  -> InsufficientCredits short=1
        day 31
        spend 1  -> InsufficientCredits short=1
        day 60
        spend 1  -> allowance-1 !AllowanceReset !Recovered
        """);

    [Fact]
    public void A_clock_that_goes_back_does_not_wake_what_has_expired() => LedgerScript.Run("""
        lot L1=10 exp=d5
        lot L2=10 from=d5
        hold H1=4 until=d5
        day 5        -> ended:H1=4 expired:L1=6 started:L2=10 !HoldExpired !Expired
        day 1
        balance      -> allowance=0 L2=10
        capture H1 1 -> HoldClosed
        """);

    [Fact]
    public void Nothing_rolls_over_unless_the_plan_says_so() => LedgerScript.Run("""
        pool allowance=30
        spend 10
        day 30
        balance -> allowance=30
        """);

    [Fact]
    public void What_is_left_rolls_over_up_to_the_most() => LedgerScript.Run("""
        pool allowance=30 rollover=0..15
        spend 20
        day 30
        balance  -> allowance=40
        spend 5  -> allowance-5 !AllowanceReset
        day 60   -> reset=45 !AllowanceReset
        """);

    [Fact]
    public void At_least_the_least_is_carried_even_if_nothing_was_left() => LedgerScript.Run("""
        pool allowance=30 rollover=5..10
        spend 30 -> allowance-30 !Exhausted
        day 30   -> reset=35 !AllowanceReset !Recovered
        """);

    [Fact]
    public void The_first_period_inherits_nothing() => LedgerScript.Run("""
        pool allowance=30 rollover=5..10
        balance -> allowance=30
        day 100
        balance -> allowance=30
        """);

    [Fact]
    public void Skipped_periods_hand_on_by_the_same_rule() => LedgerScript.Run("""
        pool allowance=10 rollover=0..25
        spend 8 -> allowance-8
        day 30
        balance -> allowance=12    # 10 and the 2 that were left
        day 60
        balance -> allowance=22
        day 90
        balance -> allowance=32
        day 120
        balance -> allowance=35    # the most that is carried
        day 900
        balance -> allowance=35
        """);

    [Fact]
    public void A_held_part_of_the_allowance_does_not_roll_over() => LedgerScript.Run("""
        pool allowance=10 rollover=0..10
        hold H1=4 until=d40
        day 30  -> reset=16 !AllowanceReset
        balance -> allowance=16 held=4
        day 40  -> ended:H1=4 !HoldExpired
        balance -> allowance=16
        """);

    [Fact]
    public void A_hold_that_ended_within_the_period_gives_back_to_it_also_when_nobody_looked() => LedgerScript.Run("""
        pool allowance=10 rollover=0..10
        hold H1=4 until=d20
        day 35  -> ended:H1=4 reset=20 !HoldExpired !AllowanceReset
        balance -> allowance=20
        """);

    [Fact]
    public void A_hold_that_ended_after_the_period_gives_its_allowance_back_to_nobody() => LedgerScript.Run("""
        pool allowance=10 rollover=0..10
        hold H1=4 until=d31
        day 35  -> reset=16 ended:H1=4 !AllowanceReset !HoldExpired
        balance -> allowance=16
        """);

    [Fact]
    public void A_raised_limit_counts_at_once_and_keeps_the_use() => LedgerScript.Run("""
        pool allowance=10
        spend 8
        plan allowance=30
        day 1   -> allowance=22
        balance -> allowance=22
        """);

    [Fact]
    public void A_limit_lowered_below_the_use_leaves_nothing_never_less() => LedgerScript.Run("""
        pool allowance=10
        lot L1=5
        spend 8
        plan allowance=3
        day 1   -> allowance=0
        balance -> allowance=0 L1=5
        plan allowance=10
        day 1   -> allowance=2
        """);

    [Fact]
    public void Uses_while_unlimited_count_when_a_limit_comes() => LedgerScript.Run("""
        pool allowance=10
        spend 3
        plan unlimited
        spend 4 -> unlimited-4
        plan allowance=10
        balance -> allowance=3
        """);

    [Fact]
    public void Going_unlimited_leaves_purchased_credits_alone() => LedgerScript.Run("""
        pool allowance=10
        lot L1=5
        plan unlimited
        day 1   -> unlimited
        spend 9 -> unlimited-9
        balance -> unlimited used=9 L1=5
        """);

    [Fact]
    public void A_plan_change_together_with_a_new_period_is_one_reset() => LedgerScript.Run("""
        pool allowance=10
        spend 3
        plan allowance=20
        day 30  -> reset=20 !AllowanceReset
        """);

    [Fact]
    public void A_lot_expires_at_its_moment_when_it_is_used() => LedgerScript.Run("""
        lot L1=10 exp=d5+12:00
        day 5 11:59
        spend 4 -> L1-4
        day 5 12:00
        spend 1 -> InsufficientCredits short=1
        balance -> allowance=0
        day 5 12:00 -> expired:L1=6 !Expired !Exhausted
        """);

    [Fact]
    public void A_lot_that_nobody_saw_start_and_expire_is_just_expired() => LedgerScript.Run("""
        lot L1=10 from=d2 exp=d5
        day 9   -> expired:L1=10 !Expired
        balance -> allowance=0
        """);

    [Fact]
    public void A_lot_starts_at_its_moment_when_it_is_used() => LedgerScript.Run("""
        lot L1=10 from=d5
        day 4 23:59
        spend 1 -> InsufficientCredits short=1
        day 5
        spend 1 -> L1-1
        """);

    [Fact]
    public void A_pool_of_nothing_has_no_history_of_resets() => LedgerScript.Run("""
        pool allowance=0
        day 30 -> ok
        day 60 -> ok
        """);

    [Fact]
    public void A_moved_renewal_day_moves_the_reset_without_an_entry()
    {
        var terms = new Terms { Period = new(1, new Instant(0), new Instant(100)), Limit = 10 };
        var pool = Settlement.Decide(Pool.Empty, terms, new Instant(5)).Pool;
        var moved = Settlement.Decide(pool, terms with { Period = terms.Period with { End = new Instant(50) } }, new Instant(6));
        moved.Entries.ShouldBeEmpty();
        moved.Pool.Allowance.ShouldBe(pool.Allowance with { ResetsAt = new Instant(50) });
    }
}
