using Topup.Domain;
using Topup.Domain.AddOns;
using Topup.Domain.Checkout;

namespace Topup.Server.AddOns;

/// <summary>An add-on of a tenant, as it is stored.</summary>
internal sealed record AddOnRow
{
    public required string Tenant { get; init; }
    public required TenantAddOn AddOn { get; init; }

    /// <summary>When it must be looked at again, whatever happens; <see cref="Instant.Never"/>: only when somebody calls.</summary>
    public Instant DueAt { get; init; } = Instant.Never;

    /// <summary>What it last waited for in vain.</summary>
    public AddOnSight Seen { get; init; }

    /// <summary>Counts the changes of the row; 0: it is not stored. Of any number of callers that saw the same, one changes it.</summary>
    public long Version { get; init; }
}

/// <summary>What must change before an add-on that waits for credits can go on.</summary>
/// <param name="Entry">The last entry of the pool.</param>
/// <param name="Tenant">When the tenant was last changed.</param>
/// <param name="Purchase">Version of the purchase that it waits for.</param>
internal readonly record struct AddOnSight(long Entry, long Tenant, long Purchase);

/// <summary>An add-on to look at.</summary>
/// <param name="Now">What there is to see now.</param>
/// <param name="Purchase">How far the purchase is that it waits for.</param>
internal sealed record AddOnToLookAt(AddOnRow Row, AddOnSight Now, PurchaseStatus Purchase);

/// <summary>What was answered to a key.</summary>
/// <param name="Reply">JSON.</param>
internal sealed record KeptReply(long Fingerprint, string Reply);
