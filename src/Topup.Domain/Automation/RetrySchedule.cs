namespace Topup.Domain.Automation;

/// <summary>When a delivery that failed is tried again: ten times in all, over a little more than three days.</summary>
public static class RetrySchedule
{
    /// <summary>Jitter is given in these parts of its largest value.</summary>
    public const int JitterMax = 1_000;

    /// <summary>A wait is up to a tenth longer, so that what failed together does not come back together.</summary>
    private const int JitterPart = 10;

    /// <summary>The longest wait that a receiver may ask for.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10),
        TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How often a delivery is tried.</summary>
    public static int TriesMax => Waits.Length + 1;

    /// <summary>When the next attempt is due; null: there is none.</summary>
    /// <param name="tries">Attempts so far, at least 1.</param>
    /// <param name="retryAfter">What the receiver asked for: it is never asked earlier than that.</param>
    /// <param name="jitter">From 0 to <see cref="JitterMax"/>.</param>
    public static Instant? Next(int tries, Instant now, TimeSpan? retryAfter, int jitter)
    {
        if (tries >= TriesMax) return null;
        var wait = Waits[tries - 1];
        var spread = TimeSpan.FromTicks(wait.Ticks / JitterPart * jitter / JitterMax);
        return now.Plus(Longer(wait + spread, Bounded(retryAfter)));
    }

    /// <summary>What a receiver asked for, within what it may.</summary>
    internal static TimeSpan Bounded(TimeSpan? retryAfter) => retryAfter switch
    {
        null => TimeSpan.Zero,
        { } asked when asked < TimeSpan.Zero => TimeSpan.Zero,
        { } asked => asked < RetryAfterMax ? asked : RetryAfterMax,
    };

    internal static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
