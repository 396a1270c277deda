using System.Globalization;
using Topup.Contracts;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>GET /v1/tenants/{id}/holds</c> and <c>GET /v1/holds/{id}</c>: what is set aside, and until when.</summary>
internal sealed class ListHolds(LedgerHistory history, CatalogCache catalogs)
{
    public async Task<IResult> Handle(HttpContext context, string id, string? type, string? status, string? limit, string? cursor)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await Run(id, type, status, limit, cursor, context.RequestAborted), Json.Wire.PageHoldView);
    }

    public async Task<Outcome<Page<HoldView>>> Run(string id, string? type, string? status, string? limit, string? cursor, CancellationToken stop)
    {
        var paging = Paging.Read(limit, cursor);
        if ((Fields.Code("type", type) ?? paging.Problem) is { } problem) return problem;
        if (status is not (null or "open" or "captured" or "released" or "expired"))
            return Problems.Invalid("status", "status must be open, captured, released or expired.");
        HoldStatus? wanted = status switch
        {
            "open" => HoldStatus.Open,
            "captured" => HoldStatus.Captured,
            "released" => HoldStatus.Released,
            "expired" => HoldStatus.Expired,
            _ => null,
        };
        if (!PlaceInList.TryParse(paging.Value.After, out var after))
            return Problems.Invalid("cursor", "cursor must be the next_cursor of an earlier page of this list.");
        var rows = await history.Holds(id, type, wanted, after.Id, after.Type, paging.Value.Rows, stop);
        if (rows.Count == 0 && !await history.HasTenant(id, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        var page = paging.Value.Of(rows, row => new PlaceInList(row.Type, row.Hold.Id).ToString());
        return new Page<HoldView>
        {
            Data = [.. page.Data.Select(row => LedgerViews.Hold(row.Hold, new PoolKey(id, row.Type), catalogs.Current.Types[row.Type]))],
            NextCursor = page.NextCursor,
        };
    }

    public async Task<IResult> HandleOne(HttpContext context, string id)
    {
        var hold = LedgerId.TryParse(id, out var key) && context.Caller().MaySee(key.Tenant)
            ? await history.FindHold(key, context.RequestAborted)
            : null;
        return hold is null
            ? LedgerProblems.Of(LedgerRefusal.HoldUnknown, 0, null).AsResult()
            : Reply.Of<HoldView>(LedgerViews.Hold(hold, new PoolKey(key.Tenant, key.Type), catalogs.Current.Types[key.Type]), Json.Wire.HoldView);
    }
}

/// <summary>Where a page of lots or holds ended.</summary>
internal readonly record struct PlaceInList(string Type, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Type}");

    public static bool TryParse(string text, out PlaceInList place)
    {
        place = new PlaceInList("", 0);
        if (text.Length == 0) return true;
        if (text.Split(' ') is not [var number, var type]) return false;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
        place = new PlaceInList(type, id);
        return true;
    }
}
