using System.Data.Common;
using Topup.Domain;
using Topup.Server.Storage;
using Topup.Server.Tenancy.Operators;
using Topup.Server.Tenancy.Portal;

namespace Topup.Server.Tenancy;

/// <summary>Forgets sessions, links and failed sign-ins that count no more. They are refused in any case; this is for the disk and for privacy.</summary>
internal sealed class ExpiredSessions(Database database, TimeProvider clock, ILogger<ExpiredSessions> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly Func<DbConnection, DbTransaction, Instant, Task<int>>[] Deletions =
        [OperatorStore.DeleteOldSessions, OperatorStore.DeleteOldLinks, OperatorStore.DeleteOldForms, OperatorStore.DeleteOldFailures, PortalStore.DeleteExpired];

    /// <summary>Says how much was forgotten.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var (now, forgotten) = (Instant.From(clock.GetUtcNow()), 0);
        // Each in a transaction of its own: it holds no rows that somebody who signs in may wait for.
        foreach (var delete in Deletions) forgotten += await database.Transact((connection, transaction) => delete(connection, transaction, now), stop);
        return forgotten;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await Run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                log.LogWarning(broken, "Sessions that are over could not be forgotten; it is tried again in {Minutes} minutes", Interval.TotalMinutes);
            }
        }
    }
}
