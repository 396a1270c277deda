using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class DrawOrderTests
{
    [Fact]
    public void The_allowance_goes_before_any_lot() => LedgerScript.Run("""
        pool allowance=30
        lot L1=100 prio=0 exp=d1
        spend 10 -> allowance-10
        spend 40 -> allowance-20 L1-20
        spend 5  -> L1-5
        """);

    [Fact]
    public void A_lower_priority_goes_first_whatever_else() => LedgerScript.Run("""
        lot L1=5 prio=50 promotional exp=d1
        lot L2=5 prio=49
        spend 7 -> L2-5 L1-2
        """);

    [Fact]
    public void Among_equal_priorities_the_soonest_expiry_goes_first_and_none_goes_last() => LedgerScript.Run("""
        lot L1=5
        lot L2=5 exp=d20
        lot L3=5 exp=d10
        spend 12 -> L3-5 L2-5 L1-2
        """);

    [Fact]
    public void Among_equal_expiries_promotional_goes_before_paid() => LedgerScript.Run("""
        lot L1=5 purchase exp=d10
        lot L2=5 adjustment exp=d10
        lot L3=5 promotional exp=d10
        spend 12 -> L3-5 L1-5 L2-2
        """);

    [Fact]
    public void Then_the_earlier_effective_date_goes_first() => LedgerScript.Run("""
        lot L1=5 from=d4
        lot L2=5 from=d3
        day 5
        spend 7 -> L2-5 L1-2
        """);

    [Fact]
    public void At_last_the_lot_that_was_made_first() => LedgerScript.Run("""
        lot L1=5
        lot L2=5
        lot L3=5
        spend 12 -> L1-5 L2-5 L3-2
        """);

    [Fact]
    public void One_use_may_span_the_allowance_and_many_lots() => LedgerScript.Run("""
        pool allowance=1
        lot L1=1
        lot L2=1
        lot L3=1
        spend 4 -> allowance-1 L1-1 L2-1 L3-1 !Exhausted
        """);

    [Fact]
    public void A_lot_that_has_not_started_is_passed_over() => LedgerScript.Run("""
        lot L1=5 prio=0 from=d2
        lot L2=5
        spend 3 -> L2-3
        day 2
        spend 3 -> L1-3
        """);

    [Fact]
    public void An_empty_lot_is_passed_over() => LedgerScript.Run("""
        lot L1=5
        lot L2=5
        spend 5 -> L1-5
        spend 1 -> L2-1
        """);

    [Fact]
    public void The_order_is_total_and_consistent()
    {
        Lot[] lots =
        [
            .. from priority in (int[])[0, 50]
               from expires in (Instant[])[new(500), Instant.Never]
               from source in Enum.GetValues<LotSource>()
               from starts in (Instant[])[new(1), new(2)]
               from id in (long[])[1, 2]
               select new Lot
               {
                   Id = id, Source = source, Priority = priority, EffectiveAt = starts, ExpiresAt = expires,
                   Granted = 1, Remaining = 1, Active = true,
               },
        ];
        foreach (var x in lots)
        {
            foreach (var y in lots)
            {
                var order = DrawOrder.OfLots.Compare(x, y);
                Math.Sign(DrawOrder.OfLots.Compare(y, x)).ShouldBe(-Math.Sign(order));
                foreach (var z in lots)
                    if (order < 0 && DrawOrder.OfLots.Compare(y, z) < 0) DrawOrder.OfLots.Compare(x, z).ShouldBeLessThan(0);
            }
        }
    }
}
