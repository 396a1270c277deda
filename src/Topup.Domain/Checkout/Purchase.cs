namespace Topup.Domain.Checkout;

/// <summary>
/// One order. What was bought, for how much, by which method, is fixed before a provider is called and never changes;
/// the rest is how far it has come. Amounts of money are minor units of <see cref="Currency"/>.
/// </summary>
public sealed record Purchase
{
    /// <summary>The order's id, a UUID, as the provider knows it too.</summary>
    public required string Order { get; init; }

    public required string Method { get; init; }

    /// <summary>The credit type that was bought.</summary>
    public required string Type { get; init; }

    /// <summary>Smallest units of <see cref="Type"/>.</summary>
    public required long Credits { get; init; }

    public required long Price { get; init; }
    public required string Currency { get; init; }

    public PurchaseStatus Status { get; init; }

    /// <summary>What was taken from the buyer and accepted as the price: 0, or exactly the price once it is credited.</summary>
    public long Paid { get; init; }

    /// <summary>The accepted payments, ids of the provider apart by spaces; money beyond them is a surplus.</summary>
    public string Payments { get; init; } = "";

    /// <summary>Of what was paid, what went back to the buyer or is on its way.</summary>
    public long Refunded { get; init; }

    /// <summary>Of what was paid, what was put on the tenant's balance instead of going back to the buyer.</summary>
    public long Returned { get; init; }

    public DisputeState Dispute { get; init; }

    /// <summary>Of what was paid, what the buyer disputes.</summary>
    public long Disputed { get; init; }

    /// <summary>Money beyond the price that other payments of the same order took, refunds of theirs taken off.</summary>
    public long Surplus { get; init; }

    /// <summary>How much of <see cref="Surplus"/> is on the tenant's balance.</summary>
    public long SurplusCredited { get; init; }

    /// <summary>The type of the pool that was credited: <see cref="Type"/>, or the tenant's money when that could not be; empty: none yet.</summary>
    public string LotType { get; init; } = "";

    /// <summary>Number of the lot that was credited; 0: none yet.</summary>
    public long Lot { get; init; }

    /// <summary>Smallest units of <see cref="LotType"/> that the lot was granted.</summary>
    public long Granted { get; init; }

    /// <summary>What refunds and a lost dispute have claimed of the lot so far.</summary>
    public Ledger.Claim Claim { get; init; }

    /// <summary>Number of the hold by which an open dispute keeps the rest of the lot; 0: none.</summary>
    public long DisputeHold { get; init; }

    /// <summary>Why a person must look at it; none: nobody must.</summary>
    public ReviewReason Review { get; init; }

    /// <summary>Why it failed, in the provider's code; empty: not said.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Of what was paid, what no longer pays for the credits: refunded, returned, or lost in a dispute.</summary>
    public long GoneBack => Math.Min(Paid, Refunded + Returned + (Dispute == DisputeState.Lost ? Disputed : 0));

    /// <summary>What may still be refunded or returned.</summary>
    public long Refundable => Dispute == DisputeState.Open ? 0 : Paid - GoneBack;

    /// <summary>Paid as agreed, not all given back, no dispute undecided, and nothing was credited for it yet.</summary>
    public bool OwesCredits => Paid > GoneBack && Lot == 0 && Review != ReviewReason.NoBalance && Dispute != DisputeState.Open;
}

/// <summary>How far a purchase has come. The numbers are stored and never change their meaning.</summary>
public enum PurchaseStatus
{
    /// <summary>Written down; the provider was not reached yet.</summary>
    Created = 0,

    /// <summary>The buyer may pay.</summary>
    Pending = 1,

    /// <summary>The buyer has done their part; the money is under way, which may take days.</summary>
    Processing = 2,

    /// <summary>The money is there; the credits are not yet.</summary>
    Paid = 3,

    /// <summary>The credits are there, or the money is on the tenant's balance.</summary>
    Credited = 4,

    Failed = 5,
    Expired = 6,
    Canceled = 7,

    /// <summary>Money was taken that is not what was agreed: nothing is credited until a person decides.</summary>
    NeedsReview = 8,

    PartlyRefunded = 9,
    Refunded = 10,

    /// <summary>A dispute is open: what is left of the credits is held.</summary>
    Disputed = 11,

    DisputeWon = 12,
    DisputeLost = 13,
}

/// <summary>Why a person must look at a purchase, in check order. The numbers are stored and never change their meaning.</summary>
public enum ReviewReason
{
    None = 0,
    WrongOrder = 1,
    WrongAccount = 2,
    WrongMode = 3,
    WrongCurrency = 4,
    WrongAmount = 5,

    /// <summary>The credits could not be added, and no pool holds money of the currency.</summary>
    NoBalance = 6,

    /// <summary>Money that is on the tenant's balance, as a surplus or returned, went back to the buyer too.</summary>
    SurplusGone = 7,
}
