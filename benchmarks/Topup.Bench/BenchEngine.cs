using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server;
using Topup.Server.AddOns;
using Topup.Server.Catalog;
using Topup.Server.Ledger;
using Topup.Server.Ledger.Limits;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Bench;

/// <summary>The server's own write path, started in this process and called without HTTP.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    public const string Type = "sms";

    private readonly WebApplication app;
    private long nextKey;

    private BenchEngine(WebApplication app) => this.app = app;

    public Database Database => app.Services.GetRequiredService<Database>();

    public IServiceProvider Services => app.Services;

    public Uri Url => new(app.Urls.First());

    private LedgerLanes Lanes => app.Services.GetRequiredService<LedgerLanes>();

    /// <param name="settings">Settings of the server, as <c>--Topup:Name=value</c>.</param>
    public static Task<BenchEngine> Start(int tenants, params string[] settings) => Start(tenants, TimeProvider.System, settings);

    public static async Task<BenchEngine> Start(int tenants, TimeProvider clock, params string[] settings)
    {
        var app = await TopupServer.Build(["--urls", "http://127.0.0.1:0", "--Topup:QueueMax=8192", .. settings], clock);
        var engine = new BenchEngine(app);
        await BenchData.AddCatalog(app.Services);
        await BenchData.AddTenants(engine.Database, tenants, clock.GetUtcNow());
        await app.StartAsync();
        return engine;
    }

    /// <summary>Consumes per second, with so many requests in flight, each waiting for its answer before the next.</summary>
    public async Task<Rate> Consume(int inFlight, Func<long, int> tenantOf, TimeSpan warmUp, TimeSpan time)
    {
        var (done, running) = (0L, true);
        var callers = Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Volatile.Read(ref running))
            {
                var number = Interlocked.Increment(ref nextKey);
                await Consume(BenchData.TenantOf(tenantOf(number)), Guid.CreateVersion7().ToString());
                Interlocked.Increment(ref done);
            }
        }).ToArray();
        await Task.Delay(warmUp);
        var (before, started, allocated) = (Interlocked.Read(ref done), Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        await Task.Delay(time);
        var rate = new Rate(Interlocked.Read(ref done) - before, Stopwatch.GetElapsedTime(started), GC.GetTotalAllocatedBytes() - allocated);
        Volatile.Write(ref running, false);
        await Task.WhenAll(callers);
        return rate;
    }

    /// <summary>The time that so many consumes take.</summary>
    /// <param name="usageOf">The usage type and the subject of each; null: none.</param>
    public async Task<TimeSpan> ConsumeExactly(int count, int inFlight, Func<long, int> tenantOf, Func<long, (string Type, string Subject)>? usageOf = null)
    {
        var (left, started) = (count, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var number = Interlocked.Increment(ref nextKey);
                var (type, subject) = usageOf?.Invoke(number) ?? ("", "");
                await Consume(BenchData.TenantOf(tenantOf(number)), Guid.CreateVersion7().ToString(), type, subject);
            }
        }));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>The time in which the worker renews every add-on that is due.</summary>
    public async Task<TimeSpan> Renew(int count)
    {
        var started = Stopwatch.GetTimestamp();
        var renewed = await app.Services.GetRequiredService<AddOnWorker>().Run(CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(started);
        return renewed == count ? took : throw new InvalidOperationException($"{renewed} add-ons were renewed, not {count}.");
    }

    private async Task Consume(string tenant, string key, string usageType = "", string subject = "")
    {
        var request = new ConsumeCredits.Request(tenant, new UseAsked(Type, 1), caps: false, new Note(key, 1, "bench", Subject: subject, UsageType: usageType));
        var outcome = await (Lanes.Submit(request) ?? throw new InvalidOperationException("The queue is full."));
        if (outcome.Main is null) throw new InvalidOperationException($"A consume was not granted: {outcome.Refusal} {outcome.Failure}");
    }

    /// <summary>Recomputes the whole ledger: a rate counts only if its sums come out.</summary>
    public async Task Verify()
    {
        var report = await app.Services.GetRequiredService<VerifyLedger>().Run(null, CancellationToken.None);
        if (!report.Ok) throw new InvalidOperationException($"The ledger does not verify: {report.Differences[0]}");
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>Work done in a time.</summary>
internal readonly record struct Rate(long Done, TimeSpan Took, long Allocated)
{
    public double PerSecond => Done / Took.TotalSeconds;

    public double BytesPerOperation => (double)Allocated / Done;
}

/// <summary>Tenants with an allowance that no run can use up.</summary>
internal static class BenchData
{
    private const string AddOn = "bench";

    public static string TenantOf(int number) => $"tenant-{number}";

    public static async Task AddCatalog(IServiceProvider services)
    {
        var author = Author.Server("a benchmark");
        await services.GetRequiredService<SaveCreditType>().Run(
            BenchEngine.Type, new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 }, author, CancellationToken.None);
        await services.GetRequiredService<SavePlan>().Run("bench",
            new PlanRequest { Name = "Bench", Allowances = new Dictionary<string, decimal> { [BenchEngine.Type] = 1_000_000_000_000 } },
            author, CancellationToken.None);
        await services.GetRequiredService<SaveAddOn>().Run(
            AddOn, new AddOnRequest { Type = BenchEngine.Type, Name = "Bench", Price = 30 }, author, CancellationToken.None);
    }

    /// <summary>An add-on for each tenant, paid for until today.</summary>
    public static Task<int> AddAddOns(Database database) => database.Transact((connection, transaction) =>
    {
        var today = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400;
        return connection.ExecuteAsync(
            """
            insert into tenant_addons (bucket, tenant_id, addon, type, status, paid_from, paid_until, cycle_days, price, entry, used, used_until,
                enabled_at, grace_until, purchase, due_at, is_unpaid, seen_entry, seen_tenant, seen_purchase, version)
            select bucket, tenant_id, @AddOn, @Type, 2, @from, @today, 30, 30, 0, 30, @today, 0, 0, '', @due, 0, 0, 0, 0, 1 from tenants
            """, new { AddOn, BenchEngine.Type, from = today - 30, today, due = today * 86_400_000 }, transaction);
    }, CancellationToken.None);

    /// <summary>Two limits for each tenant that no run can use up: a cap on uses, and one on credits.</summary>
    public static Task<int> AddLimits(Database database) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        "update tenants set limits = @limits", new
        {
            limits = StoredLimits.Write(
            [
                new Limit { Code = "uses", Kind = LimitKind.Uses, Per = LimitPeriod.Day, Amount = Amount.Max },
                new Limit { Code = "credits", Kind = LimitKind.Credits, Per = LimitPeriod.Month, Type = BenchEngine.Type, Amount = Amount.Max },
            ]),
        }, transaction), CancellationToken.None);

    public static Task<int> AddTenants(Database database, int count, DateTimeOffset now) => database.Transact(async (connection, transaction) =>
    {
        var period = BillingPeriod.First(Instant.From(now), 1, TimeZoneInfo.Utc);
        foreach (var number in Enumerable.Range(0, count))
        {
            var id = TenantOf(number);
            var row = new { bucket = (long)TenantId.Bucket(id), id, number = (long)period.Number, start = period.Start.UnixMs, end = period.End.UnixMs };
            await connection.ExecuteAsync(
                """
                insert into tenants (bucket, tenant_id, plan, status, renewal_day, period_number, period_start, period_end, created_at, updated_at)
                values (@bucket, @id, 'bench', 0, 1, @number, @start, @end, 0, 0);
                insert into contacts (bucket, tenant_id, name, email, phone, locale) values (@bucket, @id, '', '', '', '')
                """, row, transaction);
        }
        return count;
    }, CancellationToken.None);
}
