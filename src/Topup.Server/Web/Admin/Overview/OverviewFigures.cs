using System.Globalization;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Catalog;
using Topup.Server.Catalog.Settings;
using Topup.Server.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;
using Topup.Server.Usage;

namespace Topup.Server.Web.Admin.Overview;

/// <summary>How the business goes, over the last days up to today.</summary>
internal sealed class OverviewFigures(
    ReadOperatorUsage usage, ReadOutlook outlook, ReadShortages shortages, VerifyLedger verify, OperatorSettings settings, CatalogCache catalogs, TimeProvider clock,
    TimeZoneInfo zone)
{
    public static readonly IReadOnlyList<int> Spans = [7, 30, 90];

    public async Task<Outcome<OverviewNow>> Run(Caller caller, int days, CancellationToken stop)
    {
        var today = LocalTime.DayOf(Instant.From(clock.GetUtcNow()), zone);
        var first = today - days + 1;
        var limit = Paging.LimitMax.ToString(CultureInfo.InvariantCulture);
        var read = await usage.Run(caller, new UsageForm.Query(UsageForm.Text(first), UsageForm.Text(today), null, null, null, "day", null, limit, null, null), stop);
        if (read.Problem is { } problem) return problem;
        var money = await settings.Money(stop);
        var dates = Enumerable.Range(first, days).Select(UsageForm.Text).ToList();
        var short_ = await shortages.Run(stop);
        return new OverviewNow
        {
            Dates = dates,
            Sales = [.. SalesOf(read.Value.Sales, dates, money)],
            Types = [.. TypesOf(read.Value, dates)],
            Refused = read.Value.Totals.Sum(total => total.Refused.Sum(refused => refused.Count)),
            Outlook = await outlook.Run(LocalTime.StartOf(LocalTime.DateOf(first), zone), stop),
            Low = short_.Low,
            Exhausted = short_.Exhausted,
            Verified = await verify.Last(stop),
        };
    }

    /// <summary>What was sold in each currency, the operator's own first. Money put on a balance is no sale yet: what it buys is.</summary>
    private static IEnumerable<SalesOfCurrency> SalesOf(IReadOnlyList<SalesRow> rows, List<string> dates, MoneyOnScreen money)
    {
        var sold = rows.Where(row => !row.Deposit).ToLookup(row => row.Currency);
        var others = sold.Select(rows => rows.Key).Where(currency => currency != money.Currency).Order(StringComparer.Ordinal);
        foreach (var currency in others.Prepend(money.Currency))
        {
            var byDay = sold[currency].ToLookup(row => row.Day);
            yield return new SalesOfCurrency(currency, sold[currency].Sum(row => row.Purchases), sold[currency].Sum(row => row.Net), [.. dates.Select(day => byDay[day].Sum(row => row.Net))]);
        }
    }

    /// <summary>The credit types that were used or sold.</summary>
    private IEnumerable<CreditsOfType> TypesOf(OperatorUsageView read, List<string> dates)
    {
        var catalog = catalogs.Current;
        var used = read.Data.ToLookup(row => row.Type);
        foreach (var type in used.Select(rows => rows.Key).Union(read.Sales.Select(row => row.Type)).Order(StringComparer.Ordinal))
        {
            var byDay = used[type].ToLookup(row => row.Day);
            yield return new CreditsOfType(type, catalog.Types.GetValueOrDefault(type)?.Name ?? type, read.Sales.Where(row => row.Type == type).Sum(row => row.CreditsSold),
                used[type].Sum(row => row.Net), [.. dates.Select(day => byDay[day].Sum(row => row.Net))]);
        }
    }
}

internal sealed record OverviewNow
{
    /// <summary>Every day of the span, such as 2026-01-31.</summary>
    public required IReadOnlyList<string> Dates { get; init; }
    public required IReadOnlyList<SalesOfCurrency> Sales { get; init; }
    public required IReadOnlyList<CreditsOfType> Types { get; init; }

    /// <summary>Uses that were not let through, whatever for.</summary>
    public required long Refused { get; init; }
    public required CheckoutOutlook Outlook { get; init; }

    /// <summary>Tenants that are low on some credits.</summary>
    public required long Low { get; init; }
    public required long Exhausted { get; init; }

    /// <summary>The last check of all balances; null: there was none yet.</summary>
    public required VerifyReply? Verified { get; init; }
}

/// <param name="ByDay">Less what went back, for each day.</param>
internal sealed record SalesOfCurrency(string Currency, long Purchases, decimal Net, IReadOnlyList<decimal> ByDay);

/// <param name="UsedByDay">Less what was given back, for each day.</param>
internal sealed record CreditsOfType(string Type, string Name, decimal Sold, decimal Used, IReadOnlyList<decimal> UsedByDay);
