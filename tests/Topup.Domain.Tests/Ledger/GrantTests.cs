using System.Collections.Immutable;
using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class GrantTests
{
    private static readonly Terms NoAllowance = new() { Period = new(1, new Instant(0), new Instant(1_000)), Limit = 0 };

    [Fact]
    public void A_grant_can_be_spent_at_once() => LedgerScript.Run("""
        lot L1=10
        spend 10 -> L1-10 !Exhausted
        """);

    [Fact]
    public void A_grant_for_later_waits_until_its_day() => LedgerScript.Run("""
        lot L1=10 from=d2
        balance -> allowance=0 (L1=10)
        spend 1 -> InsufficientCredits short=1
        day 2   -> started:L1=10
        balance -> allowance=0 L1=10
        """);

    [Fact]
    public void A_grant_whose_start_has_passed_begins_now() => LedgerScript.Run("""
        day 5
        lot L1=10 from=d2
        lot L2=10 from=d4
        spend 15 -> L1-10 L2-5
        """);

    [Fact]
    public void A_grant_that_would_be_over_before_it_begins_is_refused() => LedgerScript.Run("""
        day 5
        lot L1=10 exp=d5         -> ExpiryPassed
        lot L1=10 exp=d6 from=d6 -> ExpiryPassed
        lot L1=10 exp=d6 from=d5 -> ok
        """);

    [Fact]
    public void A_grant_pays_a_debt_first() => LedgerScript.Run("""
        lot L1=10
        spend 10
        take-back L1 debt -> debt+10
        lot L2=4          -> debt-4
        balance           -> allowance=0 debt=6
        lot L3=10         -> debt-6 !Recovered
        balance           -> allowance=0 L3=4
        """);

    [Fact]
    public void A_grant_for_later_pays_a_debt_when_it_starts() => LedgerScript.Run("""
        lot L1=10
        spend 10
        take-back L1 debt -> debt+10
        lot L2=15 from=d2 -> ok
        day 2             -> started:L2=15 debt-10 !Recovered
        balance           -> allowance=0 L2=5
        """);

    [Fact]
    public void A_purchase_and_a_gift_are_told_apart()
    {
        var purchase = Grant(Pool.Empty, 10, LotSource.Purchase);
        purchase.Main!.Kind.ShouldBe(EntryKind.Purchase);
        purchase.Events.Select(news => news.Kind).ShouldBe([LedgerEventKind.Purchased]);
        var gift = Grant(Pool.Empty, 10, LotSource.Promotional);
        gift.Main!.Kind.ShouldBe(EntryKind.Grant);
        gift.Events.Select(news => news.Kind).ShouldBe([LedgerEventKind.Granted]);
    }

    [Fact]
    public void A_lot_has_the_number_of_its_entry()
    {
        var granted = Grant(Pool.Empty, 10, LotSource.Import);
        granted.Pool.Lots.Single().Id.ShouldBe(granted.Main!.Id);
        granted.Main.Related.ShouldBe(granted.Main.Id);
    }

    [Fact]
    public void A_pool_has_a_most_of_open_lots()
    {
        var lots = Enumerable.Range(1, Pool.OpenLotsMax).Select(id => LotOf(id, 1)).ToImmutableArray();
        var full = Pool.Empty with { Lots = lots, OpenLots = Pool.OpenLotsMax, Purchased = Pool.OpenLotsMax };
        Grant(full, 1, LotSource.Purchase).Refusal.ShouldBe(LedgerRefusal.TooManyLots);
        var spent = full with { Lots = lots.SetItem(0, lots[0] with { Remaining = 0, Drawn = 1 }), OpenLots = Pool.OpenLotsMax - 1, Purchased = Pool.OpenLotsMax - 1 };
        Grant(spent, 1, LotSource.Purchase).Refusal.ShouldBe(LedgerRefusal.None);
    }

    [Fact]
    public void A_pool_has_a_most_of_credits_those_for_later_and_on_hold_included()
    {
        var waiting = LotOf(1, Amount.PoolMax - 10) with { Active = false, EffectiveAt = new Instant(500) };
        var held = LotOf(2, 4) with { Remaining = 0, Held = 4 };
        var hold = new Hold { Id = 3, Amount = 4, Draw = Draw.Parse("l2:4"), ExpiresAt = new Instant(900), PlacedAt = new Instant(1) };
        var pool = Pool.Empty with { Lots = [held, waiting], Holds = [hold], Held = 4 };
        Grant(pool, 7, LotSource.Purchase).Refusal.ShouldBe(LedgerRefusal.PoolFull);
        Grant(pool, 6, LotSource.Purchase).Refusal.ShouldBe(LedgerRefusal.None);
    }

    private static LedgerDecision Grant(Pool pool, long amount, LotSource source) => Domain.Ledger.Grant.Decide(
        pool, NoAllowance, amount, source, Lot.PriorityDefault, Instant.Always, Instant.Never, Note.None, new Instant(10));

    private static Lot LotOf(long id, long units) => new()
    {
        Id = id, Source = LotSource.Purchase, Priority = Lot.PriorityDefault, EffectiveAt = new Instant(1), ExpiresAt = Instant.Never,
        Granted = units, Remaining = units, Active = true,
    };
}
