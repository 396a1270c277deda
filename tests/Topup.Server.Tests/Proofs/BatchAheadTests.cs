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

/// <summary>A batch sends entries to the database before it has decided all of its requests; none of them may last if the rest fails.</summary>
public abstract class BatchAheadTests
{
    private const int Requests = 3 * LedgerBatch.EntriesAhead;

    private protected abstract DatabaseKind Kind { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task When_entries_sent_ahead_are_refused_each_use_is_tried_alone_and_counts_once(int refused)
    {
        await using var host = await TestHost.Start(Kind);
        var (type, tenant) = (await host.NewType(), await host.NewTenant());
        await host.Grant(tenant, type, 1_000);
        await using var lane = new SlowLane(Lane(host), refused);

        var uses = Uses(tenant, type);
        await Batch(host, lane).Run([.. uses], Stop);

        foreach (var use in uses) (await use.Answer).Main.ShouldNotBeNull();
        lane.Saves.ShouldBe(refused);
        (await host.Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(1_000 - Requests);
        await host.Verify();
    }

    [Fact]
    public async Task A_request_that_breaks_while_entries_are_on_their_way_fails_alone()
    {
        await using var host = await TestHost.Start(Kind);
        var (type, tenant) = (await host.NewType(), await host.NewTenant());
        await host.Grant(tenant, type, 1_000);
        await using var lane = new SlowLane(Lane(host), refused: 0);

        var (uses, broken) = (Uses(tenant, type), new BrokenRequest(tenant, type));
        await Batch(host, lane).Run([.. uses, broken], Stop);

        lane.Saves.ShouldBe(3);
        (await broken.Answer).Failure.ShouldBe(LaneFailure.RolledBack);
        foreach (var use in uses) (await use.Answer).Main.ShouldNotBeNull();
        (await host.Client.GetPool(tenant, type, stop: Stop)).Remaining.Total.ShouldBe(1_000 - Requests);
        await host.Verify();
    }

    private static ILaneConnection Lane(TestHost host) => host.Services.GetRequiredService<Database>().OpenLane();

    private LedgerBatch Batch(TestHost host, ILaneConnection lane) => new(
        lane, host.Services.GetRequiredService<CatalogCache>(), host.Services.GetRequiredService<Outbox>(), host.Clock, TimeZoneInfo.Utc,
        host.Services.GetRequiredService<LedgerMetrics>(), NullLogger.Instance, chained: Kind == DatabaseKind.Sqlite);

    private static List<LedgerRequest> Uses(string tenant, string type) =>
    [
        .. Enumerable.Range(0, Requests).Select(i => new ConsumeCredits.Request(tenant, new UseAsked(type, 1), caps: false,
            new Note(string.Create(CultureInfo.InvariantCulture, $"use{i}"), 1, "test"))),
    ];

    private sealed class BrokenRequest(string tenant, string type) : LedgerRequest(tenant, type, new Note("broken", 1, "test"))
    {
        public override LedgerDecision Decide(LedgerCase now) => throw new InvalidOperationException("A rule that does not hold.");
    }

    /// <summary>A lane's connection that takes its time over what is sent ahead, refuses one sending, and serves one call at a time.</summary>
    private sealed class SlowLane(ILaneConnection inner, int refused) : ILaneConnection
    {
        private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(50);
        private bool busy;

        public int Saves { get; private set; }

        public long RoundTrips => inner.RoundTrips;

        public long Statements => inner.Statements;

        public long Commits => inner.Commits;

        public async ValueTask Save(IReadOnlyList<Rows> writes)
        {
            Idle();
            busy = true;
            await Task.Delay(Slow);
            busy = false;
            await inner.Save(writes);
            if (++Saves != refused) return;
            await inner.Rollback();
            throw new LaneException(LaneFailure.RolledBack, new InvalidOperationException("Refused on purpose."));
        }

        public ValueTask Load(IReadOnlyList<Load> loads, CancellationToken stop) => Idle().Load(loads, stop);

        public ValueTask SaveAndCommit(IReadOnlyList<Rows> writes, CancellationToken stop) => Idle().SaveAndCommit(writes, stop);

        public ValueTask Rollback() => Idle().Rollback();

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private ILaneConnection Idle()
        {
            busy.ShouldBeFalse("two calls at the same time");
            return inner;
        }
    }
}

public sealed class BatchAheadOnSqlite : BatchAheadTests
{
    private protected override DatabaseKind Kind => DatabaseKind.Sqlite;
}

public sealed class BatchAheadOnPostgres : BatchAheadTests
{
    private protected override DatabaseKind Kind => DatabaseKind.Postgres;
}
