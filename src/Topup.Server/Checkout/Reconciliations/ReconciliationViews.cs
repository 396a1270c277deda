using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary>Differences on the wire, and in words.</summary>
internal static class ReconciliationViews
{
    public static FindingView OfNobody(Finding finding) =>
        View(finding, repaired: false, "There is no such order here. Give the money back at the provider, or find out whose it is.");

    /// <param name="left">What is left to do, in a sentence; null: nothing.</param>
    public static FindingView Of(Finding finding, PurchaseRow row, bool repaired, string? left) =>
        View(finding, repaired, left) with { Purchase = row.Id.ToString(), Tenant = row.Tenant };

    public static string LeftOf(FindingKind kind, Purchase purchase) => purchase.Review != ReviewReason.None
        ? $"A person must decide on the purchase: {CheckoutNews.NameOf(purchase.Review)}."
        : kind switch
        {
            FindingKind.PaymentOfNobody => "There is no such order here.",
            FindingKind.PaidNotCredited => "The provider's list shows the payment, and its page of the order does not. Look at it there.",
            FindingKind.CreditedNotListed => "The provider does not know the payment. Was the account changed? Else take the credits back by hand.",
            FindingKind.AmountDiffers => "The provider has another amount or currency than was agreed, and nobody is left to decide on it. Give the money back there.",
            FindingKind.RefundDiffers => "The provider's list and its page of the payment disagree, or the rest of the purchase cannot be claimed. Look at it there.",
        };

    private static FindingView View(Finding finding, bool repaired, string? left)
    {
        var currency = finding.Payments.Select(payment => payment.Currency).Distinct().ToList() is [var only] && Currency.IsKnown(only) ? only : null;
        var isCounted = currency is not null && finding.Payments.All(payment => payment.Amount is not null);
        return new FindingView
        {
            Kind = NameOf(finding.Kind), Order = finding.Order, Payments = [.. finding.Payments.Select(payment => payment.Id)], Currency = currency,
            Amount = isCounted ? Amount.FromUnits(finding.Payments.Sum(payment => payment.Amount!.Value), Currency.Digits(currency!)) : null,
            Refunded = isCounted ? Amount.FromUnits(finding.Payments.Sum(payment => payment.Refunded), Currency.Digits(currency!)) : null,
            Repaired = repaired, Left = left,
        };
    }

    private static string NameOf(FindingKind kind) => kind switch
    {
        FindingKind.PaymentOfNobody => "payment_of_nobody",
        FindingKind.PaidNotCredited => "paid_not_credited",
        FindingKind.CreditedNotListed => "credited_not_listed",
        FindingKind.AmountDiffers => "amount_differs",
        FindingKind.RefundDiffers => "refund_differs",
    };
}
