using System.Collections.Immutable;
using System.Globalization;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;

namespace Topup.Domain.Checkout;

/// <summary>
/// Brings a purchase and the pool that it credits to where the provider's word says they must be, and applies only the
/// difference. Run twice, late, or in another order, it comes to the same: what was credited and claimed is stored with
/// the purchase and is never credited or claimed again.
/// </summary>
public static class PurchaseSettlement
{
    /// <param name="pool">Of <see cref="Purchase.LotType"/> once there is a lot; before that, the pool that is to be credited.</param>
    /// <param name="poolType">Its credit type.</param>
    /// <param name="credits">What the purchase is worth in that pool, in its smallest units.</param>
    /// <param name="source">A purchase, or a refund: what the tenant may no longer be sold is money of theirs, and a balance takes money from anybody.</param>
    /// <param name="purchase">The purchase as it is stored.</param>
    /// <param name="wanted">The purchase as it should be by the provider's word, or an operator's.</param>
    /// <param name="spentBecomesDebt">Whether a refund of credits that were spent leaves debt, or is forgiven.</param>
    public static PurchaseDecision Decide(
        Pool pool, Terms terms, string poolType, long credits, LotSource source, Purchase purchase, Purchase wanted, bool spentBecomesDebt,
        Note note, Instant now)
    {
        var posting = new Posting(pool, terms, now);
        var after = wanted;
        Entry? main = null;
        if (after.OwesCredits)
        {
            var refusal = Grant.TryPost(posting, credits, source, Lot.PriorityDefault, Instant.Always, Instant.Never, note, out main);
            if (refusal != LedgerRefusal.None) return new PurchaseDecision(posting.Refuse(refusal), purchase, []);
            after = after with
            {
                LotType = poolType, Lot = main!.Id, Granted = credits, Status = PurchaseStates.Next(after.Status, PurchaseEvent.CreditsAdded),
            };
        }
        if (after.Lot != 0) after = ClaimAndHold(posting, after, spentBecomesDebt, note);
        return new PurchaseDecision(posting.Grant(main), after, News(purchase, after));
    }

    /// <summary>What is told of the way from one to the other, each once.</summary>
    public static ImmutableArray<PurchaseNews> News(Purchase before, Purchase after)
    {
        var news = ImmutableArray.CreateBuilder<PurchaseNews>();
        if (after.Status != before.Status)
        {
            if (after.Status == PurchaseStatus.Processing) news.Add(PurchaseNews.Pending);
            if (after.Status == PurchaseStatus.Failed) news.Add(PurchaseNews.Failed);
            if (after.Status == PurchaseStatus.Expired) news.Add(PurchaseNews.Expired);
            if (after.Status == PurchaseStatus.Canceled) news.Add(PurchaseNews.Canceled);
        }
        if (after.Paid > 0 && before.Paid == 0) news.Add(PurchaseNews.Paid);
        if (after.Review != ReviewReason.None && after.Review != before.Review) news.Add(PurchaseNews.NeedsReview);
        if (after.Refunded + after.Returned != before.Refunded + before.Returned) news.Add(PurchaseNews.Refunded);
        if (after.Dispute != before.Dispute) news.Add(PurchaseNews.Disputed);
        return news.ToImmutable();
    }

    private static Purchase ClaimAndHold(Posting posting, Purchase purchase, bool spentBecomesDebt, Note note)
    {
        var target = Claim.Target(purchase.Granted, purchase.GoneBack, purchase.Paid);
        var isOpen = purchase.Dispute == DisputeState.Open;
        if (purchase.DisputeHold != 0 && (!isOpen || target != purchase.Claim.Total))
        {
            Hold.PostDisputeEnd(posting, purchase.DisputeHold, Said(note, purchase.Dispute == DisputeState.Won ? "Dispute won" : "Dispute decided"));
            purchase = purchase with { DisputeHold = 0 };
        }
        if (target != purchase.Claim.Total)
        {
            var words = target < purchase.Claim.Total ? "Given back: a refund failed or was less"
                : purchase.Dispute == DisputeState.Lost ? $"Dispute lost: {Money(purchase, purchase.GoneBack)} went back to the buyer"
                : $"Refund: {Money(purchase, purchase.GoneBack)} of {Money(purchase, purchase.Paid)} so far";
            purchase = purchase with { Claim = Claim.Post(posting, purchase.Lot, purchase.Claim, target, spentBecomesDebt, Said(note, words)) };
        }
        if (isOpen && purchase.DisputeHold == 0)
            purchase = purchase with { DisputeHold = Hold.PostDispute(posting, purchase.Lot, Said(note, "Dispute opened: the rest of the purchase is held")) };
        return purchase;
    }

    // One change may write several entries; the key that makes the credit unique is on the credit alone.
    private static Note Said(Note note, string reason) => note with { Key = "", Fingerprint = 0, Reason = reason };

    private static string Money(Purchase purchase, long amount) =>
        string.Create(CultureInfo.InvariantCulture, $"{Amount.FromUnits(amount, Currency.Digits(purchase.Currency))} {purchase.Currency}");
}

/// <summary>What the rules say of a purchase and its pool. A refusal changes neither.</summary>
public sealed record PurchaseDecision(LedgerDecision Ledger, Purchase Purchase, ImmutableArray<PurchaseNews> News);

/// <summary>News of a purchase, saved in the transaction of the change that caused it.</summary>
public enum PurchaseNews
{
    Pending,
    Paid,
    Failed,
    Expired,
    Canceled,
    NeedsReview,
    Refunded,
    Disputed,
}
