using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;

namespace Topup.Server.Tenancy.Portal;

/// <summary>Opens a link to a portal, once.</summary>
internal sealed class OpenPortalLink(Database database, TimeProvider clock)
{
    /// <summary>The token of the session, to be kept in a cookie and nowhere else; 410 where the link was opened before or is over.</summary>
    public async Task<Outcome<string>> Run(string? link, CancellationToken stop)
    {
        if (Token.HashOf(link) is not { } hash) return OperatorProblems.LinkGone();
        var token = Token.New();
        var opened = await database.Transact((connection, transaction) =>
            PortalStore.Open(connection, transaction, hash, Token.HashOf(token)!, Instant.From(clock.GetUtcNow())), stop);
        return opened ? token : OperatorProblems.LinkGone();
    }
}
