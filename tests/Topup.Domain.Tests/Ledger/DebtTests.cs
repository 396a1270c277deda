using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class DebtTests
{
    [Fact]
    public void The_next_credits_pay_the_debt_first() => LedgerScript.Run("""
        lot L1=10
        spend 10
        take-back L1 debt -> debt+10
        lot L2=6          -> debt-6
        spend 1           -> InsufficientCredits short=5
        lot L3=5          -> debt-4 !Recovered
        spend 1           -> L3-1 !Exhausted
        """);

    [Fact]
    public void A_new_period_pays_the_debt_from_its_allowance() => LedgerScript.Run("""
        pool allowance=10
        lot L1=15
        spend 25
        take-back L1 debt -> debt+15
        day 30            -> reset=10 debt-10 !AllowanceReset
        balance           -> allowance=0 debt=5
        day 60            -> reset=10 debt-5 !AllowanceReset !Recovered
        balance           -> allowance=5
        """);

    [Fact]
    public void A_raised_limit_pays_the_debt() => LedgerScript.Run("""
        pool allowance=10
        lot L1=5
        spend 15
        take-back L1 debt -> debt+5
        plan allowance=30
        day 1             -> allowance=20 debt-5 !Recovered
        balance           -> allowance=15
        """);

    [Fact]
    public void An_unlimited_allowance_neither_pays_a_debt_nor_waits_for_it() => LedgerScript.Run("""
        lot L1=5
        spend 5
        take-back L1 debt -> debt+5
        plan unlimited
        spend 100         -> unlimited-100 !Recovered
        balance           -> unlimited used=100 debt=5
        lot L2=7          -> debt-5
        balance           -> unlimited used=100 L2=2
        """);

    [Fact]
    public void No_use_and_no_hold_makes_a_debt() => LedgerScript.Run("""
        pool debt-limit=100
        lot L1=5
        spend 6     -> InsufficientCredits short=1
        hold H1=6   -> InsufficientCredits short=1
        spend 6 cap -> L1-5 short=1 !Exhausted
        """);

    [Fact]
    public void A_capture_makes_no_debt_unless_the_type_allows_it() => LedgerScript.Run("""
        lot L1=5
        hold H1=5
        capture H1 9 -> L1-5 uncovered=4 !Exhausted
        balance      -> allowance=0
        """);

    [Fact]
    public void The_debt_limit_counts_debt_of_every_origin() => LedgerScript.Run("""
        pool debt-limit=5
        lot L1=5
        lot L2=5 prio=60
        hold H1=5
        spend 5             -> L2-5
        take-back L2 3 debt -> debt+3
        capture H1 9        -> L1-5 debt+2 uncovered=2 !Exhausted
        balance             -> allowance=0 debt=5
        """);

    [Fact]
    public void A_debt_over_its_limit_is_not_forgiven_by_it() => LedgerScript.Run("""
        pool debt-limit=2
        lot L1=5
        lot L2=5 prio=60
        hold H1=5
        spend 5
        take-back L2 debt -> debt+5
        capture H1 6      -> L1-5 uncovered=1 !Exhausted
        balance           -> allowance=0 debt=5
        """);

    /// <summary>A debt takes what is there when the pool is next looked at; a period in which nobody looked is not replayed.</summary>
    [Fact]
    public void Skipped_periods_pay_no_debt_but_by_what_they_carry_over() => LedgerScript.Run("""
        pool allowance=10
        lot L1=25
        spend 35
        take-back L1 debt -> debt+25
        day 90            -> reset=10 debt-10 !AllowanceReset
        balance           -> allowance=0 debt=15
        """);
}
