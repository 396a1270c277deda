using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Hashes of passwords, by ASP.NET Core's own hasher: PBKDF2 with HMAC-SHA-512 and a salt for each.</summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>
    /// What the OWASP Password Storage Cheat Sheet asks for with HMAC-SHA-512 (2025). A hash that was made with fewer is
    /// replaced when its owner signs in.
    /// </summary>
    public const int Iterations = 220_000;

    private static readonly object Anybody = new();

    private readonly PasswordHasher<object> hasher;
    private readonly string nobodys;
    private long checks;

    // A hash takes a processor for a tenth of a second: who sends many leaves the others to the rest of the server.
    private readonly SemaphoreSlim turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <param name="iterations">Fewer only where passwords are not secrets, as in tests.</param>
    public Passwords(int iterations = Iterations)
    {
        hasher = HasherOf(iterations);
        nobodys = HashOf("a password that nobody has");
    }

    /// <summary>How many passwords were compared.</summary>
    public long Checks => Interlocked.Read(ref checks);

    public async Task<string> Hash(string password, CancellationToken stop)
    {
        await turns.WaitAsync(stop);
        try
        {
            return await Task.Run(() => HashOf(password), CancellationToken.None);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Compares. Where there is nobody, it takes as long, so that the time tells nobody who is there.</summary>
    /// <param name="hash">Null or empty: nobody's.</param>
    public async Task<PasswordCheck> Check(string? hash, string password, CancellationToken stop)
    {
        Interlocked.Increment(ref checks);
        var isSomebodys = !string.IsNullOrEmpty(hash);
        await turns.WaitAsync(stop);
        try
        {
            var result = await Task.Run(() => hasher.VerifyHashedPassword(Anybody, isSomebodys ? hash! : nobodys, Normal(password)), CancellationToken.None);
            if (!isSomebodys || result == PasswordVerificationResult.Failed) return PasswordCheck.Wrong;
            return result == PasswordVerificationResult.SuccessRehashNeeded ? PasswordCheck.RightButOld : PasswordCheck.Right;
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();

    /// <summary>A hasher of another cost, such as one of years ago.</summary>
    public static PasswordHasher<object> HasherOf(int iterations) => new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));

    private string HashOf(string password) => hasher.HashPassword(Anybody, Normal(password));

    /// <summary>An é is the same password whether the keyboard sends it in one part or in two.</summary>
    private static string Normal(string password) => password.IsNormalized(NormalizationForm.FormKC) ? password : password.Normalize(NormalizationForm.FormKC);
}

internal enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, and to be hashed again.</summary>
    RightButOld,
}
