using System.Collections.Frozen;
using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class CatalogRulesTests
{
    private static readonly CreditType Sms = new()
    {
        Code = "sms",
        Name = "SMS",
        Unit = "message",
        Decimals = 0,
        Enabled = true,
        NeedsActivePlan = true,
        DebtLimit = 0,
    };

    private static readonly CreditType Money = Sms with { Code = "balance", Decimals = 2, Currency = "USD" };

    private static readonly Plan Starter = new()
    {
        Code = "starter",
        Name = "Starter",
        Allowances = new Dictionary<string, long?> { ["sms"] = 500 }.ToFrozenDictionary(),
        Rollover = FrozenDictionary<string, Rollover>.Empty,
    };

    private static readonly Pack Small = new()
    {
        Code = "small",
        Type = "sms",
        Name = "Small",
        Price = 10_00,
        Currency = "USD",
        Credits = 500,
        Active = true,
    };

    private static readonly Instant Now = new(1_800_000_000_000);

    private static readonly Rate Priced = new() { UsageType = "message", Type = "sms", Price = 1 };

    private static readonly RateCard Card = new() { Code = "card", Plan = "starter", EffectiveFrom = Now, Rates = [Priced] };

    private static readonly RateCard Later = Card with { Code = "later", EffectiveFrom = Now.Plus(TimeSpan.FromDays(30)) };

    private static readonly CatalogSnapshot Full = new(1, [Sms, Money], [Starter], [Small], [], []);

    [Fact]
    public void A_new_thing_may_be_anything()
    {
        CatalogRules.Save(CatalogSnapshot.Empty, Sms).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(CatalogSnapshot.Empty, Starter).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(CatalogSnapshot.Empty, Small).ShouldBe(CatalogRefusal.None);
    }

    [Fact]
    public void What_amounts_are_counted_in_is_locked()
    {
        CatalogRules.Save(Full, Sms with { Decimals = 1 }).ShouldBe(CatalogRefusal.TypeDecimalsLocked);
        CatalogRules.Save(Full, Money with { Currency = "EUR" }).ShouldBe(CatalogRefusal.TypeCurrencyLocked);
        CatalogRules.Save(Full, Sms with { Currency = "JPY" }).ShouldBe(CatalogRefusal.TypeCurrencyLocked);
        CatalogRules.Save(Full, Sms with { Name = "Text", Unit = "text", Enabled = false, DebtLimit = 5, LowPercent = 10, LowAmount = 3 })
            .ShouldBe(CatalogRefusal.None);
    }

    [Fact]
    public void What_a_pack_is_worth_is_locked()
    {
        CatalogRules.Save(Full, Small with { Type = "balance" }).ShouldBe(CatalogRefusal.PackTypeLocked);
        CatalogRules.Save(Full, Small with { Currency = "EUR" }).ShouldBe(CatalogRefusal.PackCurrencyLocked);
        CatalogRules.Save(Full, Small with { Price = 9_99 }).ShouldBe(CatalogRefusal.PackPriceLocked);
        CatalogRules.Save(Full, Small with { Credits = 501 }).ShouldBe(CatalogRefusal.PackCreditsLocked);
        CatalogRules.Save(Full, Small with { Name = "Tiny", Description = "New", Active = false, Plans = FrozenSet.Create("starter") })
            .ShouldBe(CatalogRefusal.None);
    }

    [Fact]
    public void A_pack_stays_fixed_or_custom_but_its_bounds_and_bonuses_may_change()
    {
        var custom = Small with { Code = "any", Custom = new CustomAmount(1_00, 100_00, [new Bonus(50_00, 10)]) };
        var catalog = new CatalogSnapshot(1, [Sms], [], [Small, custom], [], []);
        CatalogRules.Save(catalog, Small with { Custom = custom.Custom }).ShouldBe(CatalogRefusal.PackCustomLocked);
        CatalogRules.Save(catalog, custom with { Custom = null }).ShouldBe(CatalogRefusal.PackCustomLocked);
        CatalogRules.Save(catalog, custom with { Credits = 501, Custom = null }).ShouldBe(CatalogRefusal.PackCreditsLocked);
        CatalogRules.Save(catalog, custom with { Custom = new CustomAmount(2_00, 50_00, []) }).ShouldBe(CatalogRefusal.None);
    }

    [Fact]
    public void What_is_in_use_stays()
    {
        var notInPacks = new CatalogSnapshot(1, [Sms], [Starter], [], [], []);
        var campaigns = new CatalogSnapshot(1, [Sms, Money with { CampaignPool = "sms" }], [], [], [], []);
        CatalogRules.DeleteType(Full, "sms", hasPools: false).ShouldBe(CatalogRefusal.TypeInPack);
        CatalogRules.DeleteType(notInPacks, "sms", hasPools: false).ShouldBe(CatalogRefusal.TypeInPlan);
        CatalogRules.DeleteType(campaigns, "sms", hasPools: false).ShouldBe(CatalogRefusal.TypeIsCampaignPool);
        CatalogRules.DeleteType(Full, "balance", hasPools: true).ShouldBe(CatalogRefusal.TypeHasPools);
        CatalogRules.DeleteType(Full, "balance", hasPools: false).ShouldBe(CatalogRefusal.None);

        var sold = new CatalogSnapshot(1, [Sms], [Starter], [Small with { Plans = FrozenSet.Create("starter") }], [], []);
        CatalogRules.DeletePlan(Full, "starter", hasTenants: true).ShouldBe(CatalogRefusal.PlanHasTenants);
        CatalogRules.DeletePlan(sold, "starter", hasTenants: false).ShouldBe(CatalogRefusal.PlanInPack);
        CatalogRules.DeletePlan(Full, "starter", hasTenants: false).ShouldBe(CatalogRefusal.None);

        var bot = new AddOn { Code = "bot", Type = "balance", Name = "Bot", Price = 30_00, Active = true, Plans = FrozenSet.Create("starter") };
        var added = new CatalogSnapshot(1, [Sms, Money], [Starter], [], [], [bot]);
        CatalogRules.DeleteType(added, "balance", hasPools: false).ShouldBe(CatalogRefusal.TypeInAddOn);
        CatalogRules.DeletePlan(added, "starter", hasTenants: false).ShouldBe(CatalogRefusal.PlanInAddOn);
        CatalogRules.DeleteAddOn(hasTenants: true).ShouldBe(CatalogRefusal.AddOnHasTenants);
        CatalogRules.DeleteAddOn(hasTenants: false).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(added, bot with { Price = 1, Active = false }).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(added, bot with { Type = "sms" }).ShouldBe(CatalogRefusal.AddOnTypeLocked);
    }

    [Fact]
    public void A_rate_card_that_has_begun_never_changes_and_is_never_deleted()
    {
        var catalog = new CatalogSnapshot(1, [Sms], [Starter], [], [Card, Later], []);
        CatalogRules.Save(catalog, Card, Now).ShouldBe(CatalogRefusal.None, "it is as it was");
        CatalogRules.Save(catalog, Card with { Rates = [Priced with { Price = 2 }] }, Now).ShouldBe(CatalogRefusal.RateCardInEffect);
        CatalogRules.Save(catalog, Card with { EffectiveFrom = Now.Plus(TimeSpan.FromDays(9)) }, Now).ShouldBe(CatalogRefusal.RateCardInEffect);
        CatalogRules.Save(catalog, Later with { Rates = [Priced with { Price = 2 }] }, Now).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(catalog, Later with { Rates = [Priced with { Price = 2 }] }, Later.EffectiveFrom).ShouldBe(CatalogRefusal.RateCardInEffect);
        CatalogRules.DeleteRateCard(Card, Now).ShouldBe(CatalogRefusal.RateCardInEffect);
        CatalogRules.DeleteRateCard(Later, Now).ShouldBe(CatalogRefusal.None);
        CatalogRules.DeleteRateCard(Later, Later.EffectiveFrom).ShouldBe(CatalogRefusal.RateCardInEffect);
    }

    [Theory]
    [InlineData(0, CatalogRefusal.None)]
    [InlineData(-30_000, CatalogRefusal.None)]
    [InlineData(-30_001, CatalogRefusal.RateCardInPast)]
    [InlineData(86_400_000, CatalogRefusal.None)]
    public void A_rate_card_begins_now_or_later_but_for_a_clock_that_differs(long milliseconds, CatalogRefusal expected)
    {
        var wanted = Card with { EffectiveFrom = new Instant(Now.UnixMs + milliseconds) };
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [Starter], [], [], []), wanted, Now).ShouldBe(expected);
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [Starter], [], [Later], []), wanted with { Code = Later.Code }, Now).ShouldBe(expected);
    }

    [Fact]
    public void Two_rate_cards_of_one_plan_never_begin_together()
    {
        var catalog = new CatalogSnapshot(1, [Sms], [Starter], [], [Later], []);
        var other = Later with { Code = "other" };
        CatalogRules.Save(catalog, other, Now).ShouldBe(CatalogRefusal.RateCardDateTaken);
        CatalogRules.Save(catalog, other with { Plan = null }, Now).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(catalog, other with { EffectiveFrom = Later.EffectiveFrom.Plus(TimeSpan.FromMilliseconds(1)) }, Now).ShouldBe(CatalogRefusal.None);
        CatalogRules.Save(catalog, Later with { Unknown = Priced }, Now).ShouldBe(CatalogRefusal.None, "it is the same card");
    }

    [Fact]
    public void What_a_rate_card_names_stays()
    {
        var catalog = new CatalogSnapshot(1, [Sms, Money], [Starter with { Allowances = FrozenDictionary<string, long?>.Empty }], [],
            [Later with { Unknown = Priced with { UsageType = "", Type = "balance" } }], []);
        CatalogRules.DeleteType(catalog, "sms", hasPools: false).ShouldBe(CatalogRefusal.TypeInRateCard);
        CatalogRules.DeleteType(catalog, "balance", hasPools: false).ShouldBe(CatalogRefusal.TypeInRateCard);
        CatalogRules.DeletePlan(catalog, "starter", hasTenants: false).ShouldBe(CatalogRefusal.PlanInRateCard);
    }

    [Fact]
    public void A_full_catalogue_takes_changes_but_nothing_new()
    {
        var many = Enumerable.Range(0, CatalogRules.TypesMax).Select(i => Sms with { Code = $"type-{i}" });
        var full = new CatalogSnapshot(1, many, [], [], [], []);
        CatalogRules.Save(full, Sms).ShouldBe(CatalogRefusal.CatalogFull);
        CatalogRules.Save(full, Sms with { Code = "type-7", Name = "Other" }).ShouldBe(CatalogRefusal.None);

        var cards = Enumerable.Range(0, CatalogRules.RateCardsMax).Select(i => Later with { Code = $"card-{i}", Plan = $"plan-{i}" }).ToList();
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [], [], cards, []), Card, Now).ShouldBe(CatalogRefusal.CatalogFull);
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [], [], cards, []), cards[7] with { Unknown = Priced }, Now).ShouldBe(CatalogRefusal.None);
        var large = Later with { Rates = [.. Enumerable.Repeat(Priced, RateCard.RatesMax)] };
        cards = [.. Enumerable.Range(0, CatalogRules.RatesMax / RateCard.RatesMax).Select(i => large with { Code = $"card-{i}", Plan = $"plan-{i}" })];
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [], [], cards, []), Card, Now).ShouldBe(CatalogRefusal.CatalogFull);
        CatalogRules.Save(new CatalogSnapshot(1, [Sms], [], [], cards, []), cards[7] with { Unknown = Priced }, Now).ShouldBe(CatalogRefusal.None);
    }

    [Theory]
    [InlineData(true, null, "starter", true)]
    [InlineData(true, null, null, true)]
    [InlineData(false, null, "starter", false)]
    [InlineData(true, "starter", "starter", true)]
    [InlineData(true, "starter", "free", false)]
    [InlineData(true, "starter", null, false)]
    public void A_pack_is_sold_to_the_plans_it_names(bool active, string? plans, string? plan, bool expected) =>
        (Small with { Active = active, Plans = plans is null ? null : FrozenSet.Create(plans) }).IsSoldTo(plan).ShouldBe(expected);

    [Fact]
    public void A_plan_without_a_list_may_top_up_everything()
    {
        Starter.MayTopUp("sms").ShouldBeTrue();
        (Starter with { TopUp = FrozenSet.Create("sms") }).MayTopUp("email").ShouldBeFalse();
        (Starter with { TopUp = FrozenSet<string>.Empty }).MayTopUp("sms").ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(57, 57)]
    [InlineData(100, 100)]
    [InlineData(250, 100)]
    public void A_rollover_carries_what_was_left_within_its_bounds(long left, long carried) =>
        new Rollover(10, 100).Carry(left).ShouldBe(carried);

    [Theory]
    [InlineData("sms-campaign_2.v1", true)]
    [InlineData("SMS", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a b", false)]
    public void A_code_is_of_its_alphabet(string? code, bool expected) => Code.IsValid(code).ShouldBe(expected);
}
