using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary><c>POST /v1/tenants/{id}/auto-top-ups/{type}/resume</c>: a person has seen to what failed; it may order again, at once.</summary>
internal sealed class ResumeAutoTopUp(Database database, ReadAutoTopUps views, TimeProvider clock)
{
    public async Task<IResult> Handle(HttpContext context, string id, string type)
    {
        var author = Author.Of(context);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? author.Problem) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, type, author.Value, context.RequestAborted), Json.Wire.AutoTopUpView);
    }

    public async Task<Outcome<AutoTopUpView>> Run(string tenant, string type, Author author, CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var resumed = await database.Transact(async (connection, transaction) =>
        {
            if (await AutoTopUpStore.Lock(connection, transaction, database.Dialect, tenant, type) is not { State.IsEnded: false } row) return null;
            var state = AutoTopUp.Resume(row.State);
            if (state == row.State) return row;
            await Audit.Add(connection, transaction, author, now, "auto_top_up.resumed", type, tenant, null, null);
            return await AutoTopUpStore.Save(connection, transaction, row with { State = state, CheckAt = row.State.Attempt is null ? now : row.CheckAt });
        }, stop);
        return resumed is not null && await views.View(resumed, stop) is { } view ? view : AutoTopUpProblems.Unknown();
    }
}
