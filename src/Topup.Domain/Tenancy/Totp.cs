using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Domain.Tenancy;

/// <summary>
/// Codes of an authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is what every app knows.
/// A code counts one step before and after its own, for clocks that differ, and never twice.
/// </summary>
public static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>As long as the hash, which RFC 4226 recommends.</summary>
    public const int SecretLength = 20;

    private const int StepsBeside = 1;
    private const int Modulus = 1_000_000;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step of a moment.</summary>
    public static long StepAt(Instant now) => now.UnixMs / (StepSeconds * 1000L);

    /// <summary>The code of a step.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 prescribes HMAC-SHA-1, in which SHA-1 is not broken.")]
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        HMACSHA1.HashData(secret, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & 0x7fffffff;
        return Text(number % Modulus);
    }

    /// <summary>The step that a code is of, if it counts now and is later than the last one used; null: the code is wrong.</summary>
    /// <param name="lastStep">Of the last code that was used.</param>
    public static long? Accept(ReadOnlySpan<byte> secret, string code, Instant now, long lastStep)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length != Digits || code.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        var given = Encoding.ASCII.GetBytes(code);
        long? accepted = null;
        // All are compared, so that the time it takes tells nothing.
        for (var step = StepAt(now) - StepsBeside; step <= StepAt(now) + StepsBeside; step++)
        {
            var isIt = CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(CodeOf(secret, step)));
            if (isIt && step > lastStep) accepted = step;
        }
        return accepted;
    }

    /// <summary>What an authenticator app reads from a QR code.</summary>
    /// <param name="issuer">Whose account it is, such as the name of the business.</param>
    /// <param name="account">Whose it is there, such as an e-mail address.</param>
    public static string AddressOf(string secretText, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={secretText}&issuer={Uri.EscapeDataString(issuer)}"
        + $"&algorithm=SHA1&digits={Text(Digits, 1)}&period={Text(StepSeconds, 1)}";

    /// <summary>A secret as people type it: base32 of RFC 4648, without padding.</summary>
    public static string TextOf(ReadOnlySpan<byte> secret)
    {
        var text = new StringBuilder((secret.Length * 8 + 4) / 5);
        var (bits, count) = (0, 0);
        foreach (var part in secret)
        {
            bits = (bits << 8 | part) & 0xfff;
            count += 8;
            for (; count >= 5; count -= 5) text.Append(Base32[bits >> (count - 5) & 31]);
        }
        if (count > 0) text.Append(Base32[bits << (5 - count) & 31]);
        return text.ToString();
    }

    /// <summary>The secret of a text that <see cref="TextOf"/> made.</summary>
    public static byte[] SecretOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var secret = new byte[text.Length * 5 / 8];
        var (bits, count, length) = (0, 0, 0);
        foreach (var letter in text)
        {
            bits = (bits << 5 | Base32.IndexOf(letter, StringComparison.Ordinal)) & 0xfff;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            secret[length++] = (byte)(bits >> count & 0xff);
        }
        return secret;
    }

    private static string Text(int number, int digits = Digits) =>
        number.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
