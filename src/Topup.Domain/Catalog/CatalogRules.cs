namespace Topup.Domain.Catalog;

/// <summary>What may be changed in a catalogue, and what may be taken out of it.</summary>
public static class CatalogRules
{
    public const int TypesMax = 200;
    public const int PlansMax = 500;
    public const int PacksMax = 2_000;
    public const int AddOnsMax = 500;

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

    /// <summary>A credit type stays while anything counts in it.</summary>
    public static CatalogRefusal DeleteType(CatalogSnapshot catalog, string code, bool hasPools)
    {
        if (catalog.Packs.Values.Any(pack => pack.Type == code)) return CatalogRefusal.TypeInPack;
        if (catalog.AddOns.Values.Any(addOn => addOn.Type == code)) return CatalogRefusal.TypeInAddOn;
        if (catalog.Plans.Values.Any(plan => Names(plan, code))) return CatalogRefusal.TypeInPlan;
        if (catalog.Types.Values.Any(type => type.CampaignPool == code)) return CatalogRefusal.TypeIsCampaignPool;
        return hasPools ? CatalogRefusal.TypeHasPools : CatalogRefusal.None;
    }

    /// <summary>An add-on stays while a tenant has it, be it waiting or suspended.</summary>
    public static CatalogRefusal DeleteAddOn(bool hasTenants) => hasTenants ? CatalogRefusal.AddOnHasTenants : CatalogRefusal.None;

    /// <summary>A plan stays while a tenant is on it, or a pack or an add-on is offered to it.</summary>
    public static CatalogRefusal DeletePlan(CatalogSnapshot catalog, string code, bool hasTenants)
    {
        if (hasTenants) return CatalogRefusal.PlanHasTenants;
        if (catalog.AddOns.Values.Any(addOn => addOn.Plans is { } plans && plans.Contains(code))) return CatalogRefusal.PlanInAddOn;
        return catalog.Packs.Values.Any(pack => pack.Plans is { } plans && plans.Contains(code))
            ? CatalogRefusal.PlanInPack
            : CatalogRefusal.None;
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
    TypeInPack,
    TypeInAddOn,
    TypeInPlan,
    TypeIsCampaignPool,
    TypeHasPools,
    PlanHasTenants,
    PlanInAddOn,
    PlanInPack,
    AddOnHasTenants,
}
