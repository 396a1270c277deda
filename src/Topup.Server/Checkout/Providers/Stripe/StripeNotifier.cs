using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>Stripe's notifications. They only say which order to look at; what became of it is fetched from Stripe.</summary>
internal sealed class StripeNotifier(StripeClient client, IProviderSettings settings) : INotifier
{
    /// <summary>What may change a purchase of ours. Any other event is taken and left alone.</summary>
    private static readonly FrozenSet<string> Types = new[]
    {
        "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired",
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.canceled",
        "charge.refunded", "charge.refund.updated", "refund.created", "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
    }.ToFrozenSet(StringComparer.Ordinal);

    public string Method => StripeProvider.MethodName;

    public async Task<NotificationVerdict> Check(Notification notification, DateTimeOffset now, CancellationToken stop)
    {
        var options = await settings.Stripe(stop);
        var header = notification.Headers.GetValueOrDefault("stripe-signature", "");
        if (!StripeSignature.IsGenuine(header, notification.Body, options.WebhookSecrets, now)) return NotificationVerdict.Forged;
        // Thin events (v2.core.event) are of another API: their endpoint was set up wrongly, and a 400 shows it to the operator.
        return Read(notification.Body, StripeJson.Default.StripeEvent) is { Object: "event" } @event
            ? new NotificationVerdict(Accepted: true, @event.Id, @event.Type)
            : NotificationVerdict.Forged;
    }

    public async Task<ProviderAnswer<NotificationSubject>> SubjectOf(Notification notification, CancellationToken stop)
    {
        var options = await settings.Stripe(stop);
        if (Read(notification.Body, StripeJson.Default.StripeEvent) is not { } @event || !Types.Contains(@event.Type)
            || @event.Livemode != options.IsLive || @event.Data.ValueKind != JsonValueKind.Object
            || Read(JsonSerializer.SerializeToUtf8Bytes(@event.Data), StripeJson.Default.StripeEventData)?.Object is not { } about)
            return NotificationSubject.Nothing;
        var order = about.Metadata?.GetValueOrDefault(StripeProvider.OrderField) ?? about.ClientReferenceId ?? "";
        var payment = about.Object == "payment_intent" ? about.Id ?? "" : PaymentOf(about);
        if (order.Length > 0 || payment.Length == 0) return Subject(order, payment);

        // A dispute, and a refund that was made on Stripe's own pages, do not know our order; their payment does.
        var found = await client.Get(StripeProvider.PathOf(payment), StripeJson.Default.StripeIntent, stop);
        if (found.Failure is { Kind: ProviderFailureKind.Unavailable } failure) return failure;
        return Subject(found.Found?.Order ?? "", payment);
    }

    /// <summary>The same account may sell other things by other programs: what is not one of our ids is not ours.</summary>
    private static NotificationSubject Subject(string order, string payment) =>
        Guid.TryParseExact(order, "D", out _) ? new NotificationSubject(order, payment) : NotificationSubject.Nothing;

    private static string PaymentOf(StripeEventObject about) => about.PaymentIntent.ValueKind switch
    {
        JsonValueKind.String => about.PaymentIntent.GetString()!,
        JsonValueKind.Object when about.PaymentIntent.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String => id.GetString()!,
        _ => "",
    };

    private static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
