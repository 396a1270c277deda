using System.Buffers.Binary;

namespace Topup.Server.Storage;

/// <summary>
/// Ids of events: UUIDs of version 7 whose twelve bits after the milliseconds count up, so that the events of one
/// process sort in the order in which they were made, also within a millisecond. Source: RFC 9562, section 6.2, method 1.
/// </summary>
internal static class EventId
{
    private const int CounterBits = 12;
    private static long last;

    public static string Next(DateTimeOffset now)
    {
        var first = now.ToUnixTimeMilliseconds() << CounterBits;
        long seen, next;
        do
        {
            seen = Interlocked.Read(ref last);
            next = Math.Max(seen + 1, first);
        }
        while (Interlocked.CompareExchange(ref last, next, seen) != seen);

        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next >> CounterBits)).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (int)(next & 0xfff)));
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
