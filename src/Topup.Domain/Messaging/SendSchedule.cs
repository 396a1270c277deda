namespace Topup.Domain.Messaging;

/// <summary>When a message that was certainly not sent is tried again, and when its sender gives up.</summary>
public static class SendSchedule
{
    /// <summary>For how long a driver may have a message. Longer than any driver's own patience: after it, nobody has it any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>After this a message that could not be sent is old news.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <summary>For how long an outcome may stay unknown: less than a hold may last, so that the credits are held all the while.</summary>
    public static readonly TimeSpan UnknownMax = TimeSpan.FromDays(29);

    private static readonly int[] Minutes = [1, 5, 15, 60];

    /// <param name="attempts">How often it was tried, from 1.</param>
    public static TimeSpan After(int attempts) => TimeSpan.FromMinutes(Minutes[Math.Clamp(attempts, 1, Minutes.Length) - 1]);

    public static bool IsOver(Instant createdAt, Instant at) => at >= createdAt.Plus(GiveUpAfter);
}
