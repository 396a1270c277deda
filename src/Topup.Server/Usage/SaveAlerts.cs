using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary>
/// <c>PUT</c> and <c>DELETE /v1/tenants/{id}/alerts/{type}</c>: when a tenant is warned of a pool. It is kept with the pool and
/// changed in its lane, so the next draw goes by it, on whichever server.
/// </summary>
internal sealed class SaveAlerts(LedgerDesk desk)
{
    public async Task<IResult> Handle(HttpContext context, string id, string type)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.AlertRequest);
        return (LedgerDesk.Tenant(context.Caller(), id) ?? body.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of(await Run(id, type, body.Value, author.Value), Json.Wire.AlertView);
    }

    /// <summary>As the credit type says, from now on.</summary>
    public async Task<IResult> HandleDelete(HttpContext context, string id, string type)
    {
        var author = Author.Of(context);
        return (LedgerDesk.Tenant(context.Caller(), id) ?? author.Problem) is { } problem
            ? problem.AsResult()
            : Reply.Of((await Run(id, type, null, author.Value)).Problem);
    }

    /// <param name="asked">Null: as the credit type says.</param>
    public async Task<Outcome<AlertView>> Run(string tenant, string code, AlertRequest? asked, Author author)
    {
        var typed = await desk.TypeOf(code);
        if (typed.Problem is { } unknown) return unknown;
        var wanted = asked is null ? Thresholds.OfType : AlertForm.Read(asked, typed.Value);
        return wanted.Problem is { } wrong ? wrong : await Run(tenant, typed.Value, wanted.Value, author);
    }

    private async Task<Outcome<AlertView>> Run(string tenant, CreditType type, Thresholds wanted, Author author)
    {
        var submitted = await desk.SubmitOrRefuse(new Request(tenant, type, wanted, author), type);
        return submitted.Problem is { } problem ? problem : AlertForm.View(wanted, type);
    }

    private sealed class Request(string tenant, CreditType type, Thresholds wanted, Author author) : LedgerRequest(tenant, type.Code, Note.None)
    {
        private Thresholds before = Thresholds.OfType;
        private Instant at;

        public override LedgerDecision Decide(LedgerCase now)
        {
            (before, at) = (now.Pool.Thresholds, now.Now);
            return AlertSettings.Decide(now.Pool, now.Terms, wanted, now.Now);
        }

        public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
        {
            var (was, @is) = (AlertForm.Json(before, type), AlertForm.Json(wanted, type));
            if (was == @is) return;
            var action = was is null ? "alerts.created" : @is is null ? "alerts.deleted" : "alerts.changed";
            Audit.Write(writes.RowsOf(Audit.Insert), author, at, action, type.Code, Tenant, was, @is);
        }
    }
}
