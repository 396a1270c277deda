using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Whoever was invited comes, with a name and a password of their own.</summary>
internal sealed class AcceptInvite(Database database, OperatorLinks links, Passwords passwords, TimeProvider clock)
{
    /// <summary>The e-mail address to sign in with.</summary>
    public async Task<Outcome<string>> Run(string token, string name, string password, CancellationToken stop)
    {
        if (await links.FindRow(token, stop, LinkPurpose.Invitation) is not { } link) return OperatorProblems.LinkGone();
        var invited = await database.Read(connection => OperatorStore.Find(connection, link.OperatorId), stop);
        if ((OperatorForm.Name(name) ?? OperatorForm.NewPassword(password, invited?.Email ?? "")) is { } wrong) return wrong;
        var hash = await passwords.Hash(password, stop);
        return await database.Transact<Outcome<string>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            if (await OperatorStore.Lock(connection, transaction, database.Dialect, link.OperatorId) is not { IsEnabled: true, IsInvited: true } row
                || !await OperatorStore.TakeLink(connection, transaction, link.Hash)) return OperatorProblems.LinkGone();
            var joined = row with { Name = name, Password = hash, UpdatedAt = now.UnixMs };
            await OperatorStore.Update(connection, transaction, joined);
            await Audit.Add(connection, transaction, new Author(row.Actor, ""), now, "staff.joined", row.Id, "", OperatorForm.Words(row), OperatorForm.Words(joined));
            return row.Email;
        }, stop);
    }
}
