using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Checkout;

/// <summary>Purchases, one, a tenant's or everybody's; and what happened to one.</summary>
internal sealed class ListPurchases(CheckoutStore store, LedgerHistory history, PurchaseViews views)
{
    public async Task<IResult> HandleOne(HttpContext context, string id) =>
        Reply.Of(await One(context.Caller(), id, context.RequestAborted), Json.Wire.PurchaseView);

    public async Task<Outcome<PurchaseView>> One(Caller caller, string id, CancellationToken stop) =>
        await Find(caller, id, stop) is { } row ? views.Of(row) : CheckoutProblems.PurchaseUnknown();

    public async Task<IResult> HandleSteps(HttpContext context, string id)
    {
        if (await Find(context, id) is not { } row) return CheckoutProblems.PurchaseUnknown().AsResult();
        var steps = await store.Steps(row.Id, context.RequestAborted);
        return Reply.Of<Page<PurchaseStepView>>(new Page<PurchaseStepView> { Data = [.. steps.Select(PurchaseViews.Of)] }, Json.Wire.PagePurchaseStepView);
    }

    public async Task<IResult> HandleRefunds(HttpContext context, string id)
    {
        if (await Find(context, id) is not { } row) return CheckoutProblems.PurchaseUnknown().AsResult();
        var refunds = await store.Refunds(row.Id, context.RequestAborted);
        return Reply.Of<Page<RefundView>>(
            new Page<RefundView> { Data = [.. refunds.Select(refund => PurchaseViews.Of(refund, row))] }, Json.Wire.PageRefundView);
    }

    public async Task<IResult> Handle(HttpContext context, string id, string? limit, string? cursor)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        return Reply.Of(await OfTenant(id, limit, cursor, context.RequestAborted), Json.Wire.PagePurchaseView);
    }

    public async Task<Outcome<Page<PurchaseView>>> OfTenant(string tenant, string? limit, string? cursor, CancellationToken stop)
    {
        var paging = Paging.Read(limit, cursor);
        if (paging.Problem is { } problem) return problem;
        var rows = await store.List(tenant, paging.Value.After, paging.Value.Rows, stop);
        if (rows.Count == 0 && !await history.HasTenant(tenant, stop)) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        return Of(paging.Value, rows);
    }

    public async Task<IResult> HandleAll(HttpContext context, Query query)
    {
        if (query.Format is not (null or "json" or "csv")) return Problems.Invalid("format", "format must be json or csv.").AsResult();
        if (query.Format != "csv") return Reply.Of(await All(context.Caller(), query, context.RequestAborted), Json.Wire.PagePurchaseView);
        var read = Filter(context.Caller(), query);
        return read.Problem is { } problem ? problem.AsResult() : new PurchasesCsv(store, views, read.Value.Filter);
    }

    /// <summary>Of all tenants that the caller may see.</summary>
    public async Task<Outcome<Page<PurchaseView>>> All(Caller caller, Query query, CancellationToken stop)
    {
        var read = Filter(caller, query);
        if (read.Problem is { } problem) return problem;
        var (filter, paging) = read.Value;
        return Of(paging, await store.ListAll(filter, paging.Rows, stop));
    }

    private static Outcome<(PurchaseFilter Filter, Paging Paging)> Filter(Caller caller, Query query)
    {
        var paging = Paging.Read(query.Limit, query.Cursor);
        if ((paging.Problem ?? Fields.TenantId("tenant", query.Tenant)) is { } problem) return problem;
        PurchaseStatus? status = null;
        if (query.Status is not null && (status = CheckoutNews.StatusOf(query.Status)) is null)
            return Problems.Invalid("status", "status must be a status of a purchase, such as credited or needs_review.");
        if (query.Review is not (null or "true" or "false")) return Problems.Invalid("review", "review must be true or false.");
        if (query.Method is not null && !PaymentMethod.All.Contains(query.Method))
            return Problems.Invalid("method", $"method must be one of {string.Join(", ", PaymentMethod.All)}.");
        if (query.Tenant is not null && !caller.MaySee(query.Tenant)) return TenancyProblems.TenantUnknown(query.Tenant);
        return (new PurchaseFilter(query.Tenant ?? caller.TenantId, paging.Value.After, status, query.Review == "true", query.Method), paging.Value);
    }

    private Page<PurchaseView> Of(Paging paging, List<PurchaseRow> rows)
    {
        var page = paging.Of(rows, row => row.Purchase.Order);
        return new Page<PurchaseView> { Data = [.. page.Data.Select(views.Of)], NextCursor = page.NextCursor };
    }

    private Task<PurchaseRow?> Find(HttpContext context, string id) => Find(context.Caller(), id, context.RequestAborted);

    private async Task<PurchaseRow?> Find(Caller caller, string id, CancellationToken stop) =>
        PurchaseId.TryParse(id, out var key) && caller.MaySee(key.Tenant) ? await store.Find(key, stop) : null;

    /// <summary>What may be asked for in the query string.</summary>
    internal sealed record Query(
        string? Status = null, string? Review = null, string? Method = null, string? Tenant = null, string? Limit = null, string? Cursor = null, string? Format = null);
}

/// <summary>Which purchases. What is null does not matter.</summary>
/// <param name="Before">Older than this one; empty: the newest.</param>
/// <param name="OnlyReview">Only those on which a person must decide.</param>
internal sealed record PurchaseFilter(string? Tenant, string Before, PurchaseStatus? Status, bool OnlyReview, string? Method);
