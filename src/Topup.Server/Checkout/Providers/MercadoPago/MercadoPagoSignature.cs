using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// The signature of a webhook, <c>x-signature: ts=…,v1=…</c>: HMAC-SHA256 over the id in the query, the request's id and
/// the time. The body is not signed, nor is anything else of the query.
/// </summary>
internal static class MercadoPagoSignature
{
    /// <summary>How far its time may be from ours, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Beyond it, a time is in milliseconds and not in seconds: both have been seen.</summary>
    private const long SecondsMax = 100_000_000_000;

    /// <param name="header">Of <c>x-signature</c>.</param>
    /// <param name="id">Of <c>data.id</c> in the query.</param>
    /// <param name="secrets">Any of them may have signed; blanks around a pasted one do not count.</param>
    public static bool IsGenuine(string header, string id, string requestId, IEnumerable<string> secrets, DateTimeOffset now)
    {
        if (Parse(header) is not var (time, signature) || !IsFresh(time, now)) return false;
        var given = Encoding.UTF8.GetBytes(signature);
        var genuine = false;
        foreach (var secret in secrets.Select(secret => secret.Trim()).Where(secret => secret.Length > 0))
        {
            genuine |= CryptographicOperations.FixedTimeEquals(Sign(secret, id, requestId, time), given);
            // An id with letters was signed in small ones by older servers of theirs.
            genuine |= CryptographicOperations.FixedTimeEquals(Sign(secret, id.ToLowerInvariant(), requestId, time), given);
        }
        return genuine;
    }

    /// <summary>The signature alone; empty: there is none.</summary>
    public static string ValueOf(string header) => Parse(header)?.Signature ?? "";

    /// <summary>In small hexadecimal letters. What has no value is left out of what is signed.</summary>
    public static byte[] Sign(string secret, string id, string requestId, string time)
    {
        var manifest = $"{Part("id", id)}{Part("request-id", requestId)}{Part("ts", time)}";
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(manifest))));
    }

    private static string Part(string name, string value) => value.Length == 0 ? "" : $"{name}:{value};";

    /// <summary>Null: it is no signature, or more than one.</summary>
    private static (string Time, string Signature)? Parse(string header)
    {
        var parts = header.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)).Where(part => part.Length == 2)
            .ToLookup(part => part[0], part => part[1], StringComparer.Ordinal);
        return (parts["ts"].ToList(), parts["v1"].ToList()) is ([var time], [var signature]) ? (time, signature) : null;
    }

    private static bool IsFresh(string time, DateTimeOffset now)
    {
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var given)) return false;
        // Subtracted from what is surely in range, and never multiplied, so that no number overflows.
        var away = given > SecondsMax ? given - now.ToUnixTimeMilliseconds() : (given - now.ToUnixTimeSeconds()) * 1_000;
        return Math.Abs(away) <= Tolerance.TotalMilliseconds;
    }
}
