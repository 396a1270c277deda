using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.Reconciliations;

/// <summary><c>GET /v1/reconciliations</c> and <c>GET /v1/reconciliations/{id}</c>: what was compared, and what was found.</summary>
internal sealed class ListReconciliations(ReconciliationStore store)
{
    public async Task<IResult> Handle(HttpContext context, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((ReconciliationProblems.OfOneTenant(context.Caller()) ?? paging.Problem) is { } problem) return problem.AsResult();
        return Reply.Of<Page<ReconciliationView>>(await Run(paging.Value, context.RequestAborted), Json.Wire.PageReconciliationView);
    }

    /// <summary>The newest first, without their findings.</summary>
    public async Task<Page<ReconciliationView>> Run(Paging paging, CancellationToken stop)
    {
        var page = paging.Of(await store.List(paging.After, paging.Rows, stop), report => report.Id);
        return page with { Data = [.. page.Data.Select(WithoutFindings)] };
    }

    public async Task<IResult> HandleOne(HttpContext context, string id)
    {
        if (ReconciliationProblems.OfOneTenant(context.Caller()) is { } problem) return problem.AsResult();
        return Reply.Of(await One(id, context.RequestAborted), Json.Wire.ReconciliationView);
    }

    public async Task<Outcome<ReconciliationView>> One(string id, CancellationToken stop) =>
        await store.Find(id, stop) is { } report ? report : ReconciliationProblems.Unknown();

    private static ReconciliationView WithoutFindings(ReconciliationView report) =>
        report with { Methods = [.. report.Methods.Select(method => method with { Findings = null })] };
}
