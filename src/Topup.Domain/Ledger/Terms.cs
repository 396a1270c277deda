using Topup.Domain.Catalog;
using Topup.Domain.Tenancy;

namespace Topup.Domain.Ledger;

/// <summary>What the tenant, its plan and the credit type say about one pool at one moment.</summary>
public sealed record Terms
{
    public required BillingPeriod Period { get; init; }

    /// <summary>Allowance per period; null: unlimited; 0: none.</summary>
    public required long? Limit { get; init; }

    public Rollover Rollover { get; init; }
    public bool TenantSuspended { get; init; }
    public bool TypeDisabled { get; init; }

    /// <summary>The plan has lapsed and the type needs an active one: nothing is lost, nothing can be spent.</summary>
    public bool Frozen { get; init; }

    /// <summary>The plan does not let the tenant buy credits of the type.</summary>
    public bool NotForSale { get; init; }

    /// <summary>How much debt a capture beyond its hold may leave; 0: none.</summary>
    public long DebtLimit { get; init; }

    /// <summary>Low when the total is at or below this share of the last refill; null: no such mark.</summary>
    public int? LowPercent { get; init; }

    /// <summary>Low when the total is at or below this; null: no such mark.</summary>
    public long? LowAmount { get; init; }

    /// <summary>What one credit costs the operator, in millionths of the operator's currency.</summary>
    public long UnitCost { get; init; }

    /// <summary>Digits after the point of the credit type.</summary>
    public int Decimals { get; init; }
    /// <summary>A lot is told of so many days before it expires; null: it is not.</summary>
    public int? ExpiringDays { get; init; }

    /// <summary>
    /// The terms of one pool. The allowance comes from the plan, so a lapsed plan gives none; where the type needs an
    /// active plan the pool is frozen as it stands instead, and what was bought waits in it too.
    /// </summary>
    /// <param name="plan">The tenant's plan; null: none.</param>
    /// <param name="period">The tenant's period at this moment.</param>
    public static Terms Of(Tenant tenant, Plan? plan, CreditType type, BillingPeriod period)
    {
        var lapsed = tenant.Status == TenantStatus.Lapsed;
        var included = plan is not null && plan.Allowances.ContainsKey(type.Code) && (!lapsed || type.NeedsActivePlan);
        return new Terms
        {
            Period = period,
            Limit = included ? plan!.Allowances[type.Code] : 0,
            Rollover = included ? plan!.Rollover.GetValueOrDefault(type.Code) : default,
            TenantSuspended = tenant.Status == TenantStatus.Suspended,
            TypeDisabled = !type.Enabled,
            Frozen = lapsed && type.NeedsActivePlan,
            NotForSale = plan is not null && !plan.MayTopUp(type.Code),
            DebtLimit = type.DebtLimit,
            LowPercent = type.LowPercent,
            LowAmount = type.LowAmount,
            UnitCost = type.UnitCost,
            Decimals = type.Decimals,
            ExpiringDays = type.ExpiringDays,
        };
    }

    /// <summary>Why nothing may be spent from the pool, whatever it holds.</summary>
    public LedgerRefusal SpendingRefusal =>
        TenantSuspended ? LedgerRefusal.TenantSuspended
        : TypeDisabled ? LedgerRefusal.TypeDisabled
        : Frozen ? LedgerRefusal.PlanLapsed
        : LedgerRefusal.None;

    /// <summary>Why nothing may be bought into the pool.</summary>
    public LedgerRefusal PurchaseRefusal =>
        SpendingRefusal != LedgerRefusal.None ? SpendingRefusal
        : NotForSale ? LedgerRefusal.NotForSale
        : LedgerRefusal.None;
}
