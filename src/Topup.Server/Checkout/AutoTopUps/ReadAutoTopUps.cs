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
        return await One(id, type, context.RequestAborted) is { } view
            ? Reply.Of<AutoTopUpView>(view, Json.Wire.AutoTopUpView)
            : AutoTopUpProblems.Unknown().AsResult();
    }

    /// <summary>Null: there is none.</summary>
    public async Task<AutoTopUpView?> One(string tenant, string type, CancellationToken stop) =>
        await store.Find(tenant, type, stop) is { } row ? await View(row, stop) : null;

    public async Task<IResult> Handle(HttpContext context, string id)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, context.RequestAborted), Json.Wire.PageAutoTopUpView);
    }

    public async Task<Outcome<Page<AutoTopUpView>>> Run(string tenant, CancellationToken stop)
    {
        var views = new List<AutoTopUpView>();
        var rows = await store.List(tenant, stop);
        foreach (var row in rows)
            if (await View(row, stop) is { } view) views.Add(view);
        if (rows.Count == 0 && !await history.HasTenant(tenant, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        return new Page<AutoTopUpView> { Data = views };
    }

    /// <summary>Null: there is nothing to see: it was withdrawn, or its credit type deleted.</summary>
    public async Task<AutoTopUpView?> View(AutoTopUpRow row, CancellationToken stop)
    {
        if (row.State.IsEnded || !catalogs.Current.Types.TryGetValue(row.Type, out var type)) return null;
        var outlook = await outlooks.Of(row, stop);
        return AutoTopUpForm.View(row, type, outlook, await outlooks.Spent(row, outlook, stop));
    }
}
