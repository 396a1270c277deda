namespace Topup.Domain.Tenancy;

/// <summary>When a session is over by itself.</summary>
/// <param name="Idle">For how long nothing may be asked for.</param>
/// <param name="Absolute">For how long it lasts, however much is asked for.</param>
public sealed record SessionLimits(TimeSpan Idle, TimeSpan Absolute)
{
    /// <summary>Sessions of the operator's staff: a working day, and a week.</summary>
    public static readonly SessionLimits OfOperators = new(TimeSpan.FromHours(12), TimeSpan.FromDays(7));

    /// <summary>Sessions of a tenant's portal, which the platform opens again when they are over.</summary>
    public static readonly SessionLimits OfPortals = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(12));

    /// <summary>How exactly it is kept when a session was used last, so that not every request writes.</summary>
    public static readonly TimeSpan SeenWithin = TimeSpan.FromMinutes(1);

    /// <summary>For how long a link to a portal may be opened.</summary>
    public static readonly TimeSpan PortalLink = TimeSpan.FromSeconds(60);

    /// <summary>For how long an invitation, and a link to a new password, may be used.</summary>
    public static readonly TimeSpan StaffLink = TimeSpan.FromDays(7);

    /// <summary>For how long the token that the server itself prints makes an owner.</summary>
    public static readonly TimeSpan PrintedToken = TimeSpan.FromDays(1);

    /// <summary>Whether a session that began and was used then is over now.</summary>
    public bool IsOver(Instant begunAt, Instant seenAt, Instant now) => now >= Instant.Earlier(seenAt.Plus(Idle), begunAt.Plus(Absolute));

    /// <summary>Whether the use at <paramref name="now"/> is worth a note.</summary>
    public static bool IsWorthNoting(Instant seenAt, Instant now) => now >= seenAt.Plus(SeenWithin);
}
