using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>A new password by a link. Whoever had the one before is signed out everywhere.</summary>
internal sealed class ResetPassword(Database database, OperatorLinks links, Passwords passwords, TimeProvider clock)
{
    /// <summary>The e-mail address to sign in with.</summary>
    public async Task<Outcome<string>> Run(string token, string password, CancellationToken stop)
    {
        if (await links.FindRow(token, stop, LinkPurpose.NewPassword, LinkPurpose.NewPasswordAndFactor) is not { } link) return OperatorProblems.LinkGone();
        var known = await database.Read(connection => OperatorStore.Find(connection, link.OperatorId), stop);
        if (OperatorForm.NewPassword(password, known?.Email ?? "") is { } wrong) return wrong;
        var hash = await passwords.Hash(password, stop);
        return await database.Transact<Outcome<string>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, link.OperatorId) is not { IsEnabled: true } before
                || !await OperatorStore.TakeLink(connection, transaction, link.Hash)) return OperatorProblems.LinkGone();
            var after = before with { Password = hash, UpdatedAt = now.UnixMs };
            if (link.For == LinkPurpose.NewPasswordAndFactor)
            {
                after = after with { SecondFactor = 0, CodeStep = 0 };
                await SecondFactor.Forget(connection, transaction, before.Id);
            }
            await OperatorStore.Update(connection, transaction, after);
            await OperatorStore.EndSessions(connection, transaction, before.Id, "", now);
            await Audit.Add(connection, transaction, new Author(before.Actor, ""), now, "staff.password_reset", before.Id, "",
                OperatorForm.Words(before), OperatorForm.Words(after));
            return before.Email;
        }, stop);
    }
}
