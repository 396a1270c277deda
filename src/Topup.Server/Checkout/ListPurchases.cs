using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary><c>GET /v1/purchases/{id}</c> and <c>GET /v1/tenants/{id}/purchases</c>.</summary>
internal sealed class ListPurchases(CheckoutStore store, LedgerHistory history)
{
    public async Task<IResult> HandleOne(HttpContext context, string id)
    {
        var row = PurchaseId.TryParse(id, out var key) && context.Caller().MaySee(key.Tenant)
            ? await store.Find(key, context.RequestAborted)
            : null;
        return row is null
            ? Problems.Of(404, ProblemCodes.PurchaseUnknown, "There is no purchase of this id.").AsResult()
            : Reply.Of<PurchaseView>(store.View(row), Json.Wire.PurchaseView);
    }

    public async Task<IResult> Handle(HttpContext context, string id, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? paging.Problem) is { } problem) return problem.AsResult();
        var rows = await store.List(id, paging.Value.After, paging.Value.Rows, context.RequestAborted);
        if (rows.Count == 0 && !await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var page = paging.Value.Of(rows, row => row.Id);
        return Reply.Of<Page<PurchaseView>>(
            new Page<PurchaseView> { Data = [.. page.Data.Select(store.View)], NextCursor = page.NextCursor }, Json.Wire.PagePurchaseView);
    }
}
