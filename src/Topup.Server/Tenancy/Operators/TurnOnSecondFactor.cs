using System.Security.Cryptography;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>
/// Turns the second factor on, in two steps: an offer to be put into an authenticator app, and a code that shows that it is
/// there. Until the second step nothing has changed.
/// </summary>
internal sealed class TurnOnSecondFactor(Database database, SecretKeys keys, TimeProvider clock)
{
    /// <param name="issuer">Whose account it is, as the app shows it: the name of the business.</param>
    public async Task<Outcome<SecondFactorOffer>> Start(OperatorSession session, string issuer, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        if (!Confirmation.IsFresh(session.ConfirmedAt, now)) return OperatorProblems.ConfirmationRequired();
        if (keys.FindOrMake() is not { } box) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);
        var secret = Totp.TextOf(RandomNumberGenerator.GetBytes(Totp.SecretLength));
        await database.Transact(async (connection, transaction) =>
        {
            await Secrets.Save(connection, transaction, box, SecondFactor.NewNameOf(session.OperatorId), secret, now);
            return true;
        }, stop);
        return new SecondFactorOffer(secret, Totp.AddressOf(secret, issuer, session.Email));
    }

    /// <summary>Ten recovery codes, which are shown this once. All other sessions end: they were made with less.</summary>
    public async Task<Outcome<List<string>>> Confirm(OperatorSession session, string code, CancellationToken stop)
    {
        if (keys.Find() is not { } box) return Problems.Of(409, ProblemCodes.SecretKeyMissing, SecretKeys.MissingSentence);
        return await database.Transact<Outcome<List<string>>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { IsEnabled: true } before) return OperatorProblems.Unknown();
            var (newName, name) = (SecondFactor.NewNameOf(before.Id), SecondFactor.NameOf(before.Id));
            if (await Secrets.Find(connection, transaction, box, newName) is not { } secret
                || Totp.Accept(Totp.SecretOf(secret), new string([.. code.Where(char.IsAsciiDigit)]), now, 0) is not { } step)
                return Problems.Invalid("code", "This is not the code that the app shows now. If it goes on, look whether the clock of the phone is right.");
            var after = before with { SecondFactor = 1, CodeStep = step, UpdatedAt = now.UnixMs };
            await Secrets.Save(connection, transaction, box, name, secret, now);
            await Secrets.Forget(connection, transaction, newName);
            await OperatorStore.Update(connection, transaction, after);
            await OperatorStore.EndSessions(connection, transaction, before.Id, session.SessionId, now);
            await Audit.Add(connection, transaction, Author.Of(session.Caller), now, "staff.second_factor_on", before.Id, "",
                OperatorForm.Words(before), OperatorForm.Words(after));
            return await SecondFactor.NewRecoveryCodes(connection, transaction, before.Id);
        }, stop);
    }
}

/// <param name="Secret">For an app that reads no QR code.</param>
/// <param name="Address">What a QR code says.</param>
internal sealed record SecondFactorOffer(string Secret, string Address)
{
    /// <summary>A record would write the secret into a log.</summary>
    public override string ToString() => "(secret)";
}
