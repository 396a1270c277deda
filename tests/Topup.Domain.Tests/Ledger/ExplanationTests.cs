using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class ExplanationTests
{
    [Fact]
    public void What_is_possible_needs_no_fix() => LedgerScript.Run("""
        pool allowance=10
        explain 10 -> None
        """);

    [Fact]
    public void A_shortage_is_fixed_by_buying_what_is_missing_or_using_less() => LedgerScript.Run("""
        lot L1=10
        explain 25 -> InsufficientCredits TopUp=15 UseLess=10
        """);

    [Fact]
    public void Buying_is_no_way_out_where_the_plan_does_not_let() => LedgerScript.Run("""
        lot L1=10
        explain 25 no-top-up -> InsufficientCredits UseLess=10
        """);

    [Fact]
    public void With_nothing_left_less_is_no_way_out() => LedgerScript.Run("""
        explain 25 -> InsufficientCredits TopUp=25
        """);

    [Fact]
    public void Waiting_helps_if_the_next_allowance_is_enough() => LedgerScript.Run("""
        pool allowance=10
        spend 8
        explain 10 -> InsufficientCredits TopUp=8 UseLess=2 WaitForReset=d30
        explain 11 -> InsufficientCredits TopUp=9 UseLess=2
        lot L1=1
        explain 11 -> InsufficientCredits TopUp=8 UseLess=3 WaitForReset=d30
        """);

    [Fact]
    public void Ending_holds_helps_if_they_hold_enough() => LedgerScript.Run("""
        lot L1=10
        hold H1=6
        explain 10 -> InsufficientCredits TopUp=6 UseLess=4 EndHolds=6
        explain 11 -> InsufficientCredits TopUp=7 UseLess=4
        """);

    [Fact]
    public void Ending_holds_of_an_earlier_periods_allowance_helps_nobody() => LedgerScript.Run("""
        pool allowance=10
        hold H1=6 until=d40
        day 30
        spend 10
        explain 5 -> InsufficientCredits TopUp=5 WaitForReset=d60
        """);

    [Fact]
    public void A_debt_must_be_bought_too() => LedgerScript.Run("""
        lot L1=10
        spend 10
        take-back L1 4 debt
        explain 5 -> InsufficientCredits TopUp=9
        """);

    [Fact]
    public void A_blocked_pool_names_who_can_unblock_it() => LedgerScript.Run("""
        lot L1=10
        plan lapsed
        explain 5 -> PlanLapsed RenewPlan
        type disabled
        explain 5 -> TypeDisabled EnableType
        tenant suspended
        explain 5 -> TenantSuspended ReactivateTenant
        """);
}
