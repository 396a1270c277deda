using System.Security.Cryptography;
using System.Text;

namespace Topup.Server.Checkout.Providers.MercadoPago;

/// <summary>
/// Idempotency keys of Mercado Pago must be UUIDs. These follow from a name, so that the same order or refund has the same
/// key on every server and after every restart: version 5 of RFC 9562.
/// </summary>
internal static class MercadoPagoKey
{
    private const int Version = 5;

    private static readonly Guid Space = new("8f0c6f2e-7d0b-5c1a-9a57-3d2b6b1f4e90");

    public static Guid Of(string name)
    {
        var hash = Hash([.. Space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    // SHA-1 is what version 5 is made of; nothing here rests on its strength.
#pragma warning disable CA5350
    private static byte[] Hash(byte[] name) => SHA1.HashData(name);
#pragma warning restore CA5350
}
