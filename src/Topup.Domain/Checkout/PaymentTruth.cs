using System.Collections.Immutable;

namespace Topup.Domain.Checkout;

/// <summary>
/// What a provider says of one order at one moment, in our words. It is fetched from the provider itself; nothing of it
/// is taken from a notification or a return address, which anybody can write.
/// </summary>
public sealed record PaymentTruth
{
    public static readonly PaymentTruth Open = new() { State = PaymentState.Open };

    public required PaymentState State { get; init; }

    /// <summary>Every payment that took money for the order, the oldest first.</summary>
    public ImmutableArray<TakenPayment> Payments { get; init; } = [];

    /// <summary>Why the last attempt failed, in the provider's code, such as <c>card_declined</c>; empty: not said.</summary>
    public string Failure { get; init; } = "";
}

/// <summary>How far a payment is, money aside: that is what <see cref="PaymentTruth.Payments"/> tells.</summary>
public enum PaymentState
{
    /// <summary>The buyer may still pay.</summary>
    Open,

    /// <summary>The buyer has done their part; the money is under way.</summary>
    Processing,

    /// <summary>Tried, and it will not become anything.</summary>
    Failed,

    /// <summary>Nobody paid in time.</summary>
    Expired,

    /// <summary>Called off.</summary>
    Canceled,

    /// <summary>Money was taken.</summary>
    Paid,
}

/// <summary>One payment that took money.</summary>
public sealed record TakenPayment
{
    /// <summary>The provider's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>The order that the provider says it pays.</summary>
    public required string Order { get; init; }

    /// <summary>Minor units by ISO 4217; null: what the provider says is no whole number of them.</summary>
    public required long? Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>It was paid to our account.</summary>
    public bool IsOurAccount { get; init; } = true;

    /// <summary>It is real money where we sell for real money, and test money where we test.</summary>
    public bool IsOurMode { get; init; } = true;

    /// <summary>Minor units that went back to the buyer or are on their way. A refund that failed no longer counts.</summary>
    public long Refunded { get; init; }

    public DisputeState Dispute { get; init; }

    /// <summary>Minor units that the buyer disputes.</summary>
    public long Disputed { get; init; }
}

/// <summary>The numbers are stored and never change their meaning.</summary>
public enum DisputeState
{
    None = 0,

    /// <summary>The buyer's bank asks the money back; nothing is decided.</summary>
    Open = 1,

    /// <summary>Decided for us: the money stays, or came back.</summary>
    Won = 2,

    /// <summary>Decided for the buyer: the money is gone.</summary>
    Lost = 3,
}
