using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Topup.Testing.Fakes;

/// <summary>Its notifications, signed when the event is made.</summary>
internal sealed partial class FakeStripe
{
    private const string SignatureHeader = "stripe-signature";

    /// <summary>The header that Stripe would send with the body at this moment.</summary>
    public string Sign(byte[] body) => Sign(body, WebhookSecret, Clock.GetUtcNow());

    public static string Sign(byte[] body, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return $"t={time},v1={Convert.ToHexStringLower(mac)}";
    }

    /// <summary>The same event at a later try: signed anew.</summary>
    public FakeNotification SignedNow(FakeNotification notification) => Signed(notification.Body);

    /// <summary>Any body, as a notification of Stripe's.</summary>
    public FakeNotification Signed(byte[] body) => Notification(body, Sign(body));

    public static FakeNotification Notification(byte[] body, string signature) => new("/webhooks/stripe",
        new Dictionary<string, string> { ["content-type"] = "application/json; charset=utf-8", [SignatureHeader] = signature }, body);

    /// <summary>Such as <c>charge.refunded</c>.</summary>
    public static string TypeOf(FakeNotification notification) => JsonNode.Parse(notification.Body)!["type"]!.GetValue<string>();

    private void Tell(string type, JsonObject about)
    {
        var envelope = new JsonObject
        {
            ["id"] = NewId("evt"),
            ["object"] = "event",
            ["api_version"] = Version,
            ["created"] = Now,
            ["type"] = type,
            ["livemode"] = IsLive,
            ["data"] = new JsonObject { ["object"] = about },
        };
        Notify(Signed(Encoding.UTF8.GetBytes(envelope.ToJsonString())));
    }
}
