using System.Globalization;
using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Checkout;

/// <summary>What is told of purchases: events for machines, steps for people.</summary>
internal static class CheckoutNews
{
    public static OutboxEvent Of(PurchaseRow row, PurchaseNews news, Instant at) => OutboxEvent.Create(
        row.Tenant, NameOf(news), at, JsonSerializer.Serialize(DataOf(row), Json.Wire.PurchaseEventData));

    /// <summary>One sentence for each thing that is different.</summary>
    public static IEnumerable<string> Words(Purchase before, Purchase after)
    {
        if (after.Paid > 0 && before.Paid == 0) yield return $"Paid: {Money(after, after.Paid)} ({after.Payments})";
        if (after.Lot != 0 && before.Lot == 0)
        {
            yield return after.LotType == after.Type
                ? $"Credited to {after.LotType}"
                : $"Could not be credited to {after.Type}: {Money(after, after.Paid)} went to the tenant's balance";
        }
        if (after.Surplus != before.Surplus) yield return $"Paid more than once: {Money(after, after.Surplus)} too much";
        if (after.SurplusCredited != before.SurplusCredited) yield return $"The surplus went to the tenant's balance: {Money(after, after.SurplusCredited)}";
        if (after.Refunded != before.Refunded) yield return $"Refunded to the buyer so far: {Money(after, after.Refunded)}";
        if (after.Returned != before.Returned) yield return $"Returned to the tenant's balance so far: {Money(after, after.Returned)}";
        if (after.Dispute != before.Dispute) yield return $"Dispute {NameOf(after.Dispute)}: {Money(after, after.Disputed)}";
        if (after.Review != before.Review) yield return after.Review == ReviewReason.None ? "Reviewed" : $"Needs review: {WordsOf(after.Review)}";
        if (after.Failure != before.Failure && after.Failure.Length > 0) yield return $"An attempt to pay failed: {after.Failure}";
        if (after.Status != before.Status && after.Status is PurchaseStatus.Pending or PurchaseStatus.Processing or PurchaseStatus.Failed
            or PurchaseStatus.Expired or PurchaseStatus.Canceled) yield return $"Now {NameOf(after.Status)}";
    }

    public static string NameOf(PurchaseStatus status) => status switch
    {
        PurchaseStatus.Created => "created",
        PurchaseStatus.Pending => "pending",
        PurchaseStatus.Processing => "processing",
        PurchaseStatus.Paid => "paid",
        PurchaseStatus.Credited => "credited",
        PurchaseStatus.Failed => "failed",
        PurchaseStatus.Expired => "expired",
        PurchaseStatus.Canceled => "canceled",
        PurchaseStatus.NeedsReview => "needs_review",
        PurchaseStatus.PartlyRefunded => "partly_refunded",
        PurchaseStatus.Refunded => "refunded",
        PurchaseStatus.Disputed => "disputed",
        PurchaseStatus.DisputeWon => "dispute_won",
        PurchaseStatus.DisputeLost => "dispute_lost",
    };

    /// <summary>Null: there is no status of that name.</summary>
    public static PurchaseStatus? StatusOf(string name)
    {
        foreach (var status in Enum.GetValues<PurchaseStatus>())
            if (NameOf(status) == name) return status;
        return null;
    }

    public static string NameOf(DisputeState dispute) => dispute switch
    {
        DisputeState.None => "none",
        DisputeState.Open => "open",
        DisputeState.Won => "won",
        DisputeState.Lost => "lost",
    };

    public static string NameOf(ReviewReason reason) => reason switch
    {
        ReviewReason.None => "none",
        ReviewReason.WrongOrder => "wrong_order",
        ReviewReason.WrongAccount => "wrong_account",
        ReviewReason.WrongMode => "wrong_mode",
        ReviewReason.WrongCurrency => "wrong_currency",
        ReviewReason.WrongAmount => "wrong_amount",
        ReviewReason.NoBalance => "no_balance",
        ReviewReason.SurplusGone => "surplus_gone",
    };

    private static string WordsOf(ReviewReason reason) => reason switch
    {
        ReviewReason.None => "nothing",
        ReviewReason.WrongOrder => "the payment names another order",
        ReviewReason.WrongAccount => "the payment went to another account",
        ReviewReason.WrongMode => "test money where real money is taken, or the other way round",
        ReviewReason.WrongCurrency => "the payment has another currency",
        ReviewReason.WrongAmount => "the payment is not the price",
        ReviewReason.NoBalance => "it could not be credited, and no credit type holds money of the currency",
        ReviewReason.SurplusGone => "a surplus that is on the tenant's balance went back to the buyer",
    };

    private static string NameOf(PurchaseNews news) => news switch
    {
        PurchaseNews.Pending => "purchase.pending",
        PurchaseNews.Paid => "purchase.paid",
        PurchaseNews.Failed => "purchase.failed",
        PurchaseNews.Expired => "purchase.expired",
        PurchaseNews.Canceled => "purchase.canceled",
        PurchaseNews.NeedsReview => "purchase.needs_review",
        PurchaseNews.Refunded => "purchase.refunded",
        PurchaseNews.Disputed => "purchase.disputed",
    };

    private static PurchaseEventData DataOf(PurchaseRow row)
    {
        var purchase = row.Purchase;
        var digits = Currency.Digits(purchase.Currency);
        return new PurchaseEventData
        {
            Purchase = row.Id.ToString(),
            Status = NameOf(purchase.Status),
            Method = purchase.Method,
            Pack = row.Pack.Length == 0 ? null : row.Pack,
            Title = row.Title,
            Type = purchase.Type,
            Price = Amount.FromUnits(purchase.Price, digits),
            Currency = purchase.Currency,
            Paid = Amount.FromUnits(purchase.Paid, digits),
            Refunded = Amount.FromUnits(purchase.Refunded + purchase.Returned, digits),
            Dispute = purchase.Dispute == DisputeState.None ? null : NameOf(purchase.Dispute),
            Review = purchase.Review == ReviewReason.None ? null : NameOf(purchase.Review),
            Failure = purchase.Failure.Length == 0 ? null : purchase.Failure,
            Reference = row.Reference.Length == 0 ? null : row.Reference,
        };
    }

    private static string Money(Purchase purchase, long amount) =>
        string.Create(CultureInfo.InvariantCulture, $"{Amount.FromUnits(amount, Currency.Digits(purchase.Currency))} {purchase.Currency}");
}
