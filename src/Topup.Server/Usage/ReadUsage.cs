using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary><c>GET /v1/tenants/{id}/usage</c>: what a tenant used; where no days are named, in its current period.</summary>
internal sealed class ReadUsage(UsageStore store, LedgerHistory history, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone)
{
    public async Task<IResult> Handle(HttpContext context, string id, UsageForm.Query query)
    {
        if (LedgerDesk.Tenant(context.Caller(), id) is { } problem) return problem.AsResult();
        var stop = context.RequestAborted;
        var now = Instant.From(clock.GetUtcNow());
        if (await history.Tenant(id, stop) is not { } tenant) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        var period = tenant.Period.At(now, tenant.RenewalDay, zone);
        var read = UsageForm.Read(query, id, LocalTime.DayOf(period.Start, zone), LocalTime.DayOf(period.End, zone) - 1);
        if (read.Problem is { } wrong) return wrong.AsResult();
        var question = read.Value;
        var withCost = context.Caller().TenantId is null;
        if (question.AsCsv) return new UsageCsv(store, catalogs, question, withCost);

        var (page, totals) = await store.Answer(question, stop);
        var catalog = catalogs.Current;
        var rows = question.PageOf(page);
        return Reply.Of<UsageView>(new UsageView
        {
            From = UsageForm.Text(question.Filter.FromDay),
            To = UsageForm.Text(question.Filter.ToDay),
            GroupBy = UsageForm.NamesOf(question.Grouping),
            Data = [.. rows.Data.Select(row => UsageForm.View(row, page, question.Grouping, catalog, withCost))],
            Totals = [.. totals.Rows.Select(row => UsageForm.View(row, totals, UsageQuestion.Total, catalog, withCost))],
            NextCursor = rows.NextCursor,
        }, Json.Wire.UsageView);
    }
}
