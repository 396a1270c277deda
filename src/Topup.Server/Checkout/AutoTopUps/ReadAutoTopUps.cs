using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary><c>GET /v1/tenants/{id}/auto-top-ups</c>, and one of them by its credit type.</summary>
internal sealed class ReadAutoTopUps(AutoTopUpStore store, AutoTopUpOutlook outlooks, CatalogCache catalogs, LedgerHistory history)
{
    public async Task<IResult> HandleOne(HttpContext context, string id, string type)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return await store.Find(id, type, context.RequestAborted) is { } row && await View(row, context.RequestAborted) is { } view
            ? Reply.Of<AutoTopUpView>(view, Json.Wire.AutoTopUpView)
            : AutoTopUpProblems.Unknown().AsResult();
    }

    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        var views = new List<AutoTopUpView>();
        var rows = await store.List(id, context.RequestAborted);
        foreach (var row in rows)
            if (await View(row, context.RequestAborted) is { } view) views.Add(view);
        if (rows.Count == 0 && !await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        return Reply.Of<Page<AutoTopUpView>>(new Page<AutoTopUpView> { Data = views }, Json.Wire.PageAutoTopUpView);
    }

    /// <summary>Null: there is nothing to see: it was withdrawn, or its credit type deleted.</summary>
    public async Task<AutoTopUpView?> View(AutoTopUpRow row, CancellationToken stop)
    {
        if (row.State.IsEnded || !catalogs.Current.Types.TryGetValue(row.Type, out var type)) return null;
        var outlook = await outlooks.Of(row, stop);
        return AutoTopUpForm.View(row, type, outlook, await outlooks.Spent(row, outlook, stop));
    }
}
