namespace Topup.Domain.Catalog;

/// <summary>What may be changed in a catalogue, and what may be taken out of it.</summary>
public static class CatalogRules
{
    public const int TypesMax = 200;
    public const int PlansMax = 500;
    public const int PacksMax = 2_000;
    public const int AddOnsMax = 500;
    public const int RateCardsMax = 2_000;

    /// <summary>On all rate cards together: every server holds all of them, and reads them anew after each change.</summary>
    public const int RatesMax = 50_000;

    /// <summary>How far the clock of whoever dates a rate card may be behind.</summary>
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(30);

    public static CatalogRefusal Save(CatalogSnapshot catalog, CreditType wanted)
    {
        if (!catalog.Types.TryGetValue(wanted.Code, out var current))
            return catalog.Types.Count < TypesMax ? CatalogRefusal.None : CatalogRefusal.CatalogFull;
        if (current.Decimals != wanted.Decimals) return CatalogRefusal.TypeDecimalsLocked;
        if (current.Currency != wanted.Currency) return CatalogRefusal.TypeCurrencyLocked;
        return CatalogRefusal.None;
    }

    public static CatalogRefusal Save(CatalogSnapshot catalog, Plan wanted) =>
        catalog.Plans.ContainsKey(wanted.Code) || catalog.Plans.Count < PlansMax
            ? CatalogRefusal.None
            : CatalogRefusal.CatalogFull;

    public static CatalogRefusal Save(CatalogSnapshot catalog, Pack wanted)
    {
        if (!catalog.Packs.TryGetValue(wanted.Code, out var current))
            return catalog.Packs.Count < PacksMax ? CatalogRefusal.None : CatalogRefusal.CatalogFull;
        if (current.Type != wanted.Type) return CatalogRefusal.PackTypeLocked;
        if (current.Currency != wanted.Currency) return CatalogRefusal.PackCurrencyLocked;
        if (current.Price != wanted.Price) return CatalogRefusal.PackPriceLocked;
        if (current.Credits != wanted.Credits) return CatalogRefusal.PackCreditsLocked;
        if (current.Custom is null != wanted.Custom is null) return CatalogRefusal.PackCustomLocked;
        return CatalogRefusal.None;
    }

    public static CatalogRefusal Save(CatalogSnapshot catalog, AddOn wanted)
    {
        if (!catalog.AddOns.TryGetValue(wanted.Code, out var current))
            return catalog.AddOns.Count < AddOnsMax ? CatalogRefusal.None : CatalogRefusal.CatalogFull;
        return current.Type == wanted.Type ? CatalogRefusal.None : CatalogRefusal.AddOnTypeLocked;
    }

    /// <summary>
    /// A card that has begun never changes, and none begins before now or together with another of its plan: so what a use
    /// costs at a moment is said once, and never again differently.
    /// </summary>
    public static CatalogRefusal Save(CatalogSnapshot catalog, RateCard wanted, Instant now)
    {
        var current = catalog.RateCards.GetValueOrDefault(wanted.Code);
        if (wanted == current) return CatalogRefusal.None;
        var others = catalog.RateCards.Values.Where(card => card.Code != wanted.Code).ToList();
        if (others.Count >= RateCardsMax || others.Sum(card => card.Rates.Length) + wanted.Rates.Length > RatesMax) return CatalogRefusal.CatalogFull;
        if (current is not null && current.HasBegun(now)) return CatalogRefusal.RateCardInEffect;
        if (wanted.EffectiveFrom < now.Plus(-ClockDifferenceMax)) return CatalogRefusal.RateCardInPast;
        return others.Any(card => card.Plan == wanted.Plan && card.EffectiveFrom == wanted.EffectiveFrom)
            ? CatalogRefusal.RateCardDateTaken
            : CatalogRefusal.None;
    }

    /// <summary>Only a card that has not begun can be deleted: what was used since then was priced by it.</summary>
    public static CatalogRefusal DeleteRateCard(RateCard card, Instant now) =>
        card.HasBegun(now) ? CatalogRefusal.RateCardInEffect : CatalogRefusal.None;

    /// <summary>A credit type stays while anything counts in it.</summary>
    public static CatalogRefusal DeleteType(CatalogSnapshot catalog, string code, bool hasPools)
    {
        if (catalog.Packs.Values.Any(pack => pack.Type == code)) return CatalogRefusal.TypeInPack;
        if (catalog.AddOns.Values.Any(addOn => addOn.Type == code)) return CatalogRefusal.TypeInAddOn;
        if (catalog.Plans.Values.Any(plan => Names(plan, code))) return CatalogRefusal.TypeInPlan;
        if (catalog.Types.Values.Any(type => type.CampaignPool == code)) return CatalogRefusal.TypeIsCampaignPool;
        if (catalog.RateCards.Values.Any(card => card.Names(code))) return CatalogRefusal.TypeInRateCard;
        return hasPools ? CatalogRefusal.TypeHasPools : CatalogRefusal.None;
    }

    /// <summary>An add-on stays while a tenant has it, be it waiting or suspended.</summary>
    public static CatalogRefusal DeleteAddOn(bool hasTenants) => hasTenants ? CatalogRefusal.AddOnHasTenants : CatalogRefusal.None;

    /// <summary>A plan stays while a tenant is on it, a pack or an add-on is offered to it, or a rate card prices it.</summary>
    public static CatalogRefusal DeletePlan(CatalogSnapshot catalog, string code, bool hasTenants)
    {
        if (hasTenants) return CatalogRefusal.PlanHasTenants;
        if (catalog.Packs.Values.Any(pack => pack.Plans is { } plans && plans.Contains(code))) return CatalogRefusal.PlanInPack;
        if (catalog.AddOns.Values.Any(addOn => addOn.Plans is { } plans && plans.Contains(code))) return CatalogRefusal.PlanInAddOn;
        return catalog.RateCards.Values.Any(card => card.Plan == code) ? CatalogRefusal.PlanInRateCard : CatalogRefusal.None;
    }

    private static bool Names(Plan plan, string type) =>
        plan.Allowances.ContainsKey(type) || plan.Rollover.ContainsKey(type) || (plan.TopUp?.Contains(type) ?? false);
}

/// <summary>Why a change of the catalogue is refused, in check order.</summary>
public enum CatalogRefusal
{
    None,
    CatalogFull,
    TypeDecimalsLocked,
    TypeCurrencyLocked,
    PackTypeLocked,
    PackCurrencyLocked,
    PackPriceLocked,
    PackCreditsLocked,
    PackCustomLocked,
    AddOnTypeLocked,
    RateCardInEffect,
    RateCardInPast,
    RateCardDateTaken,
    TypeInPack,
    TypeInAddOn,
    TypeInPlan,
    TypeIsCampaignPool,
    TypeInRateCard,
    TypeHasPools,
    PlanHasTenants,
    PlanInPack,
    PlanInAddOn,
    AddOnHasTenants,
    PlanInRateCard,
}
