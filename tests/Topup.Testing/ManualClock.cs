using System.Globalization;

namespace Topup.Testing;

/// <summary>A clock that stands still until a test moves it, in either direction. Timers and waits go by the system's time.</summary>
public sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private long ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref ticks, now.UtcTicks);

    /// <summary>Such as <c>2028-02-29T00:00:00Z</c>.</summary>
    public void Set(string now) => Set(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
