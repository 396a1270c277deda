using System.Text.Json;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>One payment, or attempt of one, in Mercado Pago's own words.</summary>
/// <param name="Order">Its <c>external_reference</c>: our order's id, when it is ours.</param>
/// <param name="Account">Whom it was paid to.</param>
/// <param name="Amount">Major units: the price, without what the buyer's bank adds for instalments; null: not said.</param>
/// <param name="Refunded">Major units that went back, or are on their way.</param>
internal sealed record MercadoPagoPayment(
    string Id, string Status, string Detail, string Order, string Account, string Currency, decimal? Amount, decimal Refunded,
    DateTimeOffset Created, DateTimeOffset? Approved)
{
    /// <summary>Money was taken, whatever became of it later.</summary>
    public bool TookMoney => Status is "approved" or "in_mediation" or "refunded" or "charged_back";

    public bool IsDisputed => Status is "in_mediation" or "charged_back";

    public bool IsUnderWay => Status is "in_process" or "authorized"
        || (Status == "pending" && Detail.StartsWith("pending_waiting_", StringComparison.Ordinal));

    public bool HasFailed => Status is "rejected" or "cancelled" or "canceled";

    public static MercadoPagoPayment Read(JsonElement payment)
    {
        var (status, amount) = (payment.Text("status"), payment.Decimal("transaction_amount"));
        return new MercadoPagoPayment(
            payment.Text("id"), status, payment.Text("status_detail"), payment.Text("external_reference"), payment.Text("collector_id"),
            payment.Text("currency_id"), amount, status == "refunded" ? amount ?? 0 : RefundedOf(payment),
            payment.Time("date_created") ?? DateTimeOffset.MinValue, payment.Time("date_approved"));
    }

    /// <summary>
    /// A refund that was rejected did not leave us. Whether the sum counts it, or counts one that is in process, is nowhere
    /// said; this is right either way.
    /// </summary>
    private static decimal RefundedOf(JsonElement payment)
    {
        var refunds = payment.Items("refunds").ToLookup(refund => refund.Text("status") == "rejected", refund => refund.Decimal("amount") ?? 0);
        var sum = payment.Decimal("transaction_amount_refunded") ?? 0;
        return Math.Max(refunds[false].Sum(), sum - refunds[true].Sum());
    }
}
