using System.Collections.Immutable;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>Mercado Pago's payments of one order, in our words.</summary>
internal static class MercadoPagoTruth
{
    /// <summary>
    /// How long after the page has closed an order still counts as open: a payment of the last minute takes a while to be
    /// made, and to be found.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public static PaymentTruth Of(PurchaseRow purchase, IEnumerable<MercadoPagoPayment> payments, string account, DateTimeOffset now)
    {
        var ordered = payments.OrderBy(payment => payment.Created).ThenBy(payment => payment.Id.Length).ThenBy(payment => payment.Id, StringComparer.Ordinal).ToList();
        var taken = ordered.Where(payment => payment.TookMoney).Select(payment => Taken(payment, account)).ToImmutableArray();
        if (taken.Length > 0) return new PaymentTruth { State = PaymentState.Paid, Payments = taken };
        if (ordered.Exists(payment => payment.IsUnderWay)) return new PaymentTruth { State = PaymentState.Processing };

        // An attempt that was rejected or ran out is not the end: the buyer may pay again on the same page while it is open.
        var isOver = now > purchase.ExpiresAt.Plus(Grace).ToDateTimeOffset();
        var failure = ordered.FindLast(payment => payment.HasFailed)?.Detail ?? "";
        return new PaymentTruth { State = isOver ? PaymentState.Expired : PaymentState.Open, Failure = failure };
    }

    private static TakenPayment Taken(MercadoPagoPayment payment, string account)
    {
        var amount = payment.Amount is { } wire ? MercadoPagoMoney.FromWire(wire, payment.Currency) : null;
        var refunded = MercadoPagoMoney.FromWire(payment.Refunded, payment.Currency);
        var dispute = DisputeOf(payment);
        return new TakenPayment
        {
            Id = payment.Id,
            Order = payment.Order,
            // Without a refund that can be counted, what is left cannot be counted either.
            Amount = refunded is null ? null : amount,
            Currency = payment.Currency,
            IsOurAccount = payment.Account == account,
            Refunded = refunded ?? 0,
            Dispute = dispute,
            Disputed = dispute == DisputeState.None ? 0 : amount ?? 0,
        };
    }

    private static DisputeState DisputeOf(MercadoPagoPayment payment) => (payment.Status, payment.Detail) switch
    {
        ("in_mediation", _) => DisputeState.Open,
        ("charged_back", "settled") => DisputeState.Lost,
        ("charged_back", "reimbursed") => DisputeState.Won,
        // What is not decided in a word that we know is not decided.
        ("charged_back", _) => DisputeState.Open,
        _ => DisputeState.None,
    };
}
