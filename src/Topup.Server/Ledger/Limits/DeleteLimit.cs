using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger.Limits;

/// <summary><c>DELETE /v1/tenants/{id}/limits/{code}</c>: the limit holds no longer, from the next use on.</summary>
internal sealed class DeleteLimit(Database database, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string tenant, string code)
    {
        if (LedgerDesk.Tenant(context.Caller(), tenant) is { } unseen) return unseen.AsResult();
        var author = Author.Of(context);
        return author.Problem is { } unsaid
            ? unsaid.AsResult()
            : Reply.Of(await Run(tenant, code, author.Value, context.RequestAborted));
    }

    public Task<Problem?> Run(string tenant, string code, Author author, CancellationToken stop) =>
        database.Transact<Problem?>(async (connection, transaction) =>
        {
            if (await LimitStore.Lock(connection, transaction, database.Dialect, tenant) is not { } limits) return TenancyProblems.TenantUnknown(tenant);
            if (limits.Find(limit => limit.Code == code) is not { } before)
                return Problems.Of(404, ProblemCodes.LimitUnknown, "The tenant has no limit of this code.");
            await LimitStore.Save(connection, transaction, tenant, limits.Where(limit => limit.Code != code));
            await Audit.Add(connection, transaction, author, Instant.From(clock.GetUtcNow()), "limit.deleted", code, tenant, SaveLimit.TextOf(before), null);
            return null;
        }, stop);
}
