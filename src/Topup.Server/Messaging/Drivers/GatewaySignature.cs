using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Messaging.Drivers;

/// <summary>
/// What passes between this server and a platform's gateway is signed, in both directions, after Standard Webhooks 1.0.0,
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
internal static class GatewaySignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = "whsec_";
    public const int SecretBytesMin = 24;
    public const int SecretBytesMax = 64;

    private const string Version = "v1,";

    /// <summary>Older or newer than this by our clock, a request may have been recorded and played back.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret)!, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));

    public static bool IsGenuine(string secret, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (id, timestamp) = (headers[IdHeader].ToString(), headers[TimestampHeader].ToString());
        if (id.Length == 0 || KeyOf(secret) is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)seconds - now.ToUnixTimeSeconds()) > (decimal)Tolerance.TotalSeconds) return false;
        var right = Encoding.ASCII.GetBytes(Sign(secret, id, timestamp, body));
        var isGenuine = false;
        foreach (var given in headers[SignatureHeader].ToString().Split(' '))
            isGenuine |= CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(given));
        return isGenuine;
    }

    /// <summary>Null: it is no secret of this kind.</summary>
    public static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var key = new byte[SecretBytesMax];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], key, out var length) && length >= SecretBytesMin ? key[..length] : null;
    }
}
