using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class HoldTests
{
    [Fact]
    public void A_hold_sets_aside_in_draw_order() => LedgerScript.Run("""
        pool allowance=5
        lot L1=10
        hold H1=8 -> allowance-5 L1-3
        balance   -> allowance=0 L1=7 held=8
        """);

    [Fact]
    public void A_hold_of_too_much_is_refused_or_capped() => LedgerScript.Run("""
        lot L1=10
        hold H1=11     -> InsufficientCredits short=1
        hold H1=11 cap -> L1-10 short=1
        hold H2=1 cap  -> InsufficientCredits short=1
        """);

    [Fact]
    public void A_hold_that_is_over_before_it_begins_is_refused() => LedgerScript.Run("""
        lot L1=10
        day 3
        hold H1=5 until=d3 -> ExpiryPassed
        """);

    [Fact]
    public void A_capture_of_all_uses_all() => LedgerScript.Run("""
        pool allowance=5
        lot L1=10
        hold H1=8
        capture H1 8 -> allowance-5 L1-3
        balance      -> allowance=0 L1=7
        """);

    [Fact]
    public void A_capture_of_less_gives_back_what_was_drawn_last() => LedgerScript.Run("""
        pool allowance=5
        lot L1=10
        hold H1=8
        capture H1 6 -> allowance-5 L1-1
        balance      -> allowance=0 L1=9
        """);

    [Fact]
    public void A_capture_beyond_its_hold_draws_the_rest_by_todays_order() => LedgerScript.Run("""
        lot L1=10
        hold H1=8
        lot L2=5 prio=0
        capture H1 11 -> L1-8 L2-3
        balance       -> allowance=0 L2=2 L1=2
        """);

    [Fact]
    public void A_capture_beyond_all_there_is_stays_uncovered() => LedgerScript.Run("""
        lot L1=10
        hold H1=8
        capture H1 15 -> L1-8 L1-2 uncovered=5 !Exhausted
        balance       -> allowance=0
        """);

    [Fact]
    public void A_type_with_a_debt_limit_covers_a_capture_with_debt_up_to_it() => LedgerScript.Run("""
        pool debt-limit=3
        lot L1=10
        hold H1=8
        capture H1 15 -> L1-8 L1-2 debt+3 uncovered=2 !Exhausted
        balance       -> allowance=0 debt=3
        lot L2=10     -> debt-3 !Recovered
        hold H2=7
        capture H2 20 -> L2-7 debt+3 uncovered=10 !Exhausted
        """);

    [Fact]
    public void A_hold_ends_once() => LedgerScript.Run("""
        lot L1=10
        hold H1=8
        capture H1 8
        capture H1 8 -> HoldClosed
        release H1   -> HoldClosed
        hold H2=2
        release H2   -> ok
        release H2   -> HoldClosed
        capture H2 1 -> HoldClosed
        release H9   -> HoldUnknown
        capture H9 1 -> HoldUnknown
        """);

    [Fact]
    public void A_release_gives_back_to_where_it_was() => LedgerScript.Run("""
        pool allowance=5
        lot L1=10
        hold H1=8
        release H1 -> ok
        balance    -> allowance=5 L1=10
        """);

    [Fact]
    public void A_hold_counts_as_released_from_the_moment_it_expires() => LedgerScript.Run("""
        lot L1=10
        hold H1=8 until=d2
        day 1 23:59
        spend 3      -> InsufficientCredits short=1
        day 2
        spend 3      -> L1-3 !HoldExpired
        capture H1 8 -> HoldClosed
        """);

    [Fact]
    public void Credits_that_come_back_to_an_expired_lot_are_gone() => LedgerScript.Run("""
        lot L1=10 exp=d2
        hold H1=8 until=d5
        day 3      -> expired:L1=2 !Expired
        release H1 -> !Exhausted
        balance    -> allowance=0
        """);

    [Fact]
    public void A_hold_may_be_captured_after_its_lot_has_expired() => LedgerScript.Run("""
        lot L1=10 exp=d2
        hold H1=8 until=d5
        day 3
        capture H1 6 -> L1-6 !Expired !Exhausted
        balance      -> allowance=0
        """);

    [Fact]
    public void Allowance_held_over_the_end_of_its_period_may_be_captured_but_does_not_come_back() => LedgerScript.Run("""
        pool allowance=10
        hold H1=4 until=d40
        hold H2=5 until=d40
        day 30       -> reset=10 !AllowanceReset
        balance      -> allowance=10 held=9
        capture H1 3 -> allowance-3
        release H2   -> ok
        balance      -> allowance=10
        """);

    [Fact]
    public void A_hold_under_an_unlimited_allowance_is_counted_when_it_is_captured() => LedgerScript.Run("""
        pool unlimited
        hold H1=8    -> unlimited-8
        hold H2=8
        balance      -> unlimited used=0
        capture H1 9 -> unlimited-8 unlimited-1
        release H2   -> ok
        balance      -> unlimited used=9
        """);

    [Fact]
    public void A_hold_from_before_the_plan_became_unlimited_still_uses_what_it_holds() => LedgerScript.Run("""
        pool allowance=5
        lot L1=10
        hold H1=8
        plan unlimited
        capture H1 10 -> allowance-5 L1-3 unlimited-2
        balance       -> unlimited used=7 L1=7
        """);

    [Fact]
    public void What_a_release_brings_back_pays_a_debt_first() => LedgerScript.Run("""
        lot L1=10
        spend 2
        hold H1=8
        take-back L1 2 debt -> debt+2
        release H1          -> debt-2
        balance             -> allowance=0 L1=6
        """);
}
