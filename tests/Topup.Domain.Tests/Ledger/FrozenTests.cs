using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class FrozenTests
{
    [Fact]
    public void A_lapsed_plan_freezes_the_pool_and_loses_nothing() => LedgerScript.Run("""
        pool allowance=10
        lot L1=5
        plan lapsed
        spend 1   -> PlanLapsed
        hold H1=1 -> PlanLapsed
        balance   -> allowance=10 L1=5
        plan active
        spend 12  -> allowance-10 L1-2
        """);

    [Fact]
    public void A_frozen_pool_takes_gifts_but_nothing_is_sold_into_it() => LedgerScript.Run("""
        plan lapsed
        lot L1=5 promotional -> ok
        lot L2=5 purchase    -> PlanLapsed
        spend 1              -> PlanLapsed
        plan active
        spend 1              -> L1-1
        """);

    [Fact]
    public void A_hold_from_before_may_be_captured_but_draws_no_more() => LedgerScript.Run("""
        pool debt-limit=5
        lot L1=10
        hold H1=4
        hold H2=4
        plan lapsed
        capture H1 6 -> L1-4 uncovered=2
        release H2   -> ok
        balance      -> allowance=0 L1=6
        """);

    [Fact]
    public void Time_does_not_stop_in_a_frozen_pool() => LedgerScript.Run("""
        pool allowance=10
        lot L1=5 exp=d20
        spend 10
        plan lapsed
        day 30  -> reset=10 expired:L1=5 !AllowanceReset !Expired
        balance -> allowance=10
        """);

    [Fact]
    public void A_suspended_tenant_spends_nothing_whatever_it_has() => LedgerScript.Run("""
        pool unlimited
        tenant suspended
        spend 1     -> TenantSuspended
        spend 1 cap -> TenantSuspended
        hold H1=1   -> TenantSuspended
        tenant active
        spend 1     -> unlimited-1
        """);

    [Fact]
    public void Of_a_disabled_type_nothing_is_spent() => LedgerScript.Run("""
        lot L1=5
        type disabled
        spend 1 -> TypeDisabled
        type enabled
        spend 1 -> L1-1
        """);

    [Fact]
    public void The_first_reason_in_check_order_is_told() => LedgerScript.Run("""
        plan lapsed
        spend 1 -> PlanLapsed
        type disabled
        spend 1 -> TypeDisabled
        tenant suspended
        spend 1 -> TenantSuspended
        """);
}
