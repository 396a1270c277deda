using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>A new password in the place of one's own. All other sessions end.</summary>
internal sealed class ChangePassword(Database database, Passwords passwords, SignInGuard guard, TimeProvider clock)
{
    public async Task<Problem?> Run(OperatorSession session, string current, string password, string address, CancellationToken stop)
    {
        if (OperatorForm.NewPassword(password, session.Email) is { } wrong) return wrong;
        var network = SignInGuard.NetworkOf(address);
        if (await guard.Enter(session.Email, network, stop) is > 0 and var wait) return OperatorProblems.TooManyAttempts(wait);
        var found = await database.Read(connection => OperatorStore.Find(connection, session.OperatorId), stop);
        if (await passwords.Check(found?.Password, current, stop) == PasswordCheck.Wrong) return NotCurrent();
        var hash = await passwords.Hash(password, stop);
        return await database.Transact(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, session.OperatorId) is not { IsEnabled: true } row || row.Password != found!.Password)
                return NotCurrent();
            await OperatorStore.Update(connection, transaction, row with { Password = hash, UpdatedAt = now.UnixMs });
            await OperatorStore.EndSessions(connection, transaction, row.Id, session.SessionId, now);
            await OperatorStore.DeleteLinksOf(connection, transaction, row.Id);
            await OperatorStore.SaveConfirmed(connection, transaction, session.SessionId, now);
            await guard.Leave(connection, transaction, session.Email, network, forget: true);
            await Audit.Add(connection, transaction, Author.Of(session.Caller), now, "staff.password_changed", row.Id, "", null, null);
            return (Problem?)null;
        }, stop);
    }

    private static Problem NotCurrent() => Problems.Invalid("current", "This is not your current password.");
}
