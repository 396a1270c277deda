using System.Collections.Immutable;

namespace Topup.Domain.Checkout;

/// <summary>
/// Compares what a provider lists with our purchases. It only says where the two differ; what a difference is worth, the
/// provider is asked about the order itself, for a list may be behind.
/// </summary>
public static class Comparison
{
    /// <param name="listed">Every payment that the provider lists of a span of time.</param>
    /// <param name="purchases">Of the same method: those that the listed payments name, and those that were paid in the span.</param>
    public static ComparisonResult Of(IEnumerable<ListedPayment> listed, IEnumerable<Purchase> purchases)
    {
        var byOrder = listed.GroupBy(payment => payment.Order, StringComparer.Ordinal).ToDictionary(
            payments => payments.Key, payments => payments.DistinctBy(payment => payment.Id).ToImmutableArray(), StringComparer.Ordinal);
        var (matched, foreign) = (0, 0);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var purchase in purchases.DistinctBy(purchase => purchase.Order).OrderBy(purchase => purchase.Order, StringComparer.Ordinal))
        {
            byOrder.Remove(purchase.Order, out var payments);
            payments = payments.IsDefault ? [] : payments;
            if (Judge(purchase, payments) is { } kind) findings.Add(new Finding(kind, purchase.Order, payments));
            else matched += payments.Length;
        }
        foreach (var payment in byOrder.Values.SelectMany(payments => payments).OrderBy(payment => payment.Id, StringComparer.Ordinal))
        {
            if (IsOrder(payment.Order) && IsKept(payment)) findings.Add(new Finding(FindingKind.PaymentOfNobody, payment.Order, [payment]));
            else foreign++;
        }
        return new ComparisonResult(matched, foreign, findings.ToImmutable());
    }

    /// <summary>Null: the purchase says the same as the provider, as far as the payments go.</summary>
    /// <param name="payments">Those that name the order.</param>
    public static FindingKind? Judge(Purchase purchase, ImmutableArray<ListedPayment> payments)
    {
        var known = purchase.Payments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var accepted = payments.Where(payment => known.Contains(payment.Id)).ToImmutableArray();
        var others = payments.Except(accepted).Where(IsKept).ToImmutableArray();
        if (known.Length == 0)
        {
            var isGone = others.All(payment => payment.IsDisputed && purchase.Status == PurchaseStatus.Refunded);
            return isGone ? null : IsPrice(purchase, others) ? FindingKind.PaidNotCredited : FindingKind.AmountDiffers;
        }
        if (accepted.Length < known.Length) return FindingKind.CreditedNotListed;
        if (accepted.Any(payment => !IsCounted(purchase, payment)) || accepted.Sum(payment => payment.Amount) != purchase.Paid) return FindingKind.AmountDiffers;
        if (accepted.Sum(GoneBack) != purchase.Refunded) return FindingKind.RefundDiffers;
        if (accepted.Any(payment => payment.IsDisputed) && purchase.Dispute == DisputeState.None) return FindingKind.RefundDiffers;
        if (purchase.Lot == 0 && purchase.Paid > purchase.GoneBack && purchase.Dispute != DisputeState.Open) return FindingKind.PaidNotCredited;

        // Paid again: that money is a surplus, and belongs on the tenant's balance. What is disputed of it, the dispute decides.
        var again = others.Where(payment => !payment.IsDisputed).ToImmutableArray();
        if (again.Any(payment => !IsCounted(purchase, payment))) return FindingKind.AmountDiffers;
        return again.Sum(payment => payment.Amount - GoneBack(payment)) > purchase.SurplusCredited ? FindingKind.PaidNotCredited : null;
    }

    /// <summary>One of them is the price, or they are its parts.</summary>
    private static bool IsPrice(Purchase purchase, ImmutableArray<ListedPayment> payments) => payments.All(payment => IsCounted(purchase, payment))
        && (payments.Any(payment => payment.Amount == purchase.Price) || payments.Sum(payment => payment.Amount) == purchase.Price);

    private static bool IsCounted(Purchase purchase, ListedPayment payment) => payment.Amount is not null && payment.Currency == purchase.Currency;

    /// <summary>Something of it did not go back.</summary>
    private static bool IsKept(ListedPayment payment) => payment.Amount is not { } amount || amount > payment.Refunded;

    private static long GoneBack(ListedPayment payment) => Math.Min(payment.Refunded, payment.Amount ?? 0);

    /// <summary>Has the form of an order's id. Other programs that share the account name theirs as they like.</summary>
    private static bool IsOrder(string text) => Guid.TryParseExact(text, "D", out var id) && id.Version == 7;
}

/// <summary>One payment that took money, as a provider's list has it.</summary>
/// <param name="Id">The provider's id of it.</param>
/// <param name="Order">Our order's id, as the provider has it; empty: it has none, so it is not ours.</param>
/// <param name="Amount">Minor units; null: not as agreed in a way that cannot be counted.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Refunded">Minor units that went back to the buyer, or are on their way.</param>
/// <param name="At">When it was made, or when it took the money, whichever the provider's list goes by.</param>
/// <param name="IsDisputed">The buyer has asked the money back of their bank, whatever came of it.</param>
public sealed record ListedPayment(
    string Id, string Order, long? Amount, string Currency, long Refunded, DateTimeOffset At, bool IsDisputed = false)
{
    /// <summary>A payment of the order as the provider says of the order itself, which is newer than any list.</summary>
    public static ListedPayment Of(TakenPayment payment, string order, DateTimeOffset at) => new(
        payment.Id, order, payment.Order == order && payment.IsOurAccount && payment.IsOurMode ? payment.Amount : null, payment.Currency,
        payment.Refunded, at, payment.Dispute != DisputeState.None);
}

/// <summary>Where the provider's list and the purchases agree, and where not. Every listed payment is in exactly one of the three.</summary>
/// <param name="Matched">Payments of purchases that say the same.</param>
/// <param name="Foreign">Payments without an order of ours: the account is used for other things too.</param>
/// <param name="Findings">At most one for each purchase.</param>
public sealed record ComparisonResult(int Matched, int Foreign, ImmutableArray<Finding> Findings);

/// <summary>A difference between a provider and us.</summary>
/// <param name="Order">Our order's id.</param>
/// <param name="Payments">What the provider lists of the order; empty: nothing.</param>
public sealed record Finding(FindingKind Kind, string Order, ImmutableArray<ListedPayment> Payments);

/// <summary>How a provider and we differ about an order.</summary>
public enum FindingKind
{
    /// <summary>The provider has money for an order that was never made here, or was lost from here.</summary>
    PaymentOfNobody,

    /// <summary>The provider has money for our order that is neither credited nor on the tenant's balance.</summary>
    PaidNotCredited,

    /// <summary>Money was credited that the provider does not know of.</summary>
    CreditedNotListed,

    /// <summary>The provider has another amount or currency than the purchase.</summary>
    AmountDiffers,

    /// <summary>The provider says of refunds or disputes something else than the purchase.</summary>
    RefundDiffers,
}
