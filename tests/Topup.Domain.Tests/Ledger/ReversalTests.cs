using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class ReversalTests
{
    [Fact]
    public void A_use_goes_back_to_where_it_came_from_not_by_todays_order() => LedgerScript.Run("""
        pool allowance=3
        lot L1=5
        spend 6 as U1 -> allowance-3 L1-3
        lot L2=5 prio=0
        reverse U1    -> L1+3 allowance+3
        balance       -> allowance=3 L2=5 L1=5
        """);

    [Fact]
    public void What_was_drawn_last_goes_back_first() => LedgerScript.Run("""
        pool allowance=3
        lot L1=2
        lot L2=5
        spend 7 as U1 -> allowance-3 L1-2 L2-2
        reverse U1 3  -> L2+2 L1+1
        reverse U1 2  -> L1+1 allowance+1
        reverse U1    -> allowance+2
        balance       -> allowance=3 L1=2 L2=5
        """);

    [Fact]
    public void Never_more_than_was_drawn_over_any_number_of_calls() => LedgerScript.Run("""
        lot L1=10
        spend 6 as U1
        reverse U1 7 -> ReversalTooLarge short=6
        reverse U1 4 -> L1+4
        reverse U1 3 -> ReversalTooLarge short=2
        reverse U1   -> L1+2
        reverse U1   -> ReversalTooLarge
        balance      -> allowance=0 L1=10
        """);

    [Fact]
    public void A_capture_is_reversed_as_a_use() => LedgerScript.Run("""
        lot L1=10
        hold H1=5
        capture H1 7 as U1 -> L1-5 L1-2
        reverse U1         -> L1+2 L1+5
        balance            -> allowance=0 L1=10
        """);

    [Fact]
    public void An_unknown_entry_is_refused() => LedgerScript.Run("""
        reverse U9 -> EntryUnknown
        """);

    [Fact]
    public void Allowance_of_a_period_that_is_over_is_lost() => LedgerScript.Run("""
        pool allowance=5
        lot L1=5
        spend 8 as U1
        day 30
        reverse U1 -> L1+3 allowance+5 lost=5 !AllowanceReset
        balance    -> allowance=5 L1=5
        """);

    [Fact]
    public void Credits_of_a_lot_that_has_expired_are_lost() => LedgerScript.Run("""
        lot L1=5 exp=d2
        lot L2=5
        spend 8 as U1 -> L1-5 L2-3
        day 2
        reverse U1    -> L2+3 L1+5 lost=5
        balance       -> allowance=0 L2=5
        """);

    [Fact]
    public void A_part_that_was_lost_is_not_given_back_twice_from_elsewhere() => LedgerScript.Run("""
        lot L1=5 exp=d9
        lot L2=5
        spend 8 as U1 -> L1-5 L2-3
        day 9
        reverse U1 5  -> L2+3 L1+2 lost=2
        reverse U1    -> L1+3 lost=3
        reverse U1    -> ReversalTooLarge
        balance       -> allowance=0 L2=5
        """);

    [Fact]
    public void A_use_of_an_unlimited_allowance_is_uncounted() => LedgerScript.Run("""
        pool unlimited
        spend 8 as U1
        reverse U1 3 -> unlimited+3
        balance      -> unlimited used=5
        plan allowance=10
        reverse U1   -> unlimited+5
        balance      -> allowance=10
        """);

    [Fact]
    public void A_use_that_became_debt_takes_the_debt_away() => LedgerScript.Run("""
        pool debt-limit=5
        lot L1=2
        hold H1=2
        capture H1 6 as U1 -> L1-2 debt+4 !Exhausted
        reverse U1 3       -> debt-3
        balance            -> allowance=0 debt=1
        reverse U1         -> debt-1 L1+2 !Recovered
        balance            -> allowance=0 L1=2
        """);

    [Fact]
    public void A_debt_that_was_paid_meanwhile_comes_back_as_a_lot() => LedgerScript.Run("""
        pool debt-limit=5
        lot L1=2
        hold H1=2
        capture H1 6 as U1 -> L1-2 debt+4 !Exhausted
        lot L2=3           -> debt-3
        reverse U1         -> debt-4 L1+2 !Recovered
        balance            -> allowance=0 L1=2 refund2=3
        """);

    [Fact]
    public void What_comes_back_pays_a_debt_first() => LedgerScript.Run("""
        lot L1=5
        lot L2=5 prio=60
        spend 10 as U1
        take-back L2 debt -> debt+5
        reverse U1 5      -> L2+5 debt-5
        reverse U1        -> L1+5 !Recovered
        balance           -> allowance=0 L1=5
        """);

    [Fact]
    public void A_use_beyond_a_limit_that_was_lowered_since_brings_nothing_back_until_it_is_under_the_limit() => LedgerScript.Run("""
        pool allowance=10
        spend 8 as U1
        plan allowance=5
        reverse U1 2 -> allowance+2 lost=2 !Exhausted
        reverse U1 3 -> allowance+3 lost=1 !Recovered
        balance      -> allowance=2
        """);

    [Fact]
    public void A_use_may_be_reversed_in_a_frozen_pool() => LedgerScript.Run("""
        lot L1=5
        spend 3 as U1
        plan lapsed
        reverse U1 -> L1+3
        """);
}
