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
        var rows = await store.List(paging.Value.After, paging.Value.Rows, context.RequestAborted);
        var page = paging.Value.Of(rows, report => report.Id);
        return Reply.Of<Page<ReconciliationView>>(page with { Data = [.. page.Data.Select(WithoutFindings)] }, Json.Wire.PageReconciliationView);
    }

    public async Task<IResult> HandleOne(HttpContext context, string id)
    {
        if (ReconciliationProblems.OfOneTenant(context.Caller()) is { } problem) return problem.AsResult();
        return await store.Find(id, context.RequestAborted) is { } report
            ? Reply.Of<ReconciliationView>(report, Json.Wire.ReconciliationView)
            : ReconciliationProblems.Unknown().AsResult();
    }

    private static ReconciliationView WithoutFindings(ReconciliationView report) =>
        report with { Methods = [.. report.Methods.Select(method => method with { Findings = null })] };
}
