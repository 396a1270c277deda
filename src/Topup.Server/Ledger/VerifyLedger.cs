using System.Data.Common;
using System.Text.Json;
using Dapper;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary>
/// <c>POST /v1/verify</c> and <c>GET /v1/verify</c>: recomputes every balance from its history, on the live system, one
/// tenant's snapshot at a time.
/// </summary>
internal sealed class VerifyLedger(Database database, LedgerHistory history, TimeProvider clock, ILogger<VerifyLedger> log)
{
    private const int DifferencesMax = 100;
    private const int TenantsAtOnce = 500;

    private static readonly Dictionary<(string UsageType, string Subject), UsageCount> NothingCounted = [];

    public async Task<IResult> Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.VerifyRequest);
        if (body.Problem is { } problem) return problem.AsResult();
        var caller = context.Caller();
        var tenant = body.Value.Tenant ?? caller.TenantId;
        if (tenant is not null && LedgerDesk.Tenant(caller, tenant) is { } unseen) return unseen.AsResult();
        if (tenant is not null && !await history.HasTenant(tenant, context.RequestAborted))
            return LedgerProblems.Of(LedgerRefusal.TenantUnknown, 0, null).AsResult();
        return Reply.Of<VerifyReply>(await Run(tenant, context.RequestAborted), Json.Wire.VerifyReply);
    }

    public async Task<IResult> HandleLast(HttpContext context)
    {
        // The report is about all tenants, so it is none of the business of a key that sees one.
        return context.Caller().TenantId is null && await Last(context.RequestAborted) is { } report
            ? Reply.Of<VerifyReply>(report, Json.Wire.VerifyReply)
            : Problems.Of(404, ProblemCodes.NotFound, "The ledger has not been verified yet.").AsResult();
    }

    /// <summary>The last report about all tenants; null: there is none yet.</summary>
    public async Task<VerifyReply?> Last(CancellationToken stop) =>
        await database.Read(connection => connection.ExecuteScalarAsync<string>("select report from verifications order by id desc limit 1"), stop) is { } report
            ? JsonSerializer.Deserialize(report, Json.Wire.VerifyReply)
            : null;

    /// <param name="tenant">Only this tenant; null: all, and the report is kept.</param>
    public async Task<VerifyReply> Run(string? tenant, CancellationToken stop)
    {
        var sums = new Sums(clock.GetUtcNow());
        if (tenant is not null) await Verify(tenant, sums, stop);
        else await VerifyAll(sums, stop);
        var report = sums.Report(clock.GetUtcNow());
        if (!report.Ok)
            log.LogError("The ledger does not verify: {Count} differences, the first in {Rule}", report.Differences.Count, report.Differences[0].Rule);
        if (tenant is null) await Save(report, stop);
        return report;
    }

    private async Task VerifyAll(Sums sums, CancellationToken stop)
    {
        var (bucket, after) = (-1L, "");
        while (true)
        {
            var page = (await database.Read(connection => connection.QueryAsync<TenantRow>(
                """
                select bucket as Bucket, tenant_id as Id from tenants
                where bucket > @bucket or (bucket = @bucket and tenant_id > @after)
                order by bucket, tenant_id limit @limit
                """, new { bucket, after, limit = (long)TenantsAtOnce }), stop)).AsList();
            foreach (var row in page) await Verify(row.Id, sums, stop);
            if (page.Count < TenantsAtOnce) break;
            (bucket, after) = (page[^1].Bucket, page[^1].Id);
        }
        await database.ReadSnapshot(async connection =>
        {
            await LedgerHistory.EachWrongTotal(connection, (day, type, expected, found) => sums.Add(new VerifyDifference("", type,
                $"the totals of all tenants are the sum of their usage on {LocalTime.DateOf(day):yyyy-MM-dd}", expected, found)));
            return true;
        }, stop);
    }

    private Task<bool> Verify(string tenant, Sums sums, CancellationToken stop) => database.ReadSnapshot(async connection =>
    {
        var args = new { bucket = (long)TenantId.Bucket(tenant), tenant, type = "", now = 0L };
        var pools = await LedgerHistory.PoolsOf(connection, args, onlyOpen: false);
        var histories = await Histories(connection, args);
        var counted = await LedgerHistory.UsageOf(connection, args);
        sums.Tenants++;
        foreach (var type in pools.Keys.Union(histories.Keys).Union(counted.Keys))
        {
            var pool = pools.GetValueOrDefault(type, Pool.Empty);
            var history = histories.GetValueOrDefault(type) ?? new Verification();
            sums.Pools++;
            sums.Lots += pool.Lots.Length;
            sums.Holds += pool.Holds.Length;
            sums.Entries += history.Entries;
            history.CompareUsage(counted.GetValueOrDefault(type, NothingCounted));
            foreach (var difference in history.Compare(pool))
                sums.Add(new VerifyDifference(tenant, type, difference.Rule, difference.Expected, difference.Found));
        }
        return true;
    }, stop);

    private async Task<Dictionary<string, Verification>> Histories(DbConnection connection, object args)
    {
        var histories = new Dictionary<string, Verification>(StringComparer.Ordinal);
        var usageFrom = new Instant(await connection.ExecuteScalarAsync<long>("select number from versions where name = 'usage_from'"));
        await history.EachEntry(connection, args, row =>
        {
            if (!histories.TryGetValue(row.Type, out var verification)) histories.Add(row.Type, verification = new Verification(usageFrom));
            verification.Add(row.Entry);
        });
        return histories;
    }

    private Task<int> Save(VerifyReply report, CancellationToken stop) => database.Transact((connection, transaction) => connection.ExecuteAsync(
        "insert into verifications (id, started_at, finished_at, report) values (@id, @started, @finished, @report)",
        new
        {
            id = Guid.CreateVersion7().ToString(),
            started = report.StartedAt.ToUnixTimeMilliseconds(),
            finished = report.FinishedAt.ToUnixTimeMilliseconds(),
            report = JsonSerializer.Serialize(report, Json.Wire.VerifyReply),
        }, transaction), stop);

    private sealed record TenantRow(long Bucket, string Id);

    private sealed class Sums(DateTimeOffset startedAt)
    {
        private readonly List<VerifyDifference> differences = [];

        public long Tenants { get; set; }
        public long Pools { get; set; }
        public long Lots { get; set; }
        public long Holds { get; set; }
        public long Entries { get; set; }

        public void Add(VerifyDifference difference)
        {
            if (differences.Count < DifferencesMax) differences.Add(difference);
        }

        public VerifyReply Report(DateTimeOffset finishedAt) => new()
        {
            Ok = differences.Count == 0,
            Tenants = Tenants,
            Pools = Pools,
            Lots = Lots,
            Holds = Holds,
            Entries = Entries,
            Differences = differences,
            StartedAt = startedAt,
            FinishedAt = finishedAt,
        };
    }
}
