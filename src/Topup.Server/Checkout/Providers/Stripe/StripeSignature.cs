using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Checkout.Providers.Stripe;

/// <summary>
/// Whether Stripe sent a notification: <c>t=1700000000,v1=5257a8…</c> in its header, where v1 is the HMAC-SHA256 of the time,
/// a point and the raw body. While a secret is being replaced there is one v1 for each.
/// </summary>
internal static class StripeSignature
{
    /// <summary>Older or newer than this by our clock, a notification may have been recorded and played back.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int HexLength = 2 * HMACSHA256.HashSizeInBytes;
    private const int TimeLengthMax = 12;

    public static bool IsGenuine(string header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var (time, signatures) = Read(header);
        if (time.Length is 0 or > TimeLengthMax || !time.All(char.IsAsciiDigit)) return false;
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(Math.Min(long.Parse(time, CultureInfo.InvariantCulture), DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        if ((now - sentAt).Duration() > Tolerance) return false;

        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        Span<byte> expected = stackalloc byte[HexLength];
        var isGenuine = false;
        foreach (var secret in secrets.Select(secret => secret.Trim()).Where(secret => secret.Length > 0))
        {
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)), expected);
            foreach (var signature in signatures) isGenuine |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }
        return isGenuine;
    }

    /// <summary>The time as it was signed, and each v1; other schemes are for others.</summary>
    private static (string Time, List<byte[]> Signatures) Read(string header)
    {
        var time = "";
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : ("", "");
            if (name == "t") time = value;
            if (name == "v1" && value.Length == HexLength) signatures.Add(Encoding.UTF8.GetBytes(value));
        }
        return (time, signatures);
    }
}
