using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;

namespace Topup.Domain.AddOns;

/// <summary>What a decision on an add-on gets to see.</summary>
/// <param name="Today">The date in the operator's time zone.</param>
public sealed record AddOnCase(Pool Pool, Terms Terms, Instant Now, DateOnly Today, Tenant Tenant)
{
    public Cycle Cycle => Cycle.Of(Today, Tenant.RenewalDay);
}

/// <summary>What becomes of an add-on of a tenant, and of the pool that pays for it.</summary>
public sealed record AddOnDecision
{
    /// <summary>As it is afterwards; where the ledger refused, as it was.</summary>
    public required TenantAddOn AddOn { get; init; }

    public required LedgerDecision Ledger { get; init; }

    public AddOnRefusal Refusal { get; init; }

    public AddOnNews News { get; init; }

    /// <summary>Smallest units that were charged, or would have to be.</summary>
    public long Charge { get; init; }

    /// <summary>Why the charge could not be made.</summary>
    public LedgerRefusal Obstacle { get; init; }

    /// <summary>What a purchase must bring for the charge.</summary>
    public long Missing { get; init; }

    /// <summary>Nothing becomes of it, but the pool is brought up to now.</summary>
    public static AddOnDecision Nothing(TenantAddOn addOn, AddOnCase at, AddOnRefusal refusal = AddOnRefusal.None) =>
        new() { AddOn = addOn, Ledger = Settlement.Decide(at.Pool, at.Terms, at.Now), Refusal = refusal };
}

/// <summary>Why an add-on cannot be switched, in check order; what the ledger refuses comes after.</summary>
public enum AddOnRefusal
{
    None,
    AlreadyOn,
    NotOn,

    /// <summary>It is not active, or not for the tenant's plan.</summary>
    NotOffered,
}

/// <summary>What is told of an add-on.</summary>
public enum AddOnNews
{
    None,
    Enabled,
    Disabled,
    Renewed,

    /// <summary>It is in grace from now on, or has stopped working.</summary>
    Suspended,
}
