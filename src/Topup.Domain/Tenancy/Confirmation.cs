namespace Topup.Domain.Tenancy;

/// <summary>
/// What is hard to undo asks for the password or a code again, unless that was just given: keys, refunds, large grants,
/// staff, an own password, a second factor. A session somebody left open does none of it.
/// </summary>
public static class Confirmation
{
    /// <summary>For how long a password or code that was given counts.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <summary>Whether what was given then still counts now.</summary>
    public static bool IsFresh(Instant confirmedAt, Instant now) => now < confirmedAt.Plus(FreshFor);
}
