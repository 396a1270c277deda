using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Server.Usage;

namespace Topup.Server.Automation.Workflows;

/// <summary>
/// Tells every tenant that has a pool how its week was: on Monday from eight o'clock of the operator on, when a workflow or a webhook
/// endpoint asks for it by name. How far it is stands in the database and moves on with what it tells, so on any number of servers each
/// tenant is told once a week. Weeks in which no server ran are not made up for.
/// </summary>
internal sealed class WeeklyStatements(
    StatementStore store, WorkflowStore workflows, LedgerReader reader, UsageStore usage, Outbox outbox, TimeProvider clock, TimeZoneInfo zone,
    ILogger<WeeklyStatements> log) : BackgroundService
{
    private const int PageSize = 100;
    private const int DaysOfWeek = 7;
    private const int Hour = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        do
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                log.LogWarning(failed, "Weekly statements could not be looked at; they are in a minute");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Tells what is due, and says how many were told here.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var told = 0;
        while (await Step(stop) is { } page) told += page;
        return told;
    }

    /// <summary>How many were told; null: there is nothing to do.</summary>
    private async Task<int?> Step(CancellationToken stop)
    {
        var (progress, week) = (await store.Progress(stop), WeekOf(Instant.From(clock.GetUtcNow())));
        // A week further off than the next was written by a clock that was wrong.
        if (progress.Week < week || progress.Week > week + DaysOfWeek)
        {
            // Who looks for the first time does not tell of a week that was not asked about.
            var isWanted = progress.Week != 0 && progress.Week < week && await workflows.IsStatementWanted(stop);
            await store.Advance(progress, new StatementProgress(week, -1, "", !isWanted), [], stop);
            return 0;
        }
        if (progress.IsDone || progress.Week != week) return null;

        var tenants = await store.Tenants(progress, PageSize, stop);
        var news = new List<OutboxEvent>();
        foreach (var tenant in tenants)
            if (await StatementOf(tenant, week, stop) is { } statement) news.Add(statement);
        var next = tenants.Count == 0 ? progress with { IsDone = true } : progress with
        {
            Bucket = TenantId.Bucket(tenants[^1]), Tenant = tenants[^1], IsDone = tenants.Count < PageSize,
        };
        if (!await store.Advance(progress, next, news, stop)) return 0;
        outbox.Nudge();
        return news.Count;
    }

    /// <summary>Null: the tenant has no pools.</summary>
    private async Task<OutboxEvent?> StatementOf(string tenant, int week, CancellationToken stop)
    {
        var pools = await reader.Pools(tenant, stop);
        if (pools.Problem is not null || pools.Value.Count == 0) return null;
        var (from, to) = (week - DaysOfWeek, week - 1);
        var used = await usage.Page(new UsageFilter { Tenant = tenant, FromDay = from, ToDay = to }, UsageQuestion.Total, null, int.MaxValue, stop);
        var byType = used.Rows.ToDictionary(row => row.Key.Type, row => row.Allowance + row.Purchased + row.Debt - row.Returned, StringComparer.Ordinal);
        var data = new StatementEvent
        {
            From = LocalTime.DateOf(from),
            To = LocalTime.DateOf(to),
            Pools =
            [
                .. pools.Value.Select(pool => new StatementPool
                {
                    Type = pool.Type.Code, Used = LedgerViews.Decimal(byType.GetValueOrDefault(pool.Type.Code), pool.Type),
                    Remaining = LedgerViews.Remaining(pool.Pool, pool.Type),
                }),
            ],
            Purchases = (int)await store.Purchases(tenant, LocalTime.StartOf(LocalTime.DateOf(from), zone), LocalTime.StartOf(LocalTime.DateOf(week), zone), stop),
        };
        return OutboxEvent.Create(tenant, "statement.weekly", Instant.From(clock.GetUtcNow()), JsonSerializer.Serialize(data, Json.Wire.StatementEvent));
    }

    /// <summary>The last Monday on which it has struck eight.</summary>
    private int WeekOf(Instant now)
    {
        var today = LocalTime.DayOf(now, zone);
        var monday = today - LocalTime.WeekdayOf(today);
        return now < LocalTime.At(LocalTime.DateOf(monday).ToDateTime(new TimeOnly(Hour, 0)), zone) ? monday - DaysOfWeek : monday;
    }
}
