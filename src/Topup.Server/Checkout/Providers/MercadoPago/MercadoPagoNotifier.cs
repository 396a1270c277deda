using System.Text.Json;
using Topup.Domain.Checkout;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// Notifications of Mercado Pago. They are hints: what they are about is fetched, and only that is believed. Genuine ones
/// are known to arrive unsigned or with a signature that does not fit, so by default those are hints too.
/// </summary>
internal sealed class MercadoPagoNotifier(IProviderSettings settings, MercadoPagoClient client) : INotifier
{
    public string Method => PaymentMethod.MercadoPago;

    public async Task<NotificationVerdict> Check(Notification notification, DateTimeOffset now, CancellationToken stop)
    {
        var options = await settings.MercadoPago(stop);
        var notice = MercadoPagoNotice.Read(notification);
        if (options.Signatures == SignatureMode.Off) return new NotificationVerdict(Accepted: true, Type: notice.Type, Trusted: false);
        // Told apart by what is signed: by the body's own id, an altered body could pass for a notification that is yet to come.
        if (IsSigned(notification, notice, options, now))
            return new NotificationVerdict(Accepted: true, MercadoPagoSignature.ValueOf(SignatureOf(notification)), notice.Type);
        return options.Signatures == SignatureMode.Strict
            ? NotificationVerdict.Forged
            : new NotificationVerdict(Accepted: true, Type: notice.Type, Trusted: false);
    }

    public async Task<ProviderAnswer<NotificationSubject>> SubjectOf(Notification notification, CancellationToken stop)
    {
        var options = await settings.MercadoPago(stop);
        var notice = MercadoPagoNotice.Read(notification);
        if (notice.Id.Length == 0) return NotificationSubject.Nothing;
        return notice.Topic switch
        {
            MercadoPagoTopic.Payment => await Payment(options, notice.Id, stop),
            MercadoPagoTopic.MerchantOrder => await MerchantOrder(options, notice.Id, stop),
            MercadoPagoTopic.Chargeback => await Chargeback(options, notice.Id, stop),
            MercadoPagoTopic.Other => NotificationSubject.Nothing,
        };
    }

    /// <summary>Without an id in the query nothing that matters is signed, whatever the signature.</summary>
    private static bool IsSigned(Notification notification, MercadoPagoNotice notice, MercadoPagoOptions options, DateTimeOffset now) =>
        notice.SignedId.Length > 0
        && MercadoPagoSignature.IsGenuine(SignatureOf(notification), notice.SignedId, RequestIdOf(notification), options.WebhookSecrets, now);

    private static string SignatureOf(Notification notification) => notification.Headers.GetValueOrDefault("x-signature", "");

    private static string RequestIdOf(Notification notification) => notification.Headers.GetValueOrDefault("x-request-id", "");

    private async Task<ProviderAnswer<NotificationSubject>> Payment(MercadoPagoOptions options, string id, CancellationToken stop)
    {
        if (!MercadoPagoNotice.IsNumber(id)) return NotificationSubject.Nothing;
        var answer = await client.Get(options, $"/v1/payments/{id}", stop);
        return answer.Failure is { } failure ? NothingOr(failure) : Subject(answer.Value.Text("external_reference"), id);
    }

    private async Task<ProviderAnswer<NotificationSubject>> MerchantOrder(MercadoPagoOptions options, string id, CancellationToken stop)
    {
        if (!MercadoPagoNotice.IsNumber(id)) return NotificationSubject.Nothing;
        var answer = await client.Get(options, $"/merchant_orders/{id}", stop);
        if (answer.Failure is { } failure) return NothingOr(failure);
        var payment = answer.Value.Items("payments").Select(item => item.Text("id")).LastOrDefault(MercadoPagoNotice.IsNumber) ?? "";
        return Subject(answer.Value.Text("external_reference"), payment);
    }

    private async Task<ProviderAnswer<NotificationSubject>> Chargeback(MercadoPagoOptions options, string id, CancellationToken stop)
    {
        var answer = await client.Get(options, $"/v1/chargebacks/{id}", stop);
        if (answer.Failure is { } failure) return NothingOr(failure);
        // The list is of numbers by the documentation, and of objects in its example.
        var payment = answer.Value.Items("payments").Select(item => item.ValueKind == JsonValueKind.Object ? item.Text("id") : item.AsText())
            .FirstOrDefault(MercadoPagoNotice.IsNumber);
        return payment is null ? NotificationSubject.Nothing : await Payment(options, payment, stop);
    }

    /// <summary>The same account may sell other things by other programs: what is not one of our ids is not ours.</summary>
    private static NotificationSubject Subject(string order, string payment) =>
        Guid.TryParseExact(order, "D", out _) ? new NotificationSubject(order, payment) : NotificationSubject.Nothing;

    /// <summary>What Mercado Pago does not know, or not yet, is nothing; the order's own turn to be asked about comes anyway.</summary>
    private static ProviderAnswer<NotificationSubject> NothingOr(ProviderFailure failure) =>
        failure.Kind == ProviderFailureKind.Unavailable ? failure : NotificationSubject.Nothing;
}
