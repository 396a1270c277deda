using System.Collections.Frozen;
using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class RateCardTests
{
    private static readonly Instant Monday = new(1_800_000_000_000);
    private static readonly Instant Tuesday = Monday.Plus(TimeSpan.FromDays(1));

    /// <summary>Budgets and prices in thousandths of a credit, as a pool with 3 decimals counts.</summary>
    [Theory]
    [InlineData("starter", "ai_session", 50, 100, 800)]
    [InlineData("starter", "session", 25, 200, 1_600)]
    [InlineData("premium", "ai_session", 40, 125, 7_000)]
    [InlineData("premium", "session", 20, 250, 14_000)]
    public void Five_credits_and_a_budget_are_so_many_sessions(string plan, string usageType, long price, long forFive, long forBudget)
    {
        var budget = plan == "starter" ? 40_000 : 280_000;
        var catalog = Catalog(
            Card("starter", "starter", Monday, Rate("ai_session", 50), Rate("session", 25)),
            Card("premium", "premium", Monday, Rate("ai_session", 40), Rate("session", 20)));

        var rate = catalog.RateOf(plan, usageType, null, Monday)!;

        rate.Price.ShouldBe(price);
        rate.UsesFor(5_000).ShouldBe(forFive);
        rate.UsesFor(budget).ShouldBe(forBudget);
    }

    [Theory]
    [InlineData(50, 49, 0)]
    [InlineData(50, 50, 1)]
    [InlineData(50, 99, 1)]
    [InlineData(1, 0, 0)]
    public void A_use_that_is_not_paid_whole_is_none(long price, long units, long uses) => Rate("x", price).UsesFor(units).ShouldBe(uses);

    [Fact]
    public void Of_what_is_free_there_is_no_end() => Rate("x", 0).UsesFor(0).ShouldBeNull();

    [Fact]
    public void The_rate_with_the_most_dimensions_that_all_apply_is_the_price()
    {
        var card = Card("c", null, Monday,
            Rate("sms", 10), Rate("sms", 20, ("country", "BR")), Rate("sms", 30, ("country", "BR"), ("route", "fast")), Rate("sms", 25, ("country", "US")));

        long? Price(params (string Name, string Value)[] said) =>
            card.RateOf("sms", said.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal))?.Price;
        Price().ShouldBe(10);
        card.RateOf("sms", null)!.Price.ShouldBe(10);
        Price(("country", "BR")).ShouldBe(20);
        Price(("country", "US"), ("route", "fast")).ShouldBe(25);
        Price(("route", "fast")).ShouldBe(10);
        Price(("route", "fast"), ("country", "BR"), ("hour", "3")).ShouldBe(30);
        Price(("country", "br")).ShouldBe(10);
    }

    [Fact]
    public void What_the_card_does_not_name_is_priced_by_its_default_or_not_at_all()
    {
        var card = Card("c", null, Monday, Rate("sms", 10, ("country", "BR")));
        card.RateOf("fax", null).ShouldBeNull();
        card.RateOf("sms", null).ShouldBeNull();
        var open = card with { Unknown = Rate("", 7) };
        open.RateOf("fax", null)!.Price.ShouldBe(7);
        open.RateOf("sms", null)!.Price.ShouldBe(7);
    }

    [Fact]
    public void Two_rates_that_could_price_one_use_alike_clash()
    {
        Clash(Rate("sms", 1), Rate("sms", 2)).ShouldBe((0, 1));
        Clash(Rate("sms", 1), Rate("fax", 2)).ShouldBeNull();
        Clash(Rate("sms", 1), Rate("sms", 2, ("country", "BR"))).ShouldBeNull();
        Clash(Rate("sms", 1, ("country", "BR")), Rate("sms", 2, ("country", "US"))).ShouldBeNull();
        Clash(Rate("sms", 1, ("country", "BR")), Rate("fax", 1), Rate("sms", 2, ("model", "x"))).ShouldBe((0, 2));
        Clash(Rate("sms", 1, ("country", "BR"), ("model", "x")), Rate("sms", 2, ("country", "BR"), ("route", "y"))).ShouldBe((0, 1));
        Clash(Rate("sms", 1, ("country", "BR"), ("model", "x")), Rate("sms", 2, ("country", "US"), ("route", "y"))).ShouldBeNull();
    }

    [Fact]
    public void The_card_in_effect_is_the_last_of_the_plan_that_has_begun_else_that_of_no_plan()
    {
        var catalog = Catalog(
            Card("all", null, Monday, Rate("x", 1)), Card("old", "starter", Tuesday, Rate("x", 2)),
            Card("new", "starter", Tuesday.Plus(TimeSpan.FromDays(1)), Rate("x", 3)));

        catalog.RateCardOf("starter", new Instant(Monday.UnixMs - 1)).ShouldBeNull();
        catalog.RateCardOf("starter", Monday)!.Code.ShouldBe("all");
        catalog.RateCardOf("starter", Tuesday)!.Code.ShouldBe("old");
        catalog.RateCardOf("starter", Tuesday.Plus(TimeSpan.FromDays(1)))!.Code.ShouldBe("new");
        catalog.RateCardOf("premium", Tuesday.Plus(TimeSpan.FromDays(1)))!.Code.ShouldBe("all");
        catalog.RateCardOf(null, Tuesday)!.Code.ShouldBe("all");
    }

    [Fact]
    public void Cards_that_say_the_same_are_equal()
    {
        var card = Card("c", "starter", Monday, Rate("sms", 1, ("country", "BR"), ("model", "x")));
        card.ShouldBe(Card("c", "starter", Monday, Rate("sms", 1, ("model", "x"), ("country", "BR"))));
        card.ShouldNotBe(Card("c", "starter", Monday, Rate("sms", 1, ("country", "BR"))));
        card.ShouldNotBe(Card("c", "starter", Monday, Rate("sms", 1, ("country", "BR"), ("model", "y"))));
        card.ShouldNotBe(card with { Rates = [.. card.Rates, Rate("fax", 1)] });
        card.ShouldNotBe(card with { Unknown = Rate("", 1) });
        card.ShouldNotBe(card with { Rates = [card.Rates[0] with { UnitCost = 1 }] });
        card.ShouldNotBe(card with { Rates = [card.Rates[0] with { Seconds = 1 }] });
    }

    private static (int, int)? Clash(params Rate[] rates) => Card("c", null, Monday, rates).FirstClash();

    private static RateCard Card(string code, string? plan, Instant from, params Rate[] rates) =>
        new() { Code = code, Plan = plan, EffectiveFrom = from, Rates = [.. rates] };

    private static Rate Rate(string usageType, long price, params (string Name, string Value)[] dimensions) => new()
    {
        UsageType = usageType, Type = "sessions", Price = price,
        Dimensions = dimensions.ToFrozenDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
    };

    private static CatalogSnapshot Catalog(params RateCard[] cards) => new(1, [], [], [], cards, []);
}
