using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Topup.Testing.Fakes;

/// <summary>What Mercado Pago tells of changes, in its two formats, and how it signs.</summary>
internal sealed partial class FakeMercadoPago
{
    private const string DefaultPath = "/webhooks/mercadopago";

    /// <summary>A webhook as the real one would send it now, about anything.</summary>
    public FakeNotification Webhook(string type, string id, string action, string pathAndQuery = DefaultPath)
    {
        var body = new JsonObject
        {
            ["action"] = action,
            ["api_version"] = "v1",
            ["data"] = new JsonObject { ["id"] = id },
            ["date_created"] = Write(Clock.GetUtcNow()),
            ["id"] = Interlocked.Increment(ref numbers),
            ["live_mode"] = true,
            ["type"] = type,
            ["user_id"] = Account.ToString(CultureInfo.InvariantCulture),
        };
        var time = SignsInMilliseconds ? Clock.GetUtcNow().ToUnixTimeMilliseconds() : Clock.GetUtcNow().ToUnixTimeSeconds();
        var requestId = Guid.NewGuid().ToString();
        var secret = SignsRightly ? WebhookSecret : "another secret";
        return New($"{pathAndQuery}{Separator(pathAndQuery)}data.id={id}&type={type}", body,
            ("x-request-id", requestId), ("x-signature", Sign(secret, id, requestId, time)));
    }

    /// <summary>The older format, which is never signed.</summary>
    public static FakeNotification Ipn(string topic, string id, string pathAndQuery = DefaultPath) => New(
        $"{pathAndQuery}{Separator(pathAndQuery)}topic={topic}&id={id}",
        new JsonObject { ["resource"] = topic == "payment" ? id : $"https://api.mercadolibre.com/{topic}s/{id}", ["topic"] = topic });

    /// <summary>Written apart from the server's own, so that neither can hide a mistake of the other.</summary>
    public static string Sign(string secret, string id, string requestId, long time)
    {
        var seconds = time.ToString(CultureInfo.InvariantCulture);
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("id:" + id + ";request-id:" + requestId + ";ts:" + seconds + ";"));
        return "ts=" + seconds + ",v1=" + string.Concat(hash.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private void TellOf(Payment payment, string action)
    {
        var (id, path) = (payment.Id.ToString(CultureInfo.InvariantCulture), PathOf(payment));
        if (Notices.HasFlag(MercadoPagoNotices.Webhooks)) Notify(Webhook("payment", id, action, path));
        if (Notices.HasFlag(MercadoPagoNotices.Ipn)) Notify(Ipn("payment", id, path));
        if (Notices.HasFlag(MercadoPagoNotices.MerchantOrders) && payment.Page is { } page)
            Notify(Ipn("merchant_order", page.MerchantOrder.ToString(CultureInfo.InvariantCulture), path));
    }

    private void TellOfChargeback(Payment payment)
    {
        var id = payment.Chargeback.ToString(CultureInfo.InvariantCulture);
        if (Notices.HasFlag(MercadoPagoNotices.Webhooks)) Notify(Webhook("topic_chargebacks_wh", id, "changed_case_status", PathOf(payment)));
        if (Notices.HasFlag(MercadoPagoNotices.Ipn)) Notify(Ipn("chargebacks", id, PathOf(payment)));
    }

    private static string PathOf(Payment payment) =>
        payment.Page is { NotifyUrl.Length: > 0 } page ? new Uri(page.NotifyUrl).PathAndQuery : DefaultPath;

    private static FakeNotification New(string pathAndQuery, JsonObject body, params IEnumerable<(string Name, string Value)> headers) => new(
        pathAndQuery, headers.Append(("content-type", "application/json")).ToDictionary(header => header.Item1, header => header.Item2),
        Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static string Separator(string pathAndQuery) => pathAndQuery.Contains('?', StringComparison.Ordinal) ? "&" : "?";
}
