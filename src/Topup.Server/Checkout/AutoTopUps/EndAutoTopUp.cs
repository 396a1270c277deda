using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>
/// <c>DELETE /v1/tenants/{id}/auto-top-ups/{type}</c>: the consent is withdrawn. Nothing is ordered any more; a charge
/// that is under way is brought to its end.
/// </summary>
internal sealed class EndAutoTopUp(Database database, CatalogCache catalogs, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id, string type)
    {
        var author = Author.Of(context);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? author.Problem) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, type, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string tenant, string type, Author author, CancellationToken stop) =>
        database.Transact<Problem?>(async (connection, transaction) =>
        {
            if (await AutoTopUpStore.Lock(connection, transaction, database.Dialect, tenant, type) is not { State.IsEnded: false } row)
                return AutoTopUpProblems.Unknown();
            await AutoTopUpStore.Save(connection, transaction, row with { State = row.State with { IsEnded = true } });
            var before = catalogs.Current.Types.TryGetValue(type, out var known) ? AutoTopUpForm.Json(row.Rule, known) : null;
            await Audit.Add(connection, transaction, author, Instant.From(clock.GetUtcNow()), "auto_top_up.deleted", type, tenant, before, null);
            return null;
        }, stop);
}
