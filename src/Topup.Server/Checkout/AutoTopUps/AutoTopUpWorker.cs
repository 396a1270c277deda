using System.Collections.Concurrent;
using Topup.Domain;
using Topup.Server.Ledger;

namespace Topup.Server.Checkout.AutoTopUps;

/// <summary>
/// Looks at every rule again and again. It depends on no event that could be lost: a rule whose pool has changed since it
/// was last looked at is looked at, all others cost one line of one query.
/// </summary>
internal sealed class AutoTopUpWorker(AutoTopUpStore store, RunAutoTopUp rule, AutoTopUpOptions options, TimeProvider clock, ILogger<AutoTopUpWorker> log)
    : BackgroundService
{
    private const int PageSize = 500;
    private const int AtOnceMax = 8;

    /// <summary>Rules that need not be looked at until a moment, while they and their pools are as they were.</summary>
    private Dictionary<PoolKey, (DueAutoTopUp Seen, Instant Until)> resting = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Automatic top-ups could not be looked at; they are in {Seconds} s", options.Every.TotalSeconds);
            }
        }
    }

    /// <summary>Lets every rule do what it should now.</summary>
    public async Task Run(CancellationToken stop)
    {
        var now = Instant.From(clock.GetUtcNow());
        var next = new ConcurrentDictionary<PoolKey, (DueAutoTopUp, Instant)>();
        DueAutoTopUp? last = null;
        while (true)
        {
            var page = await store.Due(now, last, PageSize, stop);
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = stop }, async (due, within) =>
            {
                var key = new PoolKey(due.Tenant, due.Type);
                var until = resting.TryGetValue(key, out var known) && known.Seen == due ? known.Until : Instant.Always;
                if (until <= now) until = await Try(due, within);
                if (until > now) next[key] = (due, until);
            });
            if (page.Count < PageSize) break;
            last = page[^1];
        }
        resting = new Dictionary<PoolKey, (DueAutoTopUp, Instant)>(next);
    }

    /// <summary>One rule that fails must not keep the others from their turn.</summary>
    private async Task<Instant> Try(DueAutoTopUp due, CancellationToken stop)
    {
        try
        {
            return await store.Find(due.Tenant, due.Type, stop) is { } row ? await rule.Run(row, stop) : Instant.Always;
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            log.LogWarning(failed, "The automatic top-up of {Type} for tenant {Tenant} failed; it is tried again", due.Type, due.Tenant);
            return Instant.Always;
        }
    }
}

/// <param name="Every">How often rules are looked at.</param>
internal sealed record AutoTopUpOptions(TimeSpan Every)
{
    private const int SecondsDefault = 2;
    private const int SecondsMax = 86_400;

    /// <exception cref="InvalidOperationException">The setting is wrong; the message says how.</exception>
    public static AutoTopUpOptions From(IConfiguration settings)
    {
        if (settings["Topup:AutoTopUpEverySeconds"] is not { Length: > 0 } text) return new AutoTopUpOptions(TimeSpan.FromSeconds(SecondsDefault));
        if (int.TryParse(text, out var seconds) && seconds is >= 1 and <= SecondsMax) return new AutoTopUpOptions(TimeSpan.FromSeconds(seconds));
        throw new InvalidOperationException($"Topup__AutoTopUpEverySeconds must be a whole number from 1 to {SecondsMax}, not '{text}'.");
    }
}
