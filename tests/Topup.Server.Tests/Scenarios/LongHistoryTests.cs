using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Testing;
using Xunit;
using EntryFilter = Topup.Client.EntryFilter;

namespace Topup.Server.Tests.Scenarios;

public sealed class LongHistoryOnSqlite(SqliteHost host) : LongHistoryTests(host), IClassFixture<SqliteHost>;

public sealed class LongHistoryOnPostgres(PostgresHost host) : LongHistoryTests(host), IClassFixture<PostgresHost>;

/// <summary>Histories many marks long, of several pools and tenants at once: wherever they are entered, it is the same history.</summary>
public abstract class LongHistoryTests(HostFixture fixture) : ServerTests(fixture)
{
    private const int Minutes = 14;

    [Fact]
    public async Task Pages_of_every_size_make_the_same_list()
    {
        var (tenant, types) = await Live();

        var whole = await All(Client.ListEntries(tenant, stop: Stop));
        whole.Count(entry => entry.Type == types[0]).ShouldBeGreaterThan(LedgerHistory.EntriesPerMark * 4);
        whole.Select(Number).ShouldBe(whole.Select(Number).OrderDescending());
        foreach (var type in types) ShouldBeAChain(whole.Where(entry => entry.Type == type));
        foreach (var limit in (int[])[7, 32, 33, 200])
        {
            (await Paged(tenant, new EntryFilter(), limit)).ShouldBe(Ids(whole));
            foreach (var type in types)
                (await Paged(tenant, new EntryFilter { Type = type }, limit)).ShouldBe(Ids(whole.Where(entry => entry.Type == type)));
            (await Paged(tenant, new EntryFilter { Subject = "odd" }, limit)).ShouldBe(Ids(whole.Where(entry => entry.Subject == "odd")));
        }
    }

    [Fact]
    public async Task A_part_of_the_time_is_that_part_of_the_list()
    {
        var (tenant, types) = await Live();

        var whole = await All(Client.ListEntries(tenant, stop: Stop));
        for (var minute = -1; minute <= Minutes + 1; minute++)
        {
            var (from, to) = (TestHost.Beginning.AddMinutes(minute), TestHost.Beginning.AddMinutes(minute + 3));
            Ids(await All(Client.ListEntries(tenant, new EntryFilter { From = from, To = to }, Stop)))
                .ShouldBe(Ids(whole.Where(entry => entry.At >= from && entry.At < to)));
            Ids(await All(Client.ListEntries(tenant, new EntryFilter { To = to, Type = types[1] }, Stop)))
                .ShouldBe(Ids(whole.Where(entry => entry.At < to && entry.Type == types[1])));
        }
    }

    [Fact]
    public async Task A_pool_is_found_at_every_moment_of_its_history()
    {
        var (tenant, types) = await Live();

        var whole = await All(Client.ListEntries(tenant, stop: Stop));
        for (var at = TestHost.Beginning.AddSeconds(-30); at <= Host.Clock.GetUtcNow(); at = at.AddSeconds(30))
            foreach (var type in types)
                (await Client.GetPool(tenant, type, at, Stop)).Entry.ShouldBe(whole.Find(entry => entry.Type == type && entry.At <= at)?.Id);
    }

    [Fact]
    public async Task Where_history_is_walked_one_entry_of_so_many_is_marked()
    {
        var (tenant, types) = await Live();

        var database = Host.Services.GetRequiredService<Database>();
        var marks = (await database.Read(connection => connection.QueryAsync<string>(
            "select m.type from entry_marks m where m.bucket = @bucket and m.tenant_id = @tenant",
            new { bucket = (long)TenantId.Bucket(tenant), tenant }), Stop)).ToList();
        foreach (var type in types)
        {
            var entries = await All(Client.ListEntries(tenant, new EntryFilter { Type = type }, Stop));
            marks.Count(marked => marked == type).ShouldBe(database.Dialect == Dialect.Sqlite ? entries.Count / LedgerHistory.EntriesPerMark : 0);
        }
    }

    [Fact]
    public async Task A_clock_that_ran_ahead_leaves_the_others_in_their_time()
    {
        var sms = await Host.NewType();
        var (early, other) = (await Host.NewTenant(), await Host.NewTenant());
        foreach (var tenant in (string[])[early, other]) await Host.Grant(tenant, sms, 1_000);
        Host.Clock.Advance(TimeSpan.FromDays(2));
        await Use("ahead", early, sms);
        Host.Clock.Advance(TimeSpan.FromDays(-1));
        var present = Host.Clock.GetUtcNow();
        foreach (var name in (string[])["back", "again"])
            await Task.WhenAll(Use(name, other, sms), Use(name + "2", early, sms), Use(name + "3", other, sms));

        foreach (var tenant in (string[])[early, other])
            ShouldBeAChain(await All(Client.ListEntries(tenant, stop: Stop)));
        (await Client.GetPool(other, sms, present, Stop)).Remaining.Total.ShouldBe(1_000 - 40);
        (await Client.GetPool(other, sms, present.AddMilliseconds(-1), Stop)).Remaining.Total.ShouldBe(1_000);
        (await All(Client.ListEntries(other, new EntryFilter { From = present, To = present.AddMinutes(1) }, Stop))).Count.ShouldBe(40);
    }

    /// <summary>A tenant whose two pools are used by turns, among the uses of another tenant, a batch each minute.</summary>
    private async Task<(string Tenant, string[] Types)> Live()
    {
        string[] types = [await Host.NewType(), await Host.NewType()];
        var (tenant, other) = (await Host.NewTenant(), await Host.NewTenant());
        foreach (var owner in (string[])[tenant, other])
            foreach (var type in types) await Host.Grant(owner, type, 1_000);
        for (var minute = 0; minute < Minutes; minute++)
        {
            Host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAll(Use($"{minute}", tenant, types), Use($"{minute}", other, types));
        }
        return (tenant, types);
    }

    private Task<ConsumeBatchReply> Use(string name, string tenant, params string[] types) => Client.ConsumeBatch(new ConsumeBatchRequest
    {
        Items = [.. Enumerable.Range(0, 10 * types.Length).Select(i => new ConsumeItem
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"), Tenant = tenant, Type = types[i % types.Length],
            Subject = i % 3 == 1 ? "odd" : null,
        })],
    }, Stop);

    private async Task<List<string>> Paged(string tenant, EntryFilter filter, int limit)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Client.ListEntriesPage(tenant, filter, limit, cursor, Stop);
            ids.AddRange(Ids(page.Data));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return ids;
    }

    private static void ShouldBeAChain(IEnumerable<EntryView> newestFirst)
    {
        var entries = newestFirst.ToList();
        for (var i = 0; i + 1 < entries.Count; i++) entries[i].Before.ShouldBe(entries[i + 1].After);
        entries[^1].Before.ShouldBe(new BalanceView { Allowance = 0, Purchased = 0, Held = 0, Debt = 0 });
    }

    private static List<string> Ids(IEnumerable<EntryView> entries) => [.. entries.Select(entry => entry.Id)];

    private static long Number(EntryView entry) => LedgerId.TryParse(entry.Id, out var id) ? id.Number : throw new FormatException(entry.Id);
}
