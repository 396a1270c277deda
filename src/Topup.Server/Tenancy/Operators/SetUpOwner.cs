using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>Makes an owner out of a <see cref="SetupToken"/>.</summary>
internal sealed class SetUpOwner(Database database, OperatorLinks links, Passwords passwords, TimeProvider clock)
{
    /// <summary>Whether nobody is among the staff yet.</summary>
    public async Task<bool> IsNeeded(CancellationToken stop) => !await database.Read(connection => OperatorStore.Any(connection), stop);

    /// <summary>The id of the owner, who can now sign in.</summary>
    public async Task<Outcome<string>> Run(string token, string email, string name, string password, CancellationToken stop)
    {
        email = OperatorForm.EmailOf(email);
        if ((Fields.Text("email", email, int.MaxValue) ?? Fields.Email("email", email) ?? OperatorForm.Name(name) ?? OperatorForm.NewPassword(password, email)) is { } wrong)
            return wrong;
        if (await links.FindRow(token, stop, LinkPurpose.FirstOwner, LinkPurpose.FurtherOwner) is not { } link) return OperatorProblems.LinkGone();
        var hash = await passwords.Hash(password, stop);
        return await database.Transact<Outcome<string>>(async (connection, transaction) =>
        {
            var now = Instant.From(clock.GetUtcNow());
            await OperatorStore.LockStaff(connection, transaction, database.Dialect);
            if (link.For == LinkPurpose.FirstOwner && await OperatorStore.Any(connection, transaction)) return OperatorProblems.LinkGone();
            if (await OperatorStore.FindByEmail(connection, email, transaction) is not null) return OperatorProblems.Exists();
            if (!await OperatorStore.TakeLink(connection, transaction, link.Hash)) return OperatorProblems.LinkGone();
            var row = OperatorForm.New(email, name, OperatorRole.Owner, hash, now);
            await OperatorStore.Insert(connection, transaction, row);
            await Audit.Add(connection, transaction, Author.Server("setup token"), now, "staff.created", row.Id, "", null, OperatorForm.Words(row));
            return row.Id;
        }, stop);
    }
}
