using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

/// <summary>What entries amount to as use, and how a price of a rate card goes through them.</summary>
public sealed class UsageTests
{
    private static readonly Instant Now = new(1_800_000_000_000);
    private static readonly Terms Sessions = new() { Period = new(1, Instant.Always, Instant.Never), Limit = 40_000, Decimals = 3, UnitCost = 500_000 };

    [Fact]
    public void A_priced_use_counts_its_quantity_and_what_it_drew_from_where()
    {
        var pool = Granted(5_000);
        var main = Consumption.Decide(pool, Sessions, 42_500, cap: false, Priced(850, 50), Now).Main!;

        UsageCount.Of(main).ShouldBe(new UsageCount(850, 40_000, 2_500, 0, 0, 21_250_000));
        main.Note.Pricing.ShouldBe(new Pricing(850, 50));
    }

    [Fact]
    public void Own_cost_goes_by_uses_where_the_rate_says_what_one_costs()
    {
        var main = Consumption.Decide(Granted(0), Sessions, 150, cap: false, Priced(3, 50) with { Pricing = new Pricing(3, 50, 12_345) }, Now).Main!;

        UsageCount.Of(main).Cost.ShouldBe(37_035);
    }

    [Fact]
    public void A_capped_use_that_a_card_priced_takes_whole_uses_only()
    {
        var terms = Sessions with { Limit = 120 };
        var decision = Consumption.Decide(Pool.Empty, terms, 250, cap: true, Priced(5, 50), Now);

        decision.Main!.Amount.ShouldBe(100);
        decision.Main.Note.Pricing.Quantity.ShouldBe(2);
        decision.Shortfall.ShouldBe(150);
        Consumption.Decide(Pool.Empty, terms with { Limit = 49 }, 50, cap: true, Priced(1, 50), Now).Refusal.ShouldBe(LedgerRefusal.InsufficientCredits);
    }

    [Fact]
    public void A_free_use_is_counted_and_takes_nothing()
    {
        var main = Consumption.Decide(Pool.Empty, Sessions with { Limit = 0, UnitCost = 0 }, 0, cap: false, Priced(2, 0), Now).Main!;

        UsageCount.Of(main).ShouldBe(new UsageCount(2, 0, 0, 0, 0, 0));
        main.After.ShouldBe(main.Before);
    }

    [Fact]
    public void What_ends_a_hold_is_the_same_use_as_the_hold()
    {
        var note = Priced(1, 1_000) with { Subject = "line 1", UsageType = "call", Pricing = new Pricing(1, 1_000, null, 300) };
        var held = Hold.Place(Granted(0), Sessions, 1_000, cap: false, Now.Plus(TimeSpan.FromMinutes(10)), note, Now);
        held.Pool.Holds[0].Pricing.SecondsAllowed.ShouldBe(300);
        var id = held.Main!.Related;

        var captured = Hold.Capture(held.Pool, Sessions, id, default(CaptureAmount), Note.None, Now).Main!;
        (captured.Amount, captured.Note.Subject, captured.Note.UsageType, captured.Note.Pricing.Quantity).ShouldBe((1_000, "line 1", "call", 1));
        var twice = Hold.Capture(held.Pool, Sessions, id, new CaptureAmount(null, 2), Note.None, Now).Main!;
        (twice.Amount, UsageCount.Of(twice).Uses).ShouldBe((2_000, 2));
        var nothing = Hold.Capture(held.Pool, Sessions, id, new CaptureAmount(null, 0), Note.None, Now).Main!;
        UsageCount.Of(nothing).ShouldBe(default);
        var released = Hold.Release(held.Pool, Sessions, id, Note.None, Now).Main!;
        (released.Note.Subject, released.Note.UsageType).ShouldBe(("line 1", "call"));
        var expired = Settlement.Decide(held.Pool, Sessions, Now.Plus(TimeSpan.FromHours(1))).Entries.ShouldHaveSingleItem();
        (expired.Note.Subject, expired.Note.UsageType, UsageCount.Of(expired)).ShouldBe(("line 1", "call", default));
    }

    [Fact]
    public void Uses_cannot_be_captured_of_a_hold_that_was_placed_for_an_amount()
    {
        var held = Hold.Place(Granted(0), Sessions, 1_000, cap: false, Now.Plus(TimeSpan.FromMinutes(10)), Note.None, Now);

        Hold.Capture(held.Pool, Sessions, held.Main!.Related, new CaptureAmount(null, 1), Note.None, Now).Refusal.ShouldBe(LedgerRefusal.HoldNotPriced);
    }

    [Fact]
    public void Reversals_of_parts_give_back_the_whole_cost_in_the_end_and_never_more()
    {
        var use = Consumption.Decide(Granted(0), Sessions, 1_000, cap: false, Priced(7, 100) with { Pricing = new Pricing(7, 100, 1_001) }, Now);
        var (pool, cost, reversed) = (use.Pool, 0L, 0L);
        foreach (var part in (ReadOnlySpan<long>)[333, 333, 333, 1])
        {
            var reversal = Reversal.Decide(pool, Sessions, use.Main, reversed, part, Note.None, Now);
            (pool, cost, reversed) = (reversal.Pool, cost + reversal.Main!.Cost, reversed + part);
            (-cost).ShouldBeLessThanOrEqualTo(use.Main!.Cost);
        }

        cost.ShouldBe(-7_007);
    }

    [Fact]
    public void A_price_of_more_than_one_request_may_spend_has_no_total()
    {
        new Pricing(Pricing.QuantityMax, Amount.Max).Total.ShouldBeNull();
        new Pricing(1, Amount.Max).Total.ShouldBe(Amount.Max);
    }

    private static Note Priced(long quantity, long rate) => Note.None with { Pricing = new Pricing(quantity, rate) };

    private static Pool Granted(long units) => units == 0 ? Pool.Empty : Grant.Decide(
        Pool.Empty, Sessions, units, LotSource.Purchase, 50, Instant.Always, Instant.Never, Note.None, Now).Pool;
}
