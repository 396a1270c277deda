using static Topup.Domain.Checkout.PurchaseEvent;
using static Topup.Domain.Checkout.PurchaseStatus;

namespace Topup.Domain.Checkout;

/// <summary>
/// The one state machine of a purchase. Every status has an answer to every event, in any order and any number of
/// times: notifications come late, twice, and before what they follow. Money that was taken is never forgotten: once
/// paid, a purchase does not become failed, expired or canceled, and a payment that comes late still counts.
/// </summary>
public static class PurchaseStates
{
    public static PurchaseStatus Next(PurchaseStatus status, PurchaseEvent news) => status switch
    {
        Created or Pending or Processing => news switch
        {
            Opened => status == Processing ? Processing : Pending,
            PaymentStarted => Processing,
            PaymentTaken => Paid,
            MoneyWrong => NeedsReview,
            GaveUp => Failed,
            TimePassed => Expired,
            CalledOff => Canceled,
            FullyRefunded => Refunded,
            CreditsAdded or PartlyRefundedNow or RefundUndone or DisputeOpened or DisputeDecidedForUs or DisputeDecidedForBuyer => status,
        },
        Failed or Expired or Canceled => news switch
        {
            PaymentStarted => Processing,
            PaymentTaken => Paid,
            MoneyWrong => NeedsReview,
            FullyRefunded => Refunded,
            Opened or GaveUp or TimePassed or CalledOff or CreditsAdded or PartlyRefundedNow or RefundUndone or DisputeOpened
                or DisputeDecidedForUs or DisputeDecidedForBuyer => status,
        },
        NeedsReview => news switch
        {
            PaymentTaken => Paid,
            FullyRefunded => Refunded,
            Opened or PaymentStarted or MoneyWrong or GaveUp or TimePassed or CalledOff or CreditsAdded or PartlyRefundedNow or RefundUndone
                or DisputeOpened or DisputeDecidedForUs or DisputeDecidedForBuyer => status,
        },
        Paid => news switch
        {
            CreditsAdded => Credited,
            PartlyRefundedNow => PartlyRefunded,
            FullyRefunded => Refunded,
            DisputeOpened => Disputed,
            DisputeDecidedForUs => DisputeWon,
            DisputeDecidedForBuyer => DisputeLost,
            Opened or PaymentStarted or PaymentTaken or MoneyWrong or GaveUp or TimePassed or CalledOff or RefundUndone => status,
        },
        Credited or PartlyRefunded or Refunded or Disputed or DisputeWon or DisputeLost => news switch
        {
            // What went back may have been a payment that bought nothing; this is the first that does.
            PaymentTaken => status == Refunded ? Paid : status,
            PartlyRefundedNow => PartlyRefunded,
            FullyRefunded => Refunded,
            RefundUndone => Credited,
            DisputeOpened => Disputed,
            DisputeDecidedForUs => DisputeWon,
            DisputeDecidedForBuyer => DisputeLost,
            Opened or PaymentStarted or MoneyWrong or GaveUp or TimePassed or CalledOff or CreditsAdded => status,
        },
    };

    /// <summary>Whether the buyer's money may still come, so that it is worth asking the provider.</summary>
    public static bool IsOpen(PurchaseStatus status) => status is Created or Pending or Processing or Paid;

    /// <summary>Whether money was taken for it and accepted.</summary>
    public static bool IsPaid(PurchaseStatus status) =>
        status is Paid or Credited or PartlyRefunded or Refunded or Disputed or DisputeWon or DisputeLost;
}

/// <summary>What may happen to a purchase.</summary>
public enum PurchaseEvent
{
    /// <summary>The provider shows the page on which it can be paid.</summary>
    Opened,

    /// <summary>The buyer has done their part; the money is under way.</summary>
    PaymentStarted,

    /// <summary>Money was taken, as agreed, for the first time.</summary>
    PaymentTaken,

    /// <summary>Money was taken, but not as agreed.</summary>
    MoneyWrong,

    /// <summary>The payment failed for good.</summary>
    GaveUp,

    /// <summary>Nobody paid in time.</summary>
    TimePassed,

    CalledOff,
    CreditsAdded,
    PartlyRefundedNow,
    FullyRefunded,

    /// <summary>A refund failed or a dispute was withdrawn, and nothing is refunded or disputed any more.</summary>
    RefundUndone,
    DisputeOpened,
    DisputeDecidedForUs,
    DisputeDecidedForBuyer,
}
