using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>GET /v1/tenants/{id}/grants</c>: every lot that was bought or granted, and what became of it.</summary>
internal sealed class ListGrants(LedgerHistory history, CatalogCache catalogs)
{
    /// <summary>One of them, also when nothing of it is left; null: there is none of this id.</summary>
    public async Task<LotView?> Find(string grant, CancellationToken stop)
    {
        if (!LedgerId.TryParse(grant, out var id)) return null;
        return await history.Lots(id.Tenant, id.Type, id.Number - 1, id.Type, 1, stop) is [var (type, lot)] && lot.Id == id.Number
            ? LedgerViews.Lot(lot, new PoolKey(id.Tenant, type), catalogs.Current.Types[type])
            : null;
    }

    public async Task<IResult> Handle(HttpContext context, string id, string? type, string? limit, string? cursor)
    {
        var paging = Paging.Read(limit, cursor);
        if ((LedgerDesk.Tenant(context.Caller(), id) ?? Fields.Code("type", type) ?? paging.Problem) is { } problem) return problem.AsResult();
        if (!PlaceInList.TryParse(paging.Value.After, out var after))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.").AsResult();
        var rows = await history.Lots(id, type, after.Id, after.Type, paging.Value.Rows, context.RequestAborted);
        if (rows.Count == 0 && !await history.HasTenant(id, context.RequestAborted)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var page = paging.Value.Of(rows, row => new PlaceInList(row.Type, row.Lot.Id).ToString());
        return Reply.Of<Page<LotView>>(new Page<LotView>
        {
            Data = [.. page.Data.Select(row => LedgerViews.Lot(row.Lot, new PoolKey(id, row.Type), catalogs.Current.Types[row.Type]))],
            NextCursor = page.NextCursor,
        }, Json.Wire.PageLotView);
    }
}
