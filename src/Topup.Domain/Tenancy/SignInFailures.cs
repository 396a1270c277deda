namespace Topup.Domain.Tenancy;

/// <summary>
/// Failed sign-ins to one account, or from one network. Guessing becomes slow and nobody is ever locked out: after some
/// free failures each one makes the next attempt wait, for a second at first, then twice as long each time, and never
/// longer than <see cref="WaitMaxSeconds"/>. What was refused because it came too early counts for nothing.
/// </summary>
/// <param name="FreeAt">When the next attempt is looked at.</param>
public readonly record struct SignInFailures(long Count, Instant LastAt, Instant FreeAt)
{
    /// <summary>Typing errors of one person.</summary>
    public const int FreeOfAccount = 5;

    /// <summary>Typing errors of an office behind one address.</summary>
    public const int FreeOfNetwork = 20;

    /// <summary>
    /// The longest wait. It leaves a guesser 1,440 attempts a day: of the three codes of a second factor that count at any
    /// time, one is hit by chance in 231 days on average, by somebody who knows the password.
    /// </summary>
    public const int WaitMaxSeconds = 60;

    /// <summary>After so long without a failure all is forgotten.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);

    /// <summary>
    /// From a network from which an operator has signed in within this time, failures of others cost that operator no wait.
    /// Otherwise whoever goes on guessing could keep them out.
    /// </summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    /// <summary>Seconds until the next attempt is looked at; 0: it is now.</summary>
    public int WaitSeconds(Instant now) => now >= FreeAt ? 0 : (int)((FreeAt.UnixMs - now.UnixMs + 999) / 1000);

    /// <summary>With an attempt that is counted as failed until it has succeeded, so that many at once are no way around the wait.</summary>
    public SignInFailures WithOneMore(int free, Instant now)
    {
        var count = (now >= LastAt.Plus(ForgottenAfter) ? 0 : Count) + 1;
        var doublings = (int)Math.Min(count - free - 1, 30);
        var seconds = doublings < 0 ? 0 : Math.Min(WaitMaxSeconds, 1 << doublings);
        return new SignInFailures(count, now, now.Plus(TimeSpan.FromSeconds(seconds)));
    }

    /// <summary>Without the attempt that has succeeded.</summary>
    public SignInFailures WithOneLess() => this with { Count = Math.Max(Count - 1, 0), FreeAt = Instant.Always };
}
