using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary><c>GET /v1/tenants/{id}/auto-top-ups</c>, and one of them by its credit type.</summary>
internal sealed class ReadAutoTopUps(AutoTopUpStore store, AutoTopUpOutlook outlook, CatalogCache catalogs, LedgerHistory history)
{
    public async Task<IResult> HandleOne(HttpContext context, string id, string type)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return await store.Find(id, type, context.RequestAborted) is { } row
            ? Reply.Of<AutoTopUpView>(await View(row, context.RequestAborted), Json.Wire.AutoTopUpView)
            : AutoTopUpProblems.Unknown().AsResult();
    }

    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        var rows = await store.List(id, context.RequestAborted);
        if (rows.Count == 0 && !await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var views = new List<AutoTopUpView>(rows.Count);
        foreach (var row in rows) views.Add(await View(row, context.RequestAborted));
        return Reply.Of<Page<AutoTopUpView>>(new Page<AutoTopUpView> { Data = views }, Json.Wire.PageAutoTopUpView);
    }

    private async Task<AutoTopUpView> View(AutoTopUpRow row, CancellationToken stop) =>
        AutoTopUpForm.View(row, catalogs.Current.Types[row.Type], await outlook.Of(row, stop));
}
