using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Domain.Ledger;
using Topup.Server.Catalog;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>What a batch costs, in numbers that do not depend on the machine: they are why the write path is fast.</summary>
public abstract class BatchCostTests
{
    private const int Tenants = 10;
    private const int Requests = 500;
    private const int Ahead = Requests / LedgerBatch.EntriesAhead;

    private protected abstract DatabaseKind Kind { get; }

    [Fact]
    public async Task A_batch_of_uses_is_two_round_trips_and_those_of_entries_sent_ahead_and_one_commit_with_one_update_a_pool()
    {
        await using var host = await TestHost.Start(Kind);
        var type = await host.NewType();
        var tenants = new List<string>();
        for (var i = 0; i < Tenants; i++)
        {
            tenants.Add(await host.NewTenant());
            await host.Grant(tenants[i], type, 1_000);
        }

        await using var lane = new CountedLane(host.Services.GetRequiredService<Database>().OpenLane());
        var batch = new LedgerBatch(lane, host.Services.GetRequiredService<CatalogCache>(), host.Services.GetRequiredService<Outbox>(),
            host.Clock, TimeZoneInfo.Utc, host.Services.GetRequiredService<LedgerMetrics>(), NullLogger.Instance, chained: Kind == DatabaseKind.Sqlite);
        // The first batch of a connection also opens it.
        await batch.Run(Uses("warm"), TestContext.Current.CancellationToken);
        var (roundTrips, statements, commits) = (lane.RoundTrips, lane.Statements, lane.Commits);
        lane.Written.Clear();

        var requests = Uses("use");
        await batch.Run(requests, TestContext.Current.CancellationToken);

        foreach (var request in requests) (await request.Answer).Main.ShouldNotBeNull();
        (lane.RoundTrips - roundTrips).ShouldBeLessThanOrEqualTo(3 + Ahead);
        (lane.Commits - commits).ShouldBe(1);
        (lane.Statements - statements).ShouldBeLessThanOrEqualTo(12 + Ahead);
        lane.Written[LedgerStore.SavePools].ShouldBe(Tenants);
        lane.Written[LedgerStore.SaveLots].ShouldBe(Tenants);
        lane.Written[LedgerStore.SaveEntries].ShouldBe(Requests);
        lane.Written.ShouldNotContainKey(LedgerStore.CountUsage);

        List<LedgerRequest> Uses(string name) =>
        [
            .. Enumerable.Range(0, Requests).Select(i => new ConsumeCredits.Request(tenants[i % Tenants], new UseAsked(type, 1), caps: false,
                new Note(string.Create(CultureInfo.InvariantCulture, $"{name}{i}"), 1, "test"))),
        ];
    }

    [Fact]
    public async Task A_batch_that_only_refuses_writes_nothing_but_how_often_it_refused()
    {
        await using var host = await TestHost.Start(Kind);
        var (type, tenant) = (await host.NewType(), await host.NewTenant());
        await using var lane = new CountedLane(host.Services.GetRequiredService<Database>().OpenLane());
        var batch = new LedgerBatch(lane, host.Services.GetRequiredService<CatalogCache>(), host.Services.GetRequiredService<Outbox>(),
            host.Clock, TimeZoneInfo.Utc, host.Services.GetRequiredService<LedgerMetrics>(), NullLogger.Instance, chained: Kind == DatabaseKind.Sqlite);

        var request = new ConsumeCredits.Request(tenant, new UseAsked(type, 1), caps: false, new Note("key", 1, "test"));
        await batch.Run([request], TestContext.Current.CancellationToken);

        (await request.Answer).Refusal.ShouldBe(LedgerRefusal.InsufficientCredits);
        lane.Commits.ShouldBe(1);
        lane.Written.Where(rows => rows.Value > 0).ShouldHaveSingleItem().ShouldBe(new KeyValuePair<Statement, int>(LedgerStore.CountRefusals, 1));
    }

    /// <summary>A lane's connection that counts the rows of each statement it writes.</summary>
    private sealed class CountedLane(ILaneConnection inner) : ILaneConnection
    {
        public Dictionary<Statement, int> Written { get; } = [];

        public long RoundTrips => inner.RoundTrips;

        public long Statements => inner.Statements;

        public long Commits => inner.Commits;

        public ValueTask Load(IReadOnlyList<Load> loads, CancellationToken stop) => inner.Load(loads, stop);

        public ValueTask Save(IReadOnlyList<Rows> writes)
        {
            Count(writes);
            return inner.Save(writes);
        }

        public ValueTask SaveAndCommit(IReadOnlyList<Rows> writes, CancellationToken stop)
        {
            Count(writes);
            return inner.SaveAndCommit(writes, stop);
        }

        public ValueTask Rollback() => inner.Rollback();

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private void Count(IReadOnlyList<Rows> writes)
        {
            foreach (var rows in writes)
                if (rows.Count > 0) Written[rows.Statement] = Written.GetValueOrDefault(rows.Statement) + rows.Count;
        }
    }
}

public sealed class BatchCostOnSqlite : BatchCostTests
{
    private protected override DatabaseKind Kind => DatabaseKind.Sqlite;
}

public sealed class BatchCostOnPostgres : BatchCostTests
{
    private protected override DatabaseKind Kind => DatabaseKind.Postgres;
}
