using System.Collections.Immutable;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Domain.Checkout;

/// <summary>
/// Whether a tenant is offered to buy credits of a type, and everything that this depends on: the button of the portal stands
/// there when all of it holds, and the operator is told which of it does not.
/// </summary>
public sealed record TopUpOffer(ImmutableArray<TopUpCondition> Conditions)
{
    /// <summary>All that is needed holds.</summary>
    public bool IsMade => Conditions.All(condition => condition.Holds);

    /// <param name="terms">Those of the tenant's pool now.</param>
    /// <param name="plan">Code of the tenant's plan; null: none.</param>
    /// <param name="driver">Who sends what the credits are spent on.</param>
    /// <param name="methods">The ways to pay that buyers are offered.</param>
    public static TopUpOffer Of(CreditType type, Terms terms, string? plan, DriverState driver, IEnumerable<Pack> packs, IReadOnlyCollection<string> methods) => new(
    [
        new(TopUpNeed.TypeEnabled, !terms.TypeDisabled),
        new(TopUpNeed.TenantNotSuspended, !terms.TenantSuspended),
        new(TopUpNeed.PlanNotLapsed, !terms.Frozen),
        new(TopUpNeed.DriverWorks, driver != DriverState.Broken),
        new(TopUpNeed.PlanAllows, !terms.NotForSale),
        new(TopUpNeed.NotUnlimited, terms.Limit is not null),
        // Money is sold by the amount, for just as much.
        new(TopUpNeed.PackForSale, type.Currency is not null || packs.Any(pack => pack.Type == type.Code && pack.IsSoldTo(plan))),
        new(TopUpNeed.MethodReady, methods.Any(method => Pays(method, type))),
    ]);

    /// <summary>A balance is not filled out of a balance.</summary>
    private static bool Pays(string method, CreditType type) => method != PaymentMethod.Balance || type.Currency is null;
}

/// <summary>One thing that a top-up depends on.</summary>
public readonly record struct TopUpCondition(TopUpNeed Need, bool Holds);

/// <summary>What must hold before credits are offered, in the order in which it is told.</summary>
public enum TopUpNeed
{
    /// <summary>The operator has not disabled the credit type.</summary>
    TypeEnabled,
    TenantNotSuspended,

    /// <summary>The plan is paid, where the type needs one.</summary>
    PlanNotLapsed,

    /// <summary>What the credits are spent on can be sent.</summary>
    DriverWorks,
    PlanAllows,

    /// <summary>The plan does not include as much as one likes.</summary>
    NotUnlimited,
    PackForSale,
    MethodReady,
}

/// <summary>Who sends over the channel of a credit type.</summary>
public enum DriverState
{
    /// <summary>Not this server: the type has no channel, or no driver of it was ever made.</summary>
    None,

    /// <summary>A driver that is switched on and has all it needs.</summary>
    Works,

    /// <summary>There are drivers, and none of them sends.</summary>
    Broken,
}
