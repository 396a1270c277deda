using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Usage;

/// <summary>
/// <c>GET /v1/usage</c>: what all tenants used, what was sold, and what is left of it after the operator's own costs; where no
/// days are named, in this calendar month.
/// </summary>
internal sealed class ReadOperatorUsage(UsageStore store, CatalogCache catalogs, OperatorSettings settings, TimeProvider clock, TimeZoneInfo zone)
{
    private const string OtherCurrencies = "sold_in_other_currencies";
    private const string NoOwnCost = "no_own_cost";

    public async Task<IResult> Handle(HttpContext context, UsageForm.Query query)
    {
        var read = Read(context.Caller(), query);
        if (read.Problem is { } wrong) return wrong.AsResult();
        return read.Value.AsCsv
            ? new UsageCsv(store, catalogs, read.Value, withCost: true)
            : Reply.Of<OperatorUsageView>(await Answer(read.Value, context.RequestAborted), Json.Wire.OperatorUsageView);
    }

    public async Task<Outcome<OperatorUsageView>> Run(Caller caller, UsageForm.Query query, CancellationToken stop)
    {
        var read = Read(caller, query);
        return read.Problem is { } wrong ? wrong : await Answer(read.Value, stop);
    }

    private Outcome<UsageQuestion> Read(Caller caller, UsageForm.Query query)
    {
        if (OfOneTenant(caller) is { } problem) return problem;
        var today = LocalTime.DayOf(Instant.From(clock.GetUtcNow()), zone);
        return UsageForm.Read(query, null, UsageSpans.Starts(today, today, UsageSpan.Month)[0], today);
    }

    private async Task<OperatorUsageView> Answer(UsageQuestion question, CancellationToken stop)
    {
        var (page, totals) = await store.Answer(question, stop);
        var sales = await store.Sales(SpansOf(question), question.Filter.Type, stop);
        var money = await settings.Money(stop);
        var catalog = catalogs.Current;
        var rows = question.PageOf(page);
        return new OperatorUsageView
        {
            From = UsageForm.Text(question.Filter.FromDay),
            To = UsageForm.Text(question.Filter.ToDay),
            GroupBy = UsageForm.NamesOf(question.Grouping),
            Data = [.. rows.Data.Select(row => UsageForm.View(row, page, question.Grouping, catalog, withCost: true))],
            Totals = [.. totals.Rows.Select(row => UsageForm.View(row, totals, UsageQuestion.Total, catalog, withCost: true))],
            Sales = [.. sales.Select(sum => UsageForm.View(sum, question.Grouping, catalog))],
            // A share of the uses has no share of the sales.
            Margins = question.Filter.UsageType is null && question.Filter.Subject is null ? Margins(totals.Rows, sales, money.Currency, catalog) : [],
            NextCursor = rows.NextCursor,
        };
    }

    private static Problem? OfOneTenant(Caller caller) => caller.TenantId is null
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "This API key is bound to one tenant, and this is about all of them.");

    /// <summary>When each span of the question begins, and at last its end.</summary>
    private List<(long From, int Span)> SpansOf(UsageQuestion question)
    {
        var (from, to, span) = (question.Filter.FromDay, question.Filter.ToDay, question.Grouping.Span);
        var spans = span == UsageSpan.None
            ? [(MomentOf(from), 0)]
            : UsageSpans.Starts(from, to, span).Select(start => (MomentOf(Math.Max(start, from)), start)).ToList();
        spans.Add((MomentOf(to + 1), 0));
        return spans;
    }

    private long MomentOf(int day) => LocalTime.StartOf(LocalTime.DateOf(day), zone).UnixMs;

    /// <summary>Of money on a balance there is none: what it buys is what is sold.</summary>
    private static List<MarginView> Margins(IReadOnlyList<UsageGroup> totals, List<SalesSum> sales, string currency, CatalogSnapshot catalog)
    {
        var costs = totals.ToDictionary(total => total.Key.Type, total => total.Cost, StringComparer.Ordinal);
        var types = costs.Keys.Union(sales.Select(sum => sum.Type)).Where(type => catalog.Types.GetValueOrDefault(type)?.Currency is null);
        return [.. types.Order(StringComparer.Ordinal).Select(type =>
            Margin(type, costs.GetValueOrDefault(type), [.. sales.Where(sum => sum.Type == type)], currency, catalog))];
    }

    private static MarginView Margin(string type, long cost, SalesSum[] sales, string currency, CatalogSnapshot catalog)
    {
        var sold = Amount.FromUnits(sales.Where(sum => sum.Currency == currency).Sum(sum => sum.Paid - sum.Refunded), Currency.Digits(currency));
        var spent = Amount.FromUnits(cost, UsageForm.CostDecimals);
        var why = sales.Any(sum => sum.Currency != currency) ? OtherCurrencies
            : cost == 0 && catalog.Types.GetValueOrDefault(type)?.UnitCost is null or 0 ? NoOwnCost
            : null;
        return new MarginView { Type = type, Currency = currency, Sold = sold, Cost = spent, Margin = why is null ? sold - spent : null, Why = why };
    }
}
