using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Server.Http;

namespace Topup.Server.Catalog;

internal static class CatalogProblems
{
    /// <summary>A refusal of the rules on the wire.</summary>
    public static Problem Of(CatalogRefusal refusal, string code) => refusal switch
    {
        CatalogRefusal.None => throw new ArgumentOutOfRangeException(nameof(refusal)),
        CatalogRefusal.CatalogFull => Conflict(ProblemCodes.CatalogFull,
            $"The catalogue holds at most {CatalogRules.TypesMax} credit types, {CatalogRules.PlansMax} plans, " +
            $"{CatalogRules.PacksMax} packs, {CatalogRules.RateCardsMax} rate cards with {CatalogRules.RatesMax} rates in all and " +
            $"{CatalogRules.AddOnsMax} add-ons. Delete one that is not in use."),
        CatalogRefusal.TypeDecimalsLocked => TypeLocked(code, "decimals"),
        CatalogRefusal.TypeCurrencyLocked => TypeLocked(code, "currency"),
        CatalogRefusal.PackTypeLocked => PackLocked(code, "type"),
        CatalogRefusal.PackCurrencyLocked => PackLocked(code, "currency"),
        CatalogRefusal.PackPriceLocked => PackLocked(code, "price"),
        CatalogRefusal.PackCreditsLocked => PackLocked(code, "credits"),
        CatalogRefusal.PackCustomLocked => Conflict(ProblemCodes.PackLocked,
            $"Whether buyers of {code} choose the amount cannot be changed. Make a new pack and set active = false on this one.", "custom"),
        CatalogRefusal.AddOnTypeLocked => Conflict(ProblemCodes.AddOnLocked,
            $"The type of {code} cannot be changed, because tenants were charged in it. Make a new add-on and set active = false on this one.", "type"),
        CatalogRefusal.TypeInAddOn => InUse($"An add-on is paid with {code}. Delete the add-on first, or disable the credit type."),
        CatalogRefusal.RateCardInEffect => Conflict(ProblemCodes.RateCardInEffect,
            $"The rate card {code} has begun, so that it can never be changed or deleted: uses were priced by it. " +
            "Make another card for the same plan with a later effective_from; it takes over then.", "code"),
        CatalogRefusal.RateCardInPast => Problems.Invalid("effective_from", "effective_from must not be before now. Leave it out to begin now."),
        CatalogRefusal.RateCardDateTaken => Conflict(ProblemCodes.RateCardDateTaken,
            "Another rate card of the same plan begins at the same moment. Change that one, or begin at another.", "effective_from"),
        CatalogRefusal.TypeInPack => InUse($"A pack contains {code}. Delete the pack first, or disable the credit type."),
        CatalogRefusal.TypeInPlan => InUse($"A plan names {code}. Take it out of the plan first, or disable the credit type."),
        CatalogRefusal.TypeIsCampaignPool => InUse($"Another credit type has {code} as its campaign pool. Change that one first."),
        CatalogRefusal.TypeInRateCard => InUse($"A rate card has a price in {code}. Disable the credit type instead: enabled = false."),
        CatalogRefusal.TypeHasPools => InUse($"Tenants have, or had, credits of {code}. Disable it instead: enabled = false."),
        CatalogRefusal.PlanHasTenants => InUse($"Tenants are on the plan {code}. Move them to another plan first."),
        CatalogRefusal.PlanInAddOn => InUse($"An add-on is offered to the plan {code}. Take it out of the add-on's plans first."),
        CatalogRefusal.AddOnHasTenants => InUse($"Tenants have the add-on {code}. Set active = false, so that nobody else enables it, until they have disabled it."),
        CatalogRefusal.PlanInPack => InUse($"A pack is sold to the plan {code}. Take it out of the pack's plans first."),
        CatalogRefusal.PlanInRateCard => InUse($"A rate card prices the plan {code}. A card that has not begun can be deleted first; one that has begun stays."),
    };

    public static Problem TypeUnknown(string field, string code) => Problems.Of(StatusCodes.Status400BadRequest,
        ProblemCodes.TypeUnknown, $"There is no credit type {code}. Create it with PUT /v1/credit-types/{{code}}.", field);

    public static Problem PlanUnknown(string field, string code) => Problems.Of(StatusCodes.Status400BadRequest,
        ProblemCodes.PlanUnknown, $"There is no plan {code}. Create it with PUT /v1/plans/{{code}}.", field);

    public static Problem NoType() => NotFound(ProblemCodes.TypeUnknown, "There is no credit type with this code.");

    public static Problem NoPlan() => NotFound(ProblemCodes.PlanUnknown, "There is no plan with this code.");

    public static Problem NoPack() => NotFound(ProblemCodes.PackUnknown, "There is no pack with this code.");

    public static Problem NoAddOn() => NotFound(ProblemCodes.AddOnUnknown, "There is no add-on with this code.");

    public static Problem NoRateCard() => NotFound(ProblemCodes.RateCardUnknown, "There is no rate card with this code.");

    private static Problem TypeLocked(string code, string field) => Conflict(ProblemCodes.CreditTypeLocked,
        $"The {field} of {code} cannot be changed, because stored amounts are counted in it. Make a new credit type.", field);

    private static Problem PackLocked(string code, string field) => Conflict(ProblemCodes.PackLocked,
        $"The {field} of {code} cannot be changed, so that a pack means the same in an old receipt as in the shop. " +
        "Make a new pack and set active = false on this one.", field);

    private static Problem InUse(string detail) => Conflict(ProblemCodes.InUse, detail, "code");

    private static Problem Conflict(string problem, string detail, string? field = null) =>
        Problems.Of(StatusCodes.Status409Conflict, problem, detail, field);

    private static Problem NotFound(string problem, string detail) =>
        Problems.Of(StatusCodes.Status404NotFound, problem, detail, "code");
}
