using System.Text.Json;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>What Stripe's objects say of an order, in our words. Words that Stripe may add one day are read as "not decided yet".</summary>
internal static class StripeTruth
{
    /// <summary>The state of a page: the page's own, until the buyer has done their part on it; then that of the payment.</summary>
    public static PaymentState StateOf(StripeSession session) => session switch
    {
        { PaymentIntent.AmountReceived: > 0 } => PaymentState.Paid,
        { Status: "open" } => PaymentState.Open,
        { Status: "expired" } => PaymentState.Expired,
        { PaymentStatus: "paid" or "no_payment_required" } => PaymentState.Paid,
        { PaymentIntent: { } intent } => StateOf(intent),
        _ => PaymentState.Processing,
    };

    /// <summary>
    /// The state of a payment that the buyer has done their part of. One that waits for an action is a voucher that is
    /// still to be paid; one that waits for another card was declined, and nobody will offer another.
    /// </summary>
    public static PaymentState StateOf(StripeIntent intent) => intent switch
    {
        { AmountReceived: > 0 } => PaymentState.Paid,
        { Status: "requires_payment_method" } => PaymentState.Failed,
        { Status: "canceled" } => PaymentState.Canceled,
        _ => PaymentState.Processing,
    };

    /// <exception cref="JsonException">An amount is none.</exception>
    public static TakenPayment Taken(StripeIntent intent, string order, bool isLive, List<StripeRefund> refunds, List<StripeDispute> disputes)
    {
        var currency = Iso(intent.Currency);
        var (dispute, disputed) = DisputeOf(disputes);
        return new TakenPayment
        {
            Id = intent.Id,
            Order = order,
            Amount = StripeMoney.FromWire(intent.AmountReceived, currency),
            Currency = currency,
            IsOurMode = intent.Livemode == isLive,
            Refunded = Whole(refunds.Where(HasLeft).Sum(refund => refund.Amount), currency),
            Dispute = dispute,
            // After a change of rates a dispute may ask for more than was paid; more than that cannot go back.
            Disputed = Whole(Math.Min(disputed, intent.AmountReceived), currency),
        };
    }

    /// <summary>Something was ordered that cost nothing at Stripe: a person must look at it.</summary>
    public static TakenPayment TakenNothing(StripeSession session, bool isLive) => new()
    {
        Id = session.Id,
        Order = session.ClientReferenceId ?? "",
        Amount = 0,
        Currency = Iso(session.Currency),
        IsOurMode = session.Livemode == isLive,
    };

    /// <param name="status">Null: the payment method has no such news.</param>
    public static RefundStatus StatusOf(string? status) => status switch
    {
        "succeeded" => RefundStatus.Succeeded,
        "failed" or "canceled" => RefundStatus.Failed,
        _ => RefundStatus.Pending,
    };

    public static ListedPayment Listed(StripeIntent intent)
    {
        var currency = Iso(intent.Currency);
        return new ListedPayment(
            intent.Id, intent.Order, StripeMoney.FromWire(intent.AmountReceived, currency), currency,
            StripeMoney.FromWire(intent.LatestCharge?.AmountRefunded ?? 0, currency) ?? 0, DateTimeOffset.FromUnixTimeSeconds(intent.Created),
            intent.LatestCharge?.Disputed ?? false);
    }

    /// <summary>Went back, or is on its way.</summary>
    private static bool HasLeft(StripeRefund refund) => StatusOf(refund.Status) != RefundStatus.Failed;

    /// <summary>A payment is rarely disputed more than once; then what is still open counts with what is lost, and hides what is won.</summary>
    private static (DisputeState State, long Amount) DisputeOf(List<StripeDispute> disputes)
    {
        var judged = disputes.Select(dispute => (State: StateOf(dispute), dispute.Amount)).Where(dispute => dispute.State != DisputeState.None).ToList();
        DisputeState[] gravest = [DisputeState.Open, DisputeState.Lost, DisputeState.Won];
        var state = gravest.FirstOrDefault(state => judged.Exists(dispute => dispute.State == state));
        var counted = judged.Where(dispute => dispute.State == state || (state == DisputeState.Open && dispute.State == DisputeState.Lost));
        return (state, counted.Sum(dispute => dispute.Amount));
    }

    private static DisputeState StateOf(StripeDispute dispute) => dispute.Status switch
    {
        // A question of the buyer's bank moves no money; if it becomes a dispute, its status says so.
        "warning_needs_response" or "warning_under_review" or "warning_closed" => DisputeState.None,
        "won" => DisputeState.Won,
        "lost" => DisputeState.Lost,
        // Settled before it became a dispute: either it was stopped, or the buyer was given the money. The account shows which.
        "prevented" => dispute.BalanceTransactions?.Sum(movement => movement.Amount) < 0 ? DisputeState.Lost : DisputeState.Won,
        _ => DisputeState.Open,
    };

    private static string Iso(string currency) => currency.ToUpperInvariant();

    /// <summary>Stripe refuses parts of a unit where there are none, so this is never anything but an answer that makes no sense.</summary>
    private static long Whole(long wire, string currency) =>
        wire == 0 ? 0 : StripeMoney.FromWire(wire, currency) ?? throw new JsonException($"{wire} is no amount of {currency}.");
}
