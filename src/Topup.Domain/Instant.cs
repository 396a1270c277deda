namespace Topup.Domain;

/// <summary>
/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. It is the unit in which times are stored and compared,
/// so a moment read back from a database is equal to the moment that was written.
/// </summary>
public readonly record struct Instant(long UnixMs) : IComparable<Instant>
{
    /// <summary>Later than every real moment: "no expiry" sorts last and is never reached.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>Earlier than every real moment.</summary>
    public static readonly Instant Always = new(0);

    public static Instant From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>The same moment as a <see cref="DateTimeOffset"/> in UTC. <see cref="Never"/> has none.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMs);

    public DateTimeOffset? ToDateTimeOffsetOrNull() => this == Never ? null : ToDateTimeOffset();

    public Instant Plus(TimeSpan span) => new(UnixMs + (long)(span.Ticks / TimeSpan.TicksPerMillisecond));

    public int CompareTo(Instant other) => UnixMs.CompareTo(other.UnixMs);

    public static bool operator <(Instant left, Instant right) => left.UnixMs < right.UnixMs;

    public static bool operator >(Instant left, Instant right) => left.UnixMs > right.UnixMs;

    public static bool operator <=(Instant left, Instant right) => left.UnixMs <= right.UnixMs;

    public static bool operator >=(Instant left, Instant right) => left.UnixMs >= right.UnixMs;

    public static Instant Later(Instant left, Instant right) => left > right ? left : right;

    public static Instant Earlier(Instant left, Instant right) => left < right ? left : right;
}
