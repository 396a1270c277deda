using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Server.Catalog;
using Topup.Server.Checkout.Providers;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout;

/// <summary>Purchases and refunds on the wire.</summary>
internal sealed class PurchaseViews(CatalogCache catalogs)
{
    public PurchaseView Of(PurchaseRow row)
    {
        var purchase = row.Purchase;
        var digits = Currency.Digits(purchase.Currency);
        var isOpen = purchase.Status is PurchaseStatus.Created or PurchaseStatus.Pending;
        return new PurchaseView
        {
            Id = row.Id.ToString(),
            Tenant = row.Tenant,
            Status = CheckoutNews.NameOf(purchase.Status),
            Method = purchase.Method,
            Pack = TextOrNull(row.Pack),
            Title = row.Title,
            Type = purchase.Type,
            Credits = LedgerViews.Decimal(purchase.Credits, catalogs.Current.Types[purchase.Type]),
            Price = Amount.FromUnits(purchase.Price, digits),
            Currency = purchase.Currency,
            CheckoutUrl = isOpen ? TextOrNull(row.CheckoutUrl) : null,
            Paid = Amount.FromUnits(purchase.Paid, digits),
            Refunded = Amount.FromUnits(purchase.Refunded, digits),
            Returned = Amount.FromUnits(purchase.Returned, digits),
            Dispute = purchase.Dispute == DisputeState.None ? null : CheckoutNews.NameOf(purchase.Dispute),
            Review = purchase.Review == ReviewReason.None ? null : CheckoutNews.NameOf(purchase.Review),
            Failure = TextOrNull(purchase.Failure),
            Surplus = purchase.Surplus == 0 ? null : Amount.FromUnits(purchase.Surplus, digits),
            Lot = purchase.Lot == 0 ? null : new LedgerId(row.Tenant, purchase.LotType, purchase.Lot).ToString(),
            Payment = row.Payment == 0 ? null : new LedgerId(row.Tenant, row.PaymentType, row.Payment).ToString(),
            AutoTopUp = row.AutoTopUp.Length > 0,
            CreatedAt = row.CreatedAt.ToDateTimeOffset(),
            ExpiresAt = isOpen ? row.ExpiresAt.ToDateTimeOffsetOrNull() : null,
            PaidAt = row.PaidAt.ToDateTimeOffsetOrNull(),
            Reference = TextOrNull(row.Reference),
        };
    }

    public static RefundView Of(RefundRow refund, PurchaseRow row) => new()
    {
        Id = refund.Id,
        Purchase = row.Id.ToString(),
        Amount = Amount.FromUnits(refund.Amount, Currency.Digits(row.Purchase.Currency)),
        Currency = row.Purchase.Currency,
        To = refund.ProviderId == RefundRow.ToBalance ? "balance" : "buyer",
        Status = refund.Status switch
        {
            RefundStatus.Requested => "requested",
            RefundStatus.Pending => "pending",
            RefundStatus.Succeeded => "succeeded",
            RefundStatus.Failed => "failed",
        },
        Failure = TextOrNull(refund.Failure),
        Reason = refund.Reason,
        CreatedAt = refund.CreatedAt.ToDateTimeOffset(),
    };

    public static PurchaseStepView Of(PurchaseStep step) => new()
    {
        At = step.At.ToDateTimeOffset(), Status = CheckoutNews.NameOf(step.Status), Words = step.Words, Source = step.Source,
    };

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
