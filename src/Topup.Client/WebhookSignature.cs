using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Client;

/// <summary>
/// Tells whether a webhook comes from the server that has the secret, by the Standard Webhooks specification. Check it before
/// the body is read as anything, and over the bytes as they came.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The header that names the event; skip one that you have seen.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header that says when the request was made.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far the request's time may be from yours. An old request that is true once is no attack twice.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Prefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>Whether the request is true and not old. What is missing or not of its form is false too.</summary>
    /// <param name="secret">As it was shown when the endpoint was made, with <c>whsec_</c> or without.</param>
    /// <param name="id">Of the header <c>webhook-id</c>.</param>
    /// <param name="timestamp">Of the header <c>webhook-timestamp</c>.</param>
    /// <param name="signature">Of the header <c>webhook-signature</c>: one or several, apart by spaces; one that fits is enough.</param>
    /// <param name="body">The bytes of the body as they came.</param>
    /// <param name="clock">Null: the system's.</param>
    /// <param name="tolerance">Null: <see cref="Tolerance"/>.</param>
    /// <exception cref="FormatException">The secret is none: it is not base64.</exception>
    public static bool Verify(
        string secret, string? id, string? timestamp, string? signature, ReadOnlySpan<byte> body, TimeProvider? clock = null, TimeSpan? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        if (string.IsNullOrEmpty(id) || signature is null || !IsNow(timestamp, clock ?? TimeProvider.System, tolerance ?? Tolerance)) return false;

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        var right = hash.GetHashAndReset();
        var isTrue = false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var each in signature.Split(' '))
        {
            if (!each.StartsWith(Version, StringComparison.Ordinal)) continue;
            if (Convert.TryFromBase64String(each[Version.Length..], given, out var length))
                isTrue |= CryptographicOperations.FixedTimeEquals(right, given[..length]);
        }
        return isTrue;
    }

    private static bool IsNow(string? timestamp, TimeProvider clock, TimeSpan tolerance) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs((decimal)seconds - clock.GetUtcNow().ToUnixTimeSeconds()) <= (decimal)tolerance.Ticks / TimeSpan.TicksPerSecond;
}
