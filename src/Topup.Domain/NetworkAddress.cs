using System.Buffers.Binary;

namespace Topup.Domain;

/// <summary>
/// Which addresses a request to somebody else's server may go to. What is not known to be public is not: an address may
/// lead to this machine, its network, or the service that hands out its credentials.
/// </summary>
public static class NetworkAddress
{
    private static readonly (uint First, int Length)[] NotPublicV4 =
    [
        (0x00000000, 8), // this network
        (0x0a000000, 8), // private
        (0x64400000, 10), // shared by carriers
        (0x7f000000, 8), // loopback
        (0xa83f8110, 32), // the host below an Azure machine
        (0xa9fe0000, 16), // link-local, and most metadata services
        (0xac100000, 12), // private
        (0xc0000000, 24), // protocol assignments
        (0xc0000200, 24), // documentation
        (0xc0586300, 24), // relays from IPv6, deprecated
        (0xc0a80000, 16), // private
        (0xc6120000, 15), // benchmarks
        (0xc6336400, 24), // documentation
        (0xcb007100, 24), // documentation
        (0xe0000000, 4), // multicast
        (0xf0000000, 4), // reserved, and broadcast
    ];

    /// <param name="address">Four bytes of IPv4, or sixteen of IPv6, the most significant first.</param>
    public static bool IsPublic(ReadOnlySpan<byte> address) => address.Length switch
    {
        4 => IsPublicV4(BinaryPrimitives.ReadUInt32BigEndian(address)),
        16 => IsPublicV6(address),
        _ => false,
    };

    private static bool IsPublicV4(uint address)
    {
        foreach (var (first, length) in NotPublicV4)
            if ((address ^ first) >> (32 - length) == 0) return false;
        return true;
    }

    private static bool IsPublicV6(ReadOnlySpan<byte> address)
    {
        // An IPv4 address in disguise is what it is: mapped (::ffff:0:0/96), or behind a translator (64:ff9b::/96).
        if (StartsWith(address, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) || StartsWith(address, [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
            return IsPublicV4(BinaryPrimitives.ReadUInt32BigEndian(address[12..]));
        // Only 2000::/3 is handed out to the world.
        if ((address[0] & 0xe0) != 0x20) return false;
        var first = BinaryPrimitives.ReadUInt32BigEndian(address);
        return !(first >> 9 == 0x20010000 >> 9 // protocol assignments, Teredo among them
            || first == 0x20010db8 // documentation
            || first >> 16 == 0x2002 // 6to4, which carries any IPv4 address
            || first >> 12 == 0x3fff0); // documentation
    }

    private static bool StartsWith(ReadOnlySpan<byte> address, ReadOnlySpan<byte> prefix) => address.StartsWith(prefix);
}
