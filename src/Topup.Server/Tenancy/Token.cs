using System.Buffers.Text;
using System.Security.Cryptography;

namespace Topup.Server.Tenancy;

/// <summary>
/// What a session or a link is known by: 256 random bits, of which only the SHA-256 is stored. As with keys, a plain hash
/// is enough, for nobody can try them out.
/// </summary>
internal static class Token
{
    private const int Length = 32;

    public static string New() => Of(RandomNumberGenerator.GetBytes(Length));

    /// <param name="secret">256 random bits.</param>
    public static string Of(byte[] secret) => Base64Url.EncodeToString(secret);

    /// <summary>Null: no token looks like this.</summary>
    public static byte[]? HashOf(string? token) => token is not null && KeyHash.IsKey(token) ? KeyHash.Of(token).ToBytes() : null;
}
