using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class TakeBackTests
{
    [Fact]
    public void A_void_takes_what_is_left_and_forgives_what_was_spent() => LedgerScript.Run("""
        lot L1=10
        spend 4
        take-back L1 -> L1-6 forgiven=4 !Exhausted
        balance      -> allowance=0
        take-back L1 -> GrantClosed
        """);

    [Fact]
    public void A_refund_turns_what_was_spent_into_debt() => LedgerScript.Run("""
        lot L1=10
        spend 4
        take-back L1 debt -> L1-6 debt+4 !Exhausted
        balance           -> allowance=0 debt=4
        take-back L1 debt -> GrantClosed
        """);

    [Fact]
    public void Other_credits_pay_the_debt_of_a_refund_at_once() => LedgerScript.Run("""
        pool allowance=3
        lot L1=10 prio=0
        lot L2=10
        spend 10          -> allowance-3 L1-7
        take-back L1 debt -> L1-3 debt+7 debt-7
        balance           -> allowance=0 L2=3
        """);

    [Fact]
    public void A_part_is_taken_of_that_lot_only() => LedgerScript.Run("""
        lot L1=10
        lot L2=10
        take-back L2 4 -> L2-4
        balance        -> allowance=0 L1=10 L2=6
        """);

    [Fact]
    public void Never_more_than_was_granted_over_any_number_of_calls() => LedgerScript.Run("""
        lot L1=10
        spend 4
        take-back L1 3 debt  -> L1-3
        take-back L1 5 debt  -> L1-3 debt+2 !Exhausted
        take-back L1 99 debt -> debt+2
        take-back L1 1 debt  -> GrantClosed
        balance              -> allowance=0 debt=4
        """);

    [Fact]
    public void What_has_expired_is_no_longer_there_to_take() => LedgerScript.Run("""
        lot L1=10 exp=d2
        spend 4
        day 2
        take-back L1 debt -> debt+4 !Expired !Exhausted
        take-back L1 debt -> GrantClosed
        """);

    [Fact]
    public void A_lot_that_has_not_started_can_be_taken_back() => LedgerScript.Run("""
        lot L1=10 from=d9
        take-back L1 -> L1-10
        day 9        -> ok
        balance      -> allowance=0
        """);

    [Fact]
    public void What_returns_to_a_void_lot_is_taken_back_too() => LedgerScript.Run("""
        lot L1=10
        spend 3 as U1
        hold H1=2
        take-back L1 -> L1-5 forgiven=5
        reverse U1   -> L1+3 lost=3
        release H1   -> !Exhausted
        balance      -> allowance=0
        """);

    [Fact]
    public void What_returns_to_a_refunded_lot_has_been_paid_for_by_its_debt() => LedgerScript.Run("""
        lot L1=10
        spend 10 as U1
        take-back L1 debt -> debt+10
        lot L2=10         -> debt-10
        reverse U1        -> L1+10 !Recovered
        balance           -> allowance=0 L1=10
        take-back L1 debt -> GrantClosed
        """);

    [Fact]
    public void What_became_debt_is_not_taken_a_second_time_when_it_returns_and_expires() => LedgerScript.Run("""
        lot L1=10 exp=d5
        spend 10 as U1
        take-back L1 debt -> debt+10
        lot L2=12         -> debt-10 !Recovered
        reverse U1        -> L1+10
        day 5             -> expired:L1=10 !Expired
        take-back L1 debt -> GrantClosed
        balance           -> allowance=0 L2=2
        """);

    [Fact]
    public void What_became_debt_is_not_taken_a_second_time_by_a_void() => LedgerScript.Run("""
        lot L1=10
        spend 10 as U1
        take-back L1 4 debt -> debt+4
        lot L2=4            -> debt-4
        take-back L1        -> forgiven=6
        reverse U1          -> L1+10 lost=6 !Recovered
        balance             -> allowance=0 L1=4
        """);

    [Fact]
    public void An_unknown_lot_is_refused() => LedgerScript.Run("""
        take-back L9 -> GrantUnknown
        """);

    [Fact]
    public void Credits_may_be_taken_back_from_a_frozen_pool() => LedgerScript.Run("""
        lot L1=10
        plan lapsed
        take-back L1 -> L1-10 !Exhausted
        """);
}
