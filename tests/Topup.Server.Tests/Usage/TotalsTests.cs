using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;
using Topup.Server.Usage;
using Topup.Testing;
using Xunit;
using UsageFilter = Topup.Client.UsageFilter;

namespace Topup.Server.Tests.Usage;

public sealed class TotalsOnSqlite(SqliteHost host, ITestOutputHelper output) : TotalsTests(host, output), IClassFixture<SqliteHost>;

public sealed class TotalsOnPostgres(PostgresHost host, ITestOutputHelper output) : TotalsTests(host, output), IClassFixture<PostgresHost>;

/// <summary>What all tenants used is answered out of totals, and nobody can tell; set <c>TOPUP_SEED</c> to live a life again.</summary>
public abstract class TotalsTests(HostFixture fixture, ITestOutputHelper output) : ServerTests(fixture)
{
    private const int Steps = 150;
    private const int Comparisons = 60;
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly string[] UsageTypes = ["", "otp", "promo"];

    [Fact]
    public async Task An_answer_about_all_tenants_is_the_sum_of_their_rows_whenever_days_were_summed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TOPUP_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"TOPUP_SEED={seed}");
        var random = new Random(seed);
        await using var host = await Fixture.NewHost("--Topup:TimeZone=America/Sao_Paulo");
        var worker = host.Services.GetRequiredService<TotalsWorker>();
        var types = new[] { await host.NewType(), await host.NewType(1, debtLimit: 5) };
        var tenants = new List<string>();
        for (var i = 0; i < 4; i++) tenants.Add(await host.NewTenant());
        foreach (var tenant in tenants)
            foreach (var type in types) await host.Grant(tenant, type, 400);
        var entries = new List<string>();
        var first = DayOf(host);
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    var uses = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new ConsumeRequest
                    {
                        // Every fifth asks for more than there is.
                        Tenant = Any(tenants), Type = Any(types), Amount = random.Next(5) == 0 ? 10_000 : random.Next(1, 20), UsageType = Any(UsageTypes),
                    }).Select(use => host.Client.ConsumeCredits(use, stop: Stop)).ToList();
                    if (random.Next(3) == 0) await worker.Run(Stop);
                    foreach (var reply in await Task.WhenAll(uses))
                        if (reply.Entry is { } entry) entries.Add(entry);
                    break;
                case 5 when entries.Count > 0:
                    var back = Any(entries);
                    entries.Remove(back);
                    await host.Client.ReverseEntry(new ReversalRequest { Entry = back }, stop: Stop);
                    break;
                case 6:
                    await worker.Run(Stop);
                    break;
                case 7 when random.Next(3) == 0:
                    host.Clock.Advance(TimeSpan.FromHours(-random.Next(1, 200)));
                    break;
                default:
                    host.Clock.Advance(TimeSpan.FromHours(random.Next(1, 40)));
                    break;
            }
            if (step % 30 == 29) await Compare(host, random, first, types);
        }
        // Should it be midnight by chance, the day that is over is not summed for ten minutes more.
        host.Clock.Advance(TimeSpan.FromDays(20) + TimeSpan.FromMinutes(11));
        (await worker.Run(Stop)).ShouldBe(DayOf(host) - 1);
        await Compare(host, random, first, types);
        await host.Verify();

        T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
    }

    [Fact]
    public async Task A_use_on_a_day_that_was_summed_counts_all_the_same()
    {
        await using var host = await Fixture.NewHost();
        var worker = host.Services.GetRequiredService<TotalsWorker>();
        var sms = await host.NewType();
        var tenant = await host.NewTenant();
        await host.Grant(tenant, sms, 100);
        await host.Consume(tenant, sms, 1);
        var day = LocalTime.DayOf(Instant.From(host.Clock.GetUtcNow()), TimeZoneInfo.Utc);
        host.Clock.Advance(TimeSpan.FromDays(9));
        (await worker.Run(Stop)).ShouldBe(day + 8);

        // The clock was wrong, and somebody sets it back.
        host.Clock.Set(TestHost.Beginning);
        await host.Consume(tenant, sms, 2);
        await host.Consume(tenant, sms, 1_000);

        (await host.Services.GetRequiredService<TotalsStore>().UpTo(Stop)).ShouldBe(day - 1);
        var used = await host.Client.GetOperatorUsage(new UsageFilter { Type = sms, GroupBy = ["day"] }, stop: Stop);
        (used.Data.Single().Credits, used.Data.Single().Refused.Single().Count, used.Totals.Single().Credits).ShouldBe((3, 1, 3));
        host.Clock.Advance(TimeSpan.FromDays(2));
        (await worker.Run(Stop)).ShouldBe(day + 1);
        (await host.Client.GetOperatorUsage(new UsageFilter { Type = sms }, stop: Stop)).Totals.Single().Credits.ShouldBe(3);
    }

    [Fact]
    public async Task A_day_is_summed_ten_minutes_after_it_is_over_in_the_operators_time_zone()
    {
        await using var host = await Fixture.NewHost("--Topup:TimeZone=America/Sao_Paulo");
        var worker = host.Services.GetRequiredService<TotalsWorker>();
        host.Clock.Set("2026-03-11T03:09:00Z");
        var before = await worker.Run(Stop);
        host.Clock.Set("2026-03-11T03:10:00Z");

        (await worker.Run(Stop)).ShouldBe(before + 1);
        before.ShouldBe(LocalTime.DayOf(new DateOnly(2026, 3, 9)));
    }

    [Fact]
    public async Task What_is_over_is_read_from_the_totals_and_verify_finds_one_that_is_wrong()
    {
        await using var host = await Fixture.NewHost();
        var sms = await host.NewType();
        var tenant = await host.NewTenant();
        await host.Grant(tenant, sms, 100);
        await host.Consume(tenant, sms, 7);
        await host.Consume(tenant, sms, 1_000);
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.Services.GetRequiredService<TotalsWorker>().Run(Stop);
        (await host.Client.VerifyLedger(stop: Stop)).Ok.ShouldBeTrue();

        await Add(1);

        var used = (await host.Client.GetOperatorUsage(new UsageFilter { Type = sms }, stop: Stop)).Totals.Single();
        (used.Purchased, used.Refused.Single().Count).ShouldBe((8, 2));
        var report = await host.Client.VerifyLedger(stop: Stop);
        report.Differences.Select(difference => (difference.Tenant, difference.Type, difference.Rule)).Distinct()
            .ShouldBe([("", sms, "the totals of all tenants are the sum of their usage on 2026-03-10")]);
        report.Differences.Count.ShouldBe(2);
        await Add(-1);

        Task<int> Add(int units) => host.Services.GetRequiredService<Database>().Transact((connection, transaction) => connection.ExecuteAsync(
            "update usage_totals set purchased = purchased + @units; update refusal_totals set refused = refused + @units", new { units = (long)units }, transaction), Stop);
    }

    /// <summary>The same question is put once as it comes, and once by tenant, whose rows are added up here: those are never out of totals.</summary>
    private static async Task Compare(TestHost host, Random random, int first, string[] types)
    {
        var store = host.Services.GetRequiredService<UsageStore>();
        for (var i = 0; i < Comparisons; i++)
        {
            var from = first + random.Next(-12, 70);
            var filter = new UsageQuestion(
                new Server.Usage.UsageFilter
                {
                    FromDay = from, ToDay = from + random.Next(0, 60), Type = random.Next(2) == 0 ? null : types[random.Next(2)],
                    UsageType = random.Next(3) == 0 ? UsageTypes[random.Next(3)] : null,
                },
                new UsageGrouping((UsageSpan)random.Next(4), ByUsageType: random.Next(2) == 0), new Paging(random.Next(2) == 0 ? 3 : 1_000, ""), null, null, false);

            var (page, totals) = await store.Answer(filter, Stop);
            var rows = await store.Page(filter.Filter, filter.Grouping with { ByTenant = true }, null, int.MaxValue, Stop);
            var all = await store.Page(filter.Filter, UsageQuestion.Total with { ByTenant = true }, null, int.MaxValue, Stop);

            Lines(page).ShouldBe(Lines(Added(rows)).Take(filter.Paging.Rows), filter.ToString());
            Lines(totals).ShouldBe(Lines(Added(all)), filter.ToString());
            if (page.Rows.Count < 2) continue;
            var after = page.Rows[random.Next(page.Rows.Count - 1)].Key;
            Lines(await store.Page(filter.Filter, filter.Grouping, after, int.MaxValue, Stop))
                .ShouldBe(Lines(Added(rows)).Skip(page.Rows.ToList().FindIndex(row => row.Key == after) + 1), filter.ToString());
        }
    }

    private static UsagePage Added(UsagePage rows)
    {
        var refused = rows.Rows.SelectMany(row => rows.Refusals[row.Key].Select(refusal => (Key: row.Key with { Tenant = "" }, Refusal: refusal)))
            .GroupBy(pair => (pair.Key, pair.Refusal.Reason)).OrderBy(same => same.Key.Key).ThenBy(same => same.Key.Reason, StringComparer.Ordinal)
            .Select(same => (same.Key.Key, new Refusal(same.Key.Reason, same.Sum(pair => pair.Refusal.Count), same.Sum(pair => pair.Refusal.Asked),
                same.Min(pair => pair.Refusal.FirstAt), same.Max(pair => pair.Refusal.LastAt))));
        var groups = rows.Rows.GroupBy(row => row.Key with { Tenant = "" }).OrderBy(same => same.Key)
            .Select(same => new UsageGroup(same.Key, same.Sum(row => row.Uses), same.Sum(row => row.Allowance), same.Sum(row => row.Purchased),
                same.Sum(row => row.Debt), same.Sum(row => row.Returned), same.Sum(row => row.Cost)));
        return new UsagePage([.. groups], refused.ToLookup(pair => pair.Key, pair => pair.Item2));
    }

    private static List<string> Lines(UsagePage page) => [.. page.Rows.Select(row => $"{row} {string.Join(", ", page.Refusals[row.Key])}")];

    private static int DayOf(TestHost host) => LocalTime.DayOf(Instant.From(host.Clock.GetUtcNow()), Zone);
}
