using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Tenancy;

/// <summary>
/// SHA-256 of an API key: all that is stored of it. A plain hash is enough, for a key is 256 random bits and nobody can
/// try them out; looking a key up by its hash tells an attacker nothing by its timing.
/// </summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int KeyLengthMax = 256;
    private const string Prefix = "topup_";

    public static string NewKey() => KeyOf(RandomNumberGenerator.GetBytes(32));

    /// <param name="secret">256 random bits.</param>
    public static string KeyOf(byte[] secret) => Prefix + Base64Url.EncodeToString(secret);

    /// <summary>Whether the key can be sent in a header: printable ASCII, no space at its ends.</summary>
    public static bool IsKey(ReadOnlySpan<char> key) =>
        key.Length is > 0 and <= KeyLengthMax && !key.ContainsAnyExceptInRange(' ', '~') && key[0] != ' ' && key[^1] != ' ';

    /// <summary>The hash of a key that <see cref="IsKey"/>.</summary>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> ascii = stackalloc byte[KeyLengthMax];
        Span<ulong> hash = stackalloc ulong[4];
        var length = Encoding.ASCII.GetBytes(key, ascii);
        SHA256.HashData(ascii[..length], MemoryMarshal.AsBytes(hash));
        return new KeyHash(hash[0], hash[1], hash[2], hash[3]);
    }

    public byte[] ToBytes() => MemoryMarshal.AsBytes<ulong>([A, B, C, D]).ToArray();

    // A part of a good hash is a good hash.
    public override int GetHashCode() => unchecked((int)A);
}
