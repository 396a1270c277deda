using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Storage;

namespace Topup.Server.Tenancy.Operators;

/// <summary>
/// Makes the first owner of a server that has none, once. There is no account that is there from the beginning, and once
/// anybody is among the staff the token is worth nothing: it is no back door.
/// </summary>
internal sealed class SetupToken
{
    public const string Setting = "Topup:SetupToken";
    public const int LengthMin = 32;

    private readonly string? token;

    /// <exception cref="InvalidOperationException">The token is not one.</exception>
    public SetupToken(string? token)
    {
        this.token = string.IsNullOrEmpty(token) ? null : token;
        if (this.token is not null && (token!.Length < LengthMin || !KeyHash.IsKey(token)))
        {
            throw new InvalidOperationException(
                $"Topup__SetupToken must be {LengthMin} to {KeyHash.KeyLengthMax} printable ASCII characters, without spaces at its ends.");
        }
    }

    public Task Save(Database database, CancellationToken stop) => token is null ? Task.CompletedTask : database.Transact(async (connection, transaction) =>
    {
        await OperatorStore.LockStaff(connection, transaction, database.Dialect);
        await OperatorStore.DeleteLinksFor(connection, transaction, LinkPurpose.FirstOwner);
        if (!await OperatorStore.Any(connection, transaction))
            await OperatorStore.InsertLink(connection, transaction, new LinkRow(Token.HashOf(token)!, (long)LinkPurpose.FirstOwner, "", Instant.Never.UnixMs));
        return true;
    }, stop);

    /// <summary>A token that makes another owner within a day: for who is at the server and can sign in no more.</summary>
    public static Task<string> New(Database database, TimeProvider clock, CancellationToken stop) => database.Transact(async (connection, transaction) =>
    {
        var (made, now) = (Token.New(), Instant.From(clock.GetUtcNow()));
        await OperatorStore.InsertLink(connection, transaction,
            new LinkRow(Token.HashOf(made)!, (long)LinkPurpose.FurtherOwner, "", now.Plus(SessionLimits.PrintedToken).UnixMs));
        await Audit.Add(connection, transaction, Author.Server("made on the server"), now, "staff.setup_token_made", "", "", null, null);
        return made;
    }, stop);
}
