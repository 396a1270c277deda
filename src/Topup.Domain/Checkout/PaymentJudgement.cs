using System.Collections.Immutable;

namespace Topup.Domain.Checkout;

/// <summary>
/// Compares what a provider says of an order with what was agreed. Only the agreed price, of the agreed currency, for
/// this order, to our account and in our mode, buys the credits; one payment does, and more of the same order is a surplus.
/// </summary>
public static class PaymentJudgement
{
    /// <summary>The purchase as far as the provider's word alone carries it; crediting and claiming come after.</summary>
    /// <param name="accept">An operator decided that the money, though not as agreed, pays for the purchase.</param>
    public static Purchase Apply(Purchase purchase, PaymentTruth truth, bool accept = false)
    {
        var genuine = truth.Payments.Where(payment => DoubtOf(purchase, payment) == ReviewReason.None).ToImmutableArray();
        var accepted = Accepted(purchase, genuine, accept);
        // A provider that does not show a payment which it has shown before is behind, not right.
        if (purchase.Paid > 0 && accepted.Length == 0) return purchase;

        var doubt = DoubtOf(purchase, truth.Payments, accepted);
        var after = purchase with
        {
            Review = purchase.Review is ReviewReason.NoBalance or ReviewReason.SurplusGone ? purchase.Review : doubt,
            Failure = accepted.Length == 0 ? truth.Failure : "",
            Surplus = genuine.Except(accepted).Where(_ => accepted.Length > 0).Sum(Kept),
        };
        return accepted.Length == 0 ? Unpaid(after, truth, purchase.Review) : PaidBy(after, accepted);
    }

    private static Purchase Unpaid(Purchase purchase, PaymentTruth truth, ReviewReason doubtBefore)
    {
        var news = truth.Payments.Any(payment => Kept(payment) > 0 || payment.Amount is null) ? PurchaseEvent.MoneyWrong
            : truth.Payments.Length > 0 ? PurchaseEvent.FullyRefunded
            : truth.State switch
            {
                PaymentState.Open => PurchaseEvent.Opened,
                PaymentState.Processing => PurchaseEvent.PaymentStarted,
                PaymentState.Failed => PurchaseEvent.GaveUp,
                PaymentState.Expired => PurchaseEvent.TimePassed,
                PaymentState.Canceled => PurchaseEvent.CalledOff,
                // Said to be paid, yet nothing was taken: not what was agreed.
                PaymentState.Paid => PurchaseEvent.MoneyWrong,
            };
        var status = PurchaseStates.Next(purchase.Status, news);
        return purchase with
        {
            Status = status,
            Review = status != PurchaseStatus.NeedsReview || purchase.Review != ReviewReason.None ? purchase.Review
                : doubtBefore != ReviewReason.None ? doubtBefore : ReviewReason.WrongAmount,
        };
    }

    private static Purchase PaidBy(Purchase purchase, ImmutableArray<TakenPayment> accepted)
    {
        var status = purchase.Paid > 0 ? purchase.Status : PurchaseStates.Next(purchase.Status, PurchaseEvent.PaymentTaken);
        var after = purchase with
        {
            Paid = accepted.Sum(payment => payment.Amount ?? 0),
            Payments = string.Join(' ', accepted.Select(payment => payment.Id)),
            Refunded = accepted.Sum(payment => Math.Min(payment.Refunded, payment.Amount ?? 0)),
            Dispute = accepted.Select(payment => payment.Dispute).Max(ByWeight),
            Disputed = accepted.Where(payment => payment.Dispute is DisputeState.Open or DisputeState.Lost).Sum(payment => payment.Disputed),
        };
        var goneTwice = after.Refunded > purchase.Refunded && after.Refunded + after.Returned > after.Paid;
        return after with { Status = StatusOf(purchase, after, status), Review = goneTwice ? ReviewReason.SurplusGone : after.Review };
    }

    /// <summary>
    /// The status after refunds or a dispute have changed: the weightiest of what is true now, whatever came first, so that it
    /// does not depend on which of the changes were seen.
    /// </summary>
    public static PurchaseStatus StatusOf(Purchase before, Purchase after, PurchaseStatus status)
    {
        var back = after.Refunded + after.Returned;
        if (back == before.Refunded + before.Returned && after.Dispute == before.Dispute) return status;
        return PurchaseStates.Next(status, after.Dispute switch
        {
            DisputeState.Open => PurchaseEvent.DisputeOpened,
            DisputeState.Lost => PurchaseEvent.DisputeDecidedForBuyer,
            DisputeState.None or DisputeState.Won => back >= after.Paid ? PurchaseEvent.FullyRefunded
                : back > 0 ? PurchaseEvent.PartlyRefundedNow
                : after.Dispute == DisputeState.Won ? PurchaseEvent.DisputeDecidedForUs
                : PurchaseEvent.RefundUndone,
        });
    }

    private static ImmutableArray<TakenPayment> Accepted(Purchase purchase, ImmutableArray<TakenPayment> genuine, bool accept)
    {
        if (purchase.Paid > 0)
        {
            var known = purchase.Payments.Split(' ');
            var found = genuine.Where(payment => known.Contains(payment.Id)).ToImmutableArray();
            return found.Length == known.Length ? found : [];
        }
        var agreed = genuine.Where(payment => payment.Amount == purchase.Price).ToImmutableArray();
        if (agreed.FirstOrDefault(payment => Kept(payment) == payment.Amount) is { } whole) return [whole];
        if (agreed.Length > 0) return [agreed[0]];
        // Paid in parts, as with two cards: the parts must add up to the price exactly.
        return genuine.Length > 0 && (accept || genuine.Sum(payment => payment.Amount) == purchase.Price) ? genuine : [];
    }

    private static ReviewReason DoubtOf(Purchase purchase, ImmutableArray<TakenPayment> all, ImmutableArray<TakenPayment> accepted)
    {
        var open = all.Except(accepted).Where(payment => Kept(payment) > 0 || payment.Amount is null).ToList();
        if (open.Count == 0) return ReviewReason.None;
        var doubt = open.Select(payment => DoubtOf(purchase, payment)).Where(reason => reason != ReviewReason.None).DefaultIfEmpty().Min();
        return doubt == ReviewReason.None && accepted.Length == 0 ? ReviewReason.WrongAmount : doubt;
    }

    private static ReviewReason DoubtOf(Purchase purchase, TakenPayment payment) =>
        payment.Order != purchase.Order ? ReviewReason.WrongOrder
        : !payment.IsOurAccount ? ReviewReason.WrongAccount
        : !payment.IsOurMode ? ReviewReason.WrongMode
        : payment.Currency != purchase.Currency ? ReviewReason.WrongCurrency
        : payment.Amount is null ? ReviewReason.WrongAmount
        : ReviewReason.None;

    /// <summary>What of a payment is still ours.</summary>
    private static long Kept(TakenPayment payment) => Math.Max((payment.Amount ?? 0) - payment.Refunded
        - (payment.Dispute is DisputeState.Open or DisputeState.Lost ? payment.Disputed : 0), 0);

    private static readonly Comparer<DisputeState> ByWeight = Comparer<DisputeState>.Create((x, y) => Weight(x).CompareTo(Weight(y)));

    private static int Weight(DisputeState state) => state switch
    {
        DisputeState.None => 0,
        DisputeState.Won => 1,
        DisputeState.Lost => 2,
        DisputeState.Open => 3,
    };
}
