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
        var stop = context.RequestAborted;
        var read = await Read(context.Caller(), id, query, stop);
        if (read.Problem is { } wrong) return wrong.AsResult();
        var withCost = MaySeeCost(context.Caller());
        return read.Value.AsCsv
            ? new UsageCsv(store, catalogs, read.Value, withCost)
            : Reply.Of<UsageView>(await Answer(read.Value, withCost, stop), Json.Wire.UsageView);
    }

    public async Task<Outcome<UsageView>> Run(Caller caller, string tenant, UsageForm.Query query, CancellationToken stop)
    {
        var read = await Read(caller, tenant, query, stop);
        return read.Problem is { } wrong ? wrong : await Answer(read.Value, MaySeeCost(caller), stop);
    }

    /// <summary>What uses cost the operator is nobody else's business.</summary>
    private static bool MaySeeCost(Caller caller) => caller.TenantId is null;

    private async Task<Outcome<UsageQuestion>> Read(Caller caller, string tenant, UsageForm.Query query, CancellationToken stop)
    {
        if (LedgerDesk.Tenant(caller, tenant) is { } problem) return problem;
        var now = Instant.From(clock.GetUtcNow());
        if (await history.Tenant(tenant, stop) is not { } owner) return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null);
        var period = owner.Period.At(now, owner.RenewalDay, zone);
        return UsageForm.Read(query, tenant, LocalTime.DayOf(period.Start, zone), LocalTime.DayOf(period.End, zone) - 1);
    }

    private async Task<UsageView> Answer(UsageQuestion question, bool withCost, CancellationToken stop)
    {
        var (page, totals) = await store.Answer(question, stop);
        var catalog = catalogs.Current;
        var rows = question.PageOf(page);
        return new UsageView
        {
            From = UsageForm.Text(question.Filter.FromDay),
            To = UsageForm.Text(question.Filter.ToDay),
            GroupBy = UsageForm.NamesOf(question.Grouping),
            Data = [.. rows.Data.Select(row => UsageForm.View(row, page, question.Grouping, catalog, withCost))],
            Totals = [.. totals.Rows.Select(row => UsageForm.View(row, totals, UsageQuestion.Total, catalog, withCost))],
            NextCursor = rows.NextCursor,
        };
    }
}
