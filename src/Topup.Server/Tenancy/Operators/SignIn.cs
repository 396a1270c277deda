using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>
/// Signs one of the staff in by e-mail address, password and, where it is on, a second factor. Whoever guesses learns
/// nothing of who is there: not by words, not by the time it takes, and slower the longer they try.
/// </summary>
internal sealed class SignIn(Database database, Passwords passwords, SecondFactor secondFactor, SignInGuard guard, TimeProvider clock, ILogger<SignIn> log)
{
    private const int AddressLengthMax = 64;
    private const int UserAgentLengthMax = 200;

    /// <param name="address">Of who asks, as the network says, never as the request does.</param>
    public async Task<SignInResult> Run(SignInRequest asked, string address, string userAgent, CancellationToken stop)
    {
        var (email, network) = (OperatorForm.EmailOf(asked.Email), SignInGuard.NetworkOf(address));
        if (await guard.Enter(email, network, stop) is > 0 and var wait) return SignInResult.Not(Proof.Wait, wait);

        var found = await database.Read(connection => OperatorStore.FindByEmail(connection, email), stop);
        var mayTry = found is { IsEnabled: true, IsInvited: false } && asked.Password.Length <= PasswordRules.LengthMax;
        var check = await passwords.Check(mayTry ? found!.Password : null, mayTry ? asked.Password : "", stop);
        if (found is null || check == PasswordCheck.Wrong)
        {
            log.LogWarning("A sign-in from {Network} was refused", network);
            return SignInResult.Not(Proof.Wrong);
        }
        var rehashed = check == PasswordCheck.RightButOld ? await passwords.Hash(asked.Password, stop) : found.Password;

        return await database.Transact(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            // Since it was read, somebody may have disabled them or changed the password.
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, found.Id) is not { IsEnabled: true } row || row.Password != found.Password)
                return SignInResult.Not(Proof.Wrong);
            if (row.HasSecondFactor && string.IsNullOrWhiteSpace(asked.Code))
            {
                await guard.Leave(connection, transaction, email, network, forget: false);
                return SignInResult.Not(Proof.CodeNeeded);
            }
            if (row.HasSecondFactor)
            {
                if (await secondFactor.Accept(connection, transaction, row, asked.Code!, now) is not { } accepted) return SignInResult.Not(Proof.CodeWrong);
                row = accepted;
            }

            var token = Token.New();
            var session = new SessionRow(Guid.CreateVersion7(now.ToDateTimeOffset()).ToString(), Token.HashOf(token)!, row.Id,
                now.UnixMs, now.UnixMs, now.UnixMs, 0, Cut(address, AddressLengthMax), network, Cut(userAgent, UserAgentLengthMax));
            await OperatorStore.InsertSession(connection, transaction, session);
            await OperatorStore.Update(connection, transaction, row with { Password = rehashed, SignedInAt = now.UnixMs });
            await guard.Leave(connection, transaction, email, network, forget: true);
            await Audit.Add(connection, transaction, new Author(row.Actor, ""), now, "staff.signed_in", row.Id, "", null, null);
            return new SignInResult(Proof.Right, token, 0);
        }, stop);
    }

    private static string Cut(string text, int max) => new([.. text.Where(letter => !char.IsControl(letter)).Take(max)]);
}

/// <param name="Code">Of the authenticator app, or a recovery code.</param>
internal sealed record SignInRequest(string Email, string Password, string? Code = null)
{
    /// <summary>A record would write the password into a log.</summary>
    public override string ToString() => Email;
}

/// <summary>What became of a password or a code that was given.</summary>
internal enum Proof
{
    Right,

    /// <summary>There is nobody with this address and password, or they are disabled.</summary>
    Wrong,

    /// <summary>The password is right, and a code must come with it.</summary>
    CodeNeeded,

    /// <summary>The password is right, and the code is not, or was used before.</summary>
    CodeWrong,

    /// <summary>It came too early and was not looked at.</summary>
    Wait,
}

/// <param name="Token">Of the new session, to be kept in a cookie and nowhere else. Empty: none was made.</param>
/// <param name="WaitSeconds">After how long to try again.</param>
internal sealed record SignInResult(Proof Proof, string Token, int WaitSeconds)
{
    public static SignInResult Not(Proof proof, int waitSeconds = 0) => new(proof, "", waitSeconds);

    /// <summary>A record would write the token into a log.</summary>
    public override string ToString() => Proof.ToString();
}
