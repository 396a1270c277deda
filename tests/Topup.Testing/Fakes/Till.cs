using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Topup.Contracts;

namespace Topup.Testing.Fakes;

/// <summary>
/// A provider as buyers, their banks and the operator see it, in the same words for each, for what must hold for all.
/// Amounts are major units; orders and payments are named by their ids.
/// </summary>
internal abstract class Till(FakeProvider provider)
{
    private readonly Lock acting = new();

    public abstract string Method { get; }

    /// <summary>In which it is paid here.</summary>
    public abstract string Currency { get; }

    public FakeProvider Provider => provider;

    /// <summary>What the server must know to call it.</summary>
    public abstract PaymentMethodRequest Keys { get; }

    /// <summary>The same as settings of a server's environment.</summary>
    public abstract IEnumerable<(string Name, string Value)> Settings { get; }

    /// <summary>What becomes of refunds that are asked for: done, or still under way.</summary>
    public abstract bool RefundsTakeTime { set; }

    /// <summary>The buyer pays on the page of an order; the payment.</summary>
    public abstract string Pay(string order, decimal? amount = null, string? currency = null);

    /// <summary>The buyer has done their part, and the money comes later; the payment.</summary>
    public abstract string PayLater(string order);

    /// <summary>The money of <see cref="PayLater"/> comes.</summary>
    public abstract void Arrive(string order, string payment);

    /// <summary>An attempt to pay fails; the buyer may try again.</summary>
    public abstract void Decline(string order);

    /// <summary>The operator gives money back on the provider's own pages.</summary>
    public abstract void Refund(string payment, decimal? amount = null);

    /// <summary>The last refund of a payment does not reach the buyer.</summary>
    public abstract void FailRefund(string payment);

    public abstract void Dispute(string payment);

    /// <summary>A dispute ends.</summary>
    /// <param name="won">For us; else the money is gone.</param>
    public abstract void EndDispute(string payment, bool won);

    /// <summary>How often the order was paid.</summary>
    public abstract int PaymentsTaken(string order);

    /// <summary>How many refunds were made of the order, failed ones included.</summary>
    public abstract int RefundsMade(string order);

    /// <summary>What of an order's payments went back to the buyer, or is on its way.</summary>
    public abstract decimal GoneBack(string order);

    /// <summary>The address to which the buyer of an order is sent after the page.</summary>
    public abstract Uri ReturnAddress(string order);

    /// <summary>The same event, sent once more now.</summary>
    public abstract FakeNotification Again(FakeNotification notification);

    /// <summary>Another event that says the same.</summary>
    public abstract FakeNotification Twin(FakeNotification notification);

    /// <summary>
    /// Does something at the provider, and takes the notifications that come of it; those of what the server asks for
    /// meanwhile may be among them, or lost.
    /// </summary>
    public List<FakeNotification> NewsOf(Action act)
    {
        lock (acting)
        {
            provider.TakeOutgoing();
            act();
            return provider.TakeOutgoing();
        }
    }
}

internal sealed class StripeTill(FakeStripe stripe) : Till(stripe)
{
    private readonly ConcurrentDictionary<string, string> disputes = new();
    private int twins;

    public FakeStripe Stripe => stripe;

    public override string Method => "stripe";

    public override string Currency => "USD";

    public override PaymentMethodRequest Keys => new()
    {
        Enabled = true, SecretKey = stripe.SecretKey, WebhookSecrets = [stripe.WebhookSecret], ApiBase = stripe.Url.ToString(),
    };

    public override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Stripe__SecretKey", stripe.SecretKey), ("Stripe__WebhookSecrets", stripe.WebhookSecret), ("Stripe__ApiBase", stripe.Url.ToString()),
    ];

    public override bool RefundsTakeTime
    {
        set => stripe.RefundStatus = value ? "pending" : "succeeded";
    }

    public override string Pay(string order, decimal? amount = null, string? currency = null) =>
        stripe.Pay(stripe.SessionOf(order), amount is { } major ? (long)(major * 100) : null, currency?.ToLowerInvariant());

    public override string PayLater(string order) => stripe.PayLater(stripe.SessionOf(order));

    public override void Arrive(string order, string payment) => stripe.Arrive(stripe.SessionOf(order));

    public override void Decline(string order) => stripe.Decline(stripe.SessionOf(order));

    public override void Refund(string payment, decimal? amount = null) => stripe.Refund(payment, amount is { } major ? (long)(major * 100) : null);

    public override void FailRefund(string payment) => stripe.FailRefund(stripe.Refunds.Last(refund => refund.Intent.Id == payment).Id);

    public override void Dispute(string payment) => disputes[payment] = stripe.Dispute(payment);

    public override void EndDispute(string payment, bool won) => stripe.Judge(disputes[payment], won ? "won" : "lost");

    public override int PaymentsTaken(string order) => stripe.Intents.Count(intent => intent.Order == order && intent.AmountReceived > 0);

    public override int RefundsMade(string order) => stripe.Refunds.Count(refund => refund.Intent.Order == order);

    public override decimal GoneBack(string order) =>
        stripe.Refunds.Where(refund => refund.Intent.Order == order && refund.Status is not ("failed" or "canceled")).Sum(refund => refund.Amount) / 100m;

    public override Uri ReturnAddress(string order) => new(stripe.Sessions.Last(session => session.Order == order).SuccessUrl);

    public override FakeNotification Again(FakeNotification notification) => stripe.SignedNow(notification);

    public override FakeNotification Twin(FakeNotification notification)
    {
        var twin = JsonNode.Parse(notification.Body)!;
        twin["id"] = $"{twin["id"]}_twin_{Interlocked.Increment(ref twins)}";
        return stripe.Signed(Encoding.UTF8.GetBytes(twin.ToJsonString()));
    }
}

internal sealed class MercadoPagoTill(FakeMercadoPago mercadoPago) : Till(mercadoPago)
{
    public FakeMercadoPago MercadoPago => mercadoPago;

    public override string Method => "mercadopago";

    public override string Currency => "BRL";

    public override PaymentMethodRequest Keys => new()
    {
        Enabled = true, AccessToken = mercadoPago.AccessToken, WebhookSecrets = [FakeMercadoPago.WebhookSecret], SignatureMode = "strict",
        ApiBase = mercadoPago.Url.ToString(),
    };

    public override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("MercadoPago__AccessToken", mercadoPago.AccessToken), ("MercadoPago__WebhookSecrets", FakeMercadoPago.WebhookSecret),
        ("MercadoPago__SignatureMode", "strict"), ("MercadoPago__ApiBase", mercadoPago.Url.ToString()),
    ];

    public override bool RefundsTakeTime
    {
        set => mercadoPago.RefundStatus = value ? "in_process" : "approved";
    }

    public override string Pay(string order, decimal? amount = null, string? currency = null) => mercadoPago.Pay(order, amount, currency);

    public override string PayLater(string order) => mercadoPago.PayLater(order);

    public override void Arrive(string order, string payment) => mercadoPago.Approve(payment);

    public override void Decline(string order) => mercadoPago.Decline(order);

    public override void Refund(string payment, decimal? amount = null) => mercadoPago.RefundAtPanel(payment, amount);

    public override void FailRefund(string payment) => mercadoPago.FinishRefunds(payment, succeed: false);

    public override void Dispute(string payment) => mercadoPago.ChargeBack(payment);

    public override void EndDispute(string payment, bool won)
    {
        if (won) mercadoPago.WinChargeback(payment);
        else mercadoPago.LoseChargeback(payment);
    }

    public override int PaymentsTaken(string order) => mercadoPago.PaymentsTaken(order);

    public override int RefundsMade(string order) => mercadoPago.RefundsMade(order);

    public override decimal GoneBack(string order) => mercadoPago.GoneBack(order);

    public override Uri ReturnAddress(string order) => new((string)mercadoPago.Page(order)["back_urls"]!["success"]!);

    public override FakeNotification Again(FakeNotification notification) => notification;

    /// <summary>Another request about the same payment: signed anew, under another id.</summary>
    public override FakeNotification Twin(FakeNotification notification)
    {
        var body = JsonNode.Parse(notification.Body)!;
        return mercadoPago.Webhook((string)body["type"]!, (string)body["data"]!["id"]!, (string)body["action"]!);
    }
}
