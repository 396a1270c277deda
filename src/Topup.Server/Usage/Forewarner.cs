using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Usage;
using Topup.Server.Catalog;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Usage;

/// <summary>
/// Looks once a day, after midnight of the operator, at the pools whose tenant or type has set days of runway, and tells what
/// their forecast has come to say. What was told is kept with the pool and decided in its lane, so it is told once, on any
/// number of servers, and again only after it did not hold for a while.
/// </summary>
internal sealed class Forewarner(
    ForewarningStore store, LedgerReader reader, LedgerLanes lanes, Forecaster forecaster, CatalogCache catalogs, TimeProvider clock, TimeZoneInfo zone,
    ILogger<Forewarner> log) : BackgroundService
{
    private const int PageSize = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan DayMax = TimeSpan.FromHours(26);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        do
        {
            try
            {
                await RunIfDue(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Forecasts could not be looked at; they are within an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks at every pool that is watched, and says how many warnings were told, and how many pools it could not look at.</summary>
    public async Task<(int Told, int Failed)> Run(CancellationToken stop)
    {
        var (told, failed) = (0, 0);
        PoolKey? last = null;
        while (true)
        {
            var page = await store.Watched(last, PageSize, stop);
            foreach (var key in page)
            {
                var news = await Try(key, stop);
                told += news ?? 0;
                if (news is null) failed++;
            }
            if (page.Count < PageSize) return (told, failed);
            last = page[^1];
        }
    }

    private async Task RunIfDue(CancellationToken stop)
    {
        var (now, due) = (Instant.From(clock.GetUtcNow()), await store.DueAt(stop));
        // A time further off than a day was written by a clock that was wrong.
        if (due > now.UnixMs && due <= now.Plus(DayMax).UnixMs) return;
        var tomorrow = LocalTime.StartOf(LocalTime.DateOf(LocalTime.DayOf(now, zone) + 1), zone);
        if (!await store.MoveDue(due, due == 0 ? tomorrow : now.Plus(Again), stop) || due == 0) return;
        if ((await Run(stop)).Failed == 0) await store.MoveDue(now.Plus(Again).UnixMs, tomorrow, stop);
    }

    /// <summary>A pool that fails must not keep the others from their turn: null.</summary>
    private async Task<int?> Try(PoolKey key, CancellationToken stop)
    {
        try
        {
            return await LookAt(key, stop);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning(failed, "The forecast of {Type} for tenant {Tenant} could not be looked at; it is within an hour", key.Type, key.Tenant);
            return null;
        }
    }

    private async Task<int> LookAt(PoolKey key, CancellationToken stop)
    {
        if (!catalogs.Current.Types.TryGetValue(key.Type, out var type)) return 0;
        var pool = await reader.Pool(key.Tenant, type, stop);
        if (pool.Problem is not null) return 0;
        var (forecast, today) = (await forecaster.Of(pool.Value, stop), forecaster.Today(pool.Value));
        var holds = HoldsOf(forecast, today, pool.Value.Pool.Thresholds.RunwayDays ?? type.RunwayDays ?? 0);
        if (holds == pool.Value.Pool.Forewarned) return 0;
        var request = new Request(key, type, holds, forecast, today);
        if (lanes.Submit(request) is not { } answer) throw new InvalidOperationException("Too many changes wait for a lane.");
        var outcome = await answer.WaitAsync(stop);
        return outcome.Failure is { } failure ? throw new InvalidOperationException($"The lane did not take it: {failure}") : request.Told;
    }

    private static Forewarning HoldsOf(Forecast forecast, int today, int runwayDays) =>
        (forecast.RunsOutFrom is { } from && from - today <= runwayDays ? Forewarning.RunsOut : Forewarning.None)
        | (forecast.ExceedsAllowanceOn is null ? Forewarning.None : Forewarning.ExceedsAllowance);

    private sealed class Request(PoolKey pool, CreditType type, Forewarning holds, Forecast forecast, int today) : LedgerRequest(pool.Tenant, pool.Type, Note.None)
    {
        private Forewarning news;
        private Instant at;

        public int Told { get; private set; }

        public override LedgerDecision Decide(LedgerCase now)
        {
            at = now.Now;
            return Forewarnings.Decide(now.Pool, now.Terms, holds, now.Now, out news);
        }

        public override void WriteAlongside(LedgerOutcome outcome, Alongside writes)
        {
            Told = 0;
            if (news.HasFlag(Forewarning.RunsOut))
            {
                Tell(outcome.Pool!, writes, data => data with
                {
                    Runway = new RunwayView
                    {
                        Days = forecast.RunsOutFrom!.Value - today,
                        RunsOutFrom = UsageForm.Text(forecast.RunsOutFrom.Value),
                        RunsOutTo = ForecastForm.TextOrNull(forecast.RunsOutTo),
                    },
                });
            }
            if (news.HasFlag(Forewarning.ExceedsAllowance))
                Tell(outcome.Pool!, writes, data => data with { ExceedsAllowanceOn = UsageForm.Text(forecast.ExceedsAllowanceOn!.Value) });
        }

        private void Tell(Pool now, Alongside writes, Func<PoolEvent, PoolEvent> complete)
        {
            var data = complete(new PoolEvent
            {
                Type = type.Code, Entry = new LedgerId(Tenant, type.Code, now.LastEntry).ToString(), Amount = 0, Remaining = LedgerViews.Remaining(now, type),
            });
            writes.Tell(OutboxEvent.Create(Tenant, "credits.low", at, JsonSerializer.Serialize(data, TopupJson.Default.PoolEvent)));
            Told++;
        }
    }
}
