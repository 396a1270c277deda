using Topup.Domain;
using Topup.Domain.Usage;
using Topup.Server.Ledger;

namespace Topup.Server.Usage;

/// <summary>Forecasts of pools, from the days that are stored and the pool as it is now.</summary>
internal sealed class Forecaster(UsageStore store, TimeZoneInfo zone)
{
    public async Task<Forecast> Of(PoolNow pool, CancellationToken stop)
    {
        var past = await store.Past(pool.Key.Tenant, pool.Key.Type, Today(pool), stop);
        return Forecast.Of(past, Outlook.Of(pool.Pool, pool.Terms, pool.Terms.Period, pool.RenewalDay, zone));
    }

    public int Today(PoolNow pool) => LocalTime.DayOf(pool.Now, zone);
}
