using Shouldly;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class AlertTests
{
    [Fact]
    public void Exhausted_is_told_by_the_draw_that_takes_the_last_credit_and_only_once() => LedgerScript.Run("""
        pool allowance=10
        spend 9 -> allowance-9
        spend 1 -> allowance-1 !Exhausted
        spend 1 -> InsufficientCredits short=1
        """);

    [Fact]
    public void It_is_armed_again_when_credits_return() => LedgerScript.Run("""
        lot L1=5
        spend 5 as U1 -> L1-5 !Exhausted
        lot L2=5      -> !Recovered
        spend 5       -> L2-5 !Exhausted
        reverse U1 1  -> L1+1 !Recovered
        spend 1       -> L1-1 !Exhausted
        """);

    [Fact]
    public void A_new_period_arms_it_again() => LedgerScript.Run("""
        pool allowance=5
        spend 5 -> allowance-5 !Exhausted
        day 30
        spend 5 -> allowance-5 !AllowanceReset !Recovered !Exhausted
        """);

    [Fact]
    public void A_hold_is_not_a_draw_and_its_capture_is() => LedgerScript.Run("""
        lot L1=5
        hold H1=5    -> L1-5
        capture H1 5 -> L1-5 !Exhausted
        """);

    [Fact]
    public void An_expiry_or_a_take_back_of_the_last_credits_is_told() => LedgerScript.Run("""
        lot L1=5 exp=d2
        day 2        -> expired:L1=5 !Expired !Exhausted
        lot L2=5     -> !Recovered
        take-back L2 -> L2-5 !Exhausted
        """);

    [Fact]
    public void Low_is_told_when_the_total_comes_down_to_an_absolute_mark_and_only_once() => LedgerScript.Run("""
        pool allowance=20 low=5
        spend 14 -> allowance-14
        spend 1  -> allowance-1 !Low
        spend 1  -> allowance-1
        spend 4  -> allowance-4 !Exhausted
        """);

    [Fact]
    public void Low_in_percent_is_a_share_of_the_last_refill() => LedgerScript.Run("""
        pool low=20%
        lot L1=100
        spend 79 -> L1-79
        spend 1  -> L1-1 !Low
        lot L2=30          # now 50, and low at 10
        spend 39 -> L1-20 L2-19
        spend 1  -> L2-1 !Low
        """);

    [Fact]
    public void A_draw_that_crosses_both_marks_tells_the_worse() => LedgerScript.Run("""
        pool low=5
        lot L1=20
        spend 20 -> L1-20 !Exhausted
        """);

    [Fact]
    public void Held_credits_still_count() => LedgerScript.Run("""
        pool low=5
        lot L1=20
        hold H1=18
        release H1
        spend 14 -> L1-14
        spend 1  -> L1-1 !Low
        """);

    [Fact]
    public void Coming_back_from_low_is_no_news_and_from_exhausted_it_is() => LedgerScript.Run("""
        pool low=5
        lot L1=10
        spend 6  -> L1-6 !Low
        lot L2=3 -> ok
        spend 2  -> L1-2 !Low
        spend 5  -> L1-2 L2-3 !Exhausted
        lot L3=2 -> !Recovered
        spend 1  -> L3-1
        """);

    [Fact]
    public void A_small_grant_below_the_mark_is_no_alert_but_the_next_draw_is() => LedgerScript.Run("""
        pool low=5
        lot L1=3 -> ok
        spend 1  -> L1-1 !Low
        """);

    [Fact]
    public void A_grant_that_a_debt_swallows_is_no_recovery() => LedgerScript.Run("""
        lot L1=5
        spend 5           -> L1-5 !Exhausted
        take-back L1 debt -> debt+5
        lot L2=3          -> debt-3
        lot L3=2          -> debt-2
        lot L4=1          -> !Recovered
        """);

    [Fact]
    public void An_unlimited_pool_is_never_low() => LedgerScript.Run("""
        pool unlimited low=5
        lot L1=10 exp=d2
        spend 100 -> unlimited-100
        day 2     -> expired:L1=10 !Expired
        """);

    [Fact]
    public void A_limit_lowered_to_nothing_left_is_told() => LedgerScript.Run("""
        pool allowance=10
        spend 5
        plan allowance=5
        day 1 -> allowance=0 !Exhausted
        plan allowance=6
        day 1 -> allowance=1 !Recovered
        """);

    [Fact]
    public void Each_of_several_marks_is_told_once_and_names_itself() => LedgerScript.Run("""
        alerts 50% 20% 10% 5
        lot L1=100
        spend 49 -> L1-49
        spend 1  -> L1-1 !Low:50%
        spend 29 -> L1-29
        spend 1  -> L1-1 !Low:20%
        spend 9  -> L1-9
        spend 1  -> L1-1 !Low:10%
        spend 5  -> L1-5 !Low:5
        spend 4  -> L1-4
        spend 1  -> L1-1 !Exhausted
        """);

    [Fact]
    public void A_draw_over_several_marks_tells_the_deepest_of_them() => LedgerScript.Run("""
        alerts 50% 20% 10%
        lot L1=100
        spend 85 -> L1-85 !Low:20%
        spend 6  -> L1-6 !Low:10%
        """);

    [Fact]
    public void Credits_that_return_arm_the_marks_they_rise_above_and_no_other() => LedgerScript.Run("""
        alerts 60 30 10
        lot L1=100
        spend 95 as U1 -> L1-95 !Low:10
        reverse U1 35  -> L1+35
        spend 5        -> L1-5
        spend 5        -> L1-5 !Low:30
        spend 20       -> L1-20 !Low:10
        """);

    [Fact]
    public void A_tenants_own_marks_stand_in_place_of_those_of_the_type() => LedgerScript.Run("""
        pool low=50
        alerts 10
        lot L1=100
        spend 60 -> L1-60
        spend 30 -> L1-30 !Low:10
        alerts off
        lot L2=100
        spend 60 -> L1-10 L2-50 !Low
        """);

    [Fact]
    public void No_marks_at_all_are_no_alert_but_the_last_credit_is() => LedgerScript.Run("""
        pool low=50
        alerts
        lot L1=100
        spend 99 -> L1-99
        spend 1  -> L1-1 !Exhausted
        """);

    [Fact]
    public void Marks_that_are_set_below_what_is_left_are_told_when_they_are_crossed() => LedgerScript.Run("""
        alerts 80 60 40
        lot L1=100
        spend 65 -> L1-65 !Low:40
        alerts 30
        spend 5  -> L1-5 !Low:30
        alerts 90 80 70
        spend 1  -> L1-1 !Low:70
        """);

    [Fact]
    public void A_lot_that_expires_soon_is_told_of_once() => LedgerScript.Run("""
        pool notice=7
        lot L1=5 exp=d10
        lot L2=5
        day 2    -> ok
        day 3    -> !Expiring:L1=5
        day 4    -> ok
        spend 2  -> L1-2
        day 10   -> expired:L1=3 !Expired
        """);

    [Fact]
    public void A_lot_with_nothing_left_is_not_told_of_and_one_with_a_shorter_life_is_at_once() => LedgerScript.Run("""
        pool notice=7
        lot L1=5 exp=d10
        spend 5      -> L1-5 !Exhausted
        day 5        -> ok
        lot L2=4 exp=d6 -> !Recovered
        day 5+01:00  -> !Expiring:L2=4
        """);

    [Fact]
    public void The_tenants_own_days_of_notice_stand_in_place_of_those_of_the_type() => LedgerScript.Run("""
        pool notice=7
        alerts notice=2
        lot L1=5 exp=d10
        day 7 -> ok
        day 8 -> !Expiring:L1=5
        lot L2=5 exp=d30
        alerts notice=0
        day 29 -> expired:L1=5 !Expired
        """);

    [Fact]
    public void A_forecast_is_told_when_it_comes_to_hold_and_again_only_after_it_did_not()
    {
        var terms = new Terms { Period = new BillingPeriod(1, Instant.Always, Instant.Never), Limit = 5 };
        var pool = Pool.Empty;
        Forewarning Tell(Forewarning holds)
        {
            pool = Forewarnings.Decide(pool, terms, holds, new Instant(1), out var news).Pool;
            return news;
        }

        Tell(Forewarning.RunsOut).ShouldBe(Forewarning.RunsOut);
        Tell(Forewarning.RunsOut | Forewarning.ExceedsAllowance).ShouldBe(Forewarning.ExceedsAllowance);
        Tell(Forewarning.RunsOut | Forewarning.ExceedsAllowance).ShouldBe(Forewarning.None);
        Tell(Forewarning.ExceedsAllowance).ShouldBe(Forewarning.None);
        Tell(Forewarning.RunsOut | Forewarning.ExceedsAllowance).ShouldBe(Forewarning.RunsOut);
    }

    [Theory]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("a")]
    [InlineData("p50,20,10 a100")]
    [InlineData("p a7000000000000000,5")]
    public void Marks_come_back_as_they_went(string text) => Thresholds.OfType.WithMarks(text).MarksText().ShouldBe(text);

    [Fact]
    public void An_empty_new_pool_is_not_exhausted() => LedgerScript.Run("""
        day 1   -> ok
        spend 1 -> InsufficientCredits short=1
        day 2   -> ok
        """);
}
