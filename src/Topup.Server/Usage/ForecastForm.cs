using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Usage;
using Topup.Server.Ledger;

namespace Topup.Server.Usage;

/// <summary>Forecasts as they look on the wire.</summary>
internal static class ForecastForm
{
    /// <summary>An average may have this many decimals more than its type.</summary>
    private const int AverageDecimals = 2;

    public static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static ForecastView View(Forecast forecast, PoolNow pool, int today, IEnumerable<Pack> packs)
    {
        var (type, isKnown) = (pool.Type, forecast.Last7 is not null);
        return new ForecastView
        {
            Type = type.Code,
            Name = type.Name,
            Unit = type.Unit,
            DaysOfData = forecast.DaysOfData,
            BurnRate7 = forecast.Last7 is { } last7 ? PerDay(last7, type) : null,
            BurnRate30 = forecast.Last30 is { } last30 ? PerDay(last30, type) : null,
            Weekdays = isKnown ? View(forecast, type) : null,
            RunsOut = forecast.RunsOutFrom is { } from
                ? new RunsOutView { From = UsageForm.Text(from), To = TextOrNull(forecast.RunsOutTo), Days = from - today }
                : null,
            ExceedsAllowanceOn = TextOrNull(forecast.ExceedsAllowanceOn),
            Missing = isKnown ? LedgerViews.Decimal(forecast.Missing, type) : null,
            SuggestedPack = pool.MayTopUp && forecast.Suggest(packs.Where(pack => pack.Type == type.Code && pack.IsSoldTo(pool.Plan))) is { } pack
                ? View(pack, type)
                : null,
            ResetsAt = pool.Terms.Period.End.ToDateTimeOffset(),
        };
    }

    public static string? TextOrNull(int? day) => day is { } some ? UsageForm.Text(some) : null;

    /// <summary>Of a sum that may be more than one amount can be.</summary>
    public static decimal Decimal(Int128 units, CreditType type) => (decimal)units * Amount.FromUnits(1, type.Decimals);

    private static decimal PerDay(BurnRate rate, CreditType type) => Average(rate.Units, rate.Days, type);

    private static decimal Average(long units, int of, CreditType type) =>
        Math.Round(LedgerViews.Decimal(units, type) / of, type.Decimals + AverageDecimals, MidpointRounding.AwayFromZero);

    private static WeekdayView[] View(Forecast forecast, CreditType type)
    {
        var weeks = forecast.DaysOfData / Weekdays.Length;
        var all = forecast.ByWeekday.Aggregate((Int128)0, (sum, units) => sum + units);
        return [.. forecast.ByWeekday.Select((units, weekday) => new WeekdayView
        {
            Weekday = Weekdays[weekday],
            Credits = Average(units, weeks, type),
            Share = all == 0 ? 0 : Math.Round((decimal)((Int128)units * 1_000_000 / all) / 10_000, 2, MidpointRounding.AwayFromZero),
        })];
    }

    private static SuggestedPackView View(Pack pack, CreditType type) => new()
    {
        Code = pack.Code,
        Name = pack.Name,
        Credits = LedgerViews.Decimal(pack.Credits, type),
        Price = Amount.FromUnits(pack.Price, Currency.Digits(pack.Currency)),
        Currency = pack.Currency,
    };
}
