using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Domain.Tenancy;
using Topup.Server.Checkout.Providers;

namespace Topup.Server.Checkout;

/// <summary>A purchase as it is stored: the order itself, and what the server needs to carry it on.</summary>
internal sealed record PurchaseRow
{
    public required string Tenant { get; init; }
    public required Purchase Purchase { get; init; }

    /// <summary>Code of the pack; empty: an amount that the buyer chose.</summary>
    public required string Pack { get; init; }

    /// <summary>What the buyer reads on the provider's page and on the receipt, such as <c>500 SMS</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The provider's id of the page on which the buyer pays, or of the payment when a saved card was charged; empty: not opened.</summary>
    public string Checkout { get; init; } = "";
    public string CheckoutUrl { get; init; } = "";

    /// <summary>Names the purchase in the address to which the buyer comes back. It shows how far it is, and lets nobody do anything.</summary>
    public required string ReturnToken { get; init; }

    /// <summary>The buyer agreed to have the card saved.</summary>
    public bool SavesCard { get; init; }

    /// <summary>Credit type of the automatic top-up that ordered it; empty: a person did.</summary>
    public string AutoTopUp { get; init; } = "";

    public required string Key { get; init; }
    public required long Fingerprint { get; init; }

    /// <summary>What may be open only once for a tenant; empty once it is no longer open.</summary>
    public string OpenSlot { get; init; } = "";
    public string Reference { get; init; } = "";
    public required string Actor { get; init; }

    /// <summary>The entry that took the price from the balance; 0: it was not paid from one.</summary>
    public string PaymentType { get; init; } = "";
    public long Payment { get; init; }

    /// <summary>Where the buyer goes on to, after the page that says how far the purchase is; empty: nowhere.</summary>
    public string ReturnUrl { get; init; } = "";
    public required Instant CreatedAt { get; init; }

    /// <summary>Until when the buyer may pay.</summary>
    public required Instant ExpiresAt { get; init; }
    public Instant PaidAt { get; init; } = Instant.Never;

    /// <summary>When the reconciler asks the provider again; <see cref="Instant.Never"/>: there is nothing more to ask.</summary>
    public Instant CheckAt { get; init; } = Instant.Never;

    /// <summary>How often it has asked in vain.</summary>
    public int Checks { get; init; }

    /// <summary>Counts the changes of the row, so that what was fetched before the last one is not applied after it.</summary>
    public long Version { get; init; }

    public PurchaseId Id => new(Tenant, Purchase.Order);

    public int Bucket => TenantId.Bucket(Tenant);

    /// <summary>A saved card is or may have been charged, and it is not known yet by which payment.</summary>
    public bool IsBeingCharged => AutoTopUp.Length > 0 && Checkout.Length == 0 && Purchase.Status == PurchaseStatus.Created;
}

/// <summary>Money that goes back to the buyer of a purchase.</summary>
internal sealed record RefundRow
{
    /// <summary>Stands for the provider's id where the money went to the tenant's balance.</summary>
    public const string ToBalance = "balance";

    public required string Tenant { get; init; }

    /// <summary>The purchase's order.</summary>
    public required string Order { get; init; }

    /// <summary>A UUID, by which the provider makes it once.</summary>
    public required string Id { get; init; }

    /// <summary>Minor units.</summary>
    public required long Amount { get; init; }
    public required RefundStatus Status { get; init; }

    /// <summary>The provider's id of it; empty: not known.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>The provider's id of the payment that it gives back.</summary>
    public required string Payment { get; init; }
    public string Failure { get; init; } = "";
    public required string Reason { get; init; }
    public required string Key { get; init; }
    public required long Fingerprint { get; init; }
    public required string Actor { get; init; }
    public required Instant CreatedAt { get; init; }
    public required Instant ChangedAt { get; init; }
}

/// <summary>The public id of a purchase, <c>tenant~number</c>: it says whose it is.</summary>
internal readonly record struct PurchaseId(string Tenant, string Number)
{
    private const int NumberLength = 36;

    public override string ToString() => $"{Tenant}~{Number}";

    public static bool TryParse(string text, out PurchaseId id)
    {
        id = default;
        if (text.Split('~') is not [var tenant, { Length: NumberLength } number] || !TenantId.IsValid(tenant)) return false;
        id = new PurchaseId(tenant, number);
        return true;
    }
}
