using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Domain;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class OutboxOnSqlite : OutboxContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Sqlite();
}

public sealed class OutboxOnPostgres : OutboxContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Postgres();
}

public abstract class OutboxContract : IAsyncLifetime
{
    private TestStorage storage = null!;
    private Database database = null!;
    private Outbox outbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<TestStorage> NewStorage();

    public async ValueTask InitializeAsync()
    {
        storage = await NewStorage();
        database = await storage.Open();
        outbox = new Outbox(database);
    }

    public async ValueTask DisposeAsync()
    {
        outbox.Dispose();
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_are_readable_once_they_are_sequenced_in_order_of_time()
    {
        await Add(Event("a", "credits.low", 20), Event("b", "credits.low", 10));
        (await outbox.Read(0, null, null, 10, Stop)).ShouldBeEmpty();

        (await outbox.Sequence(Stop)).ShouldBe(2);
        (await outbox.Sequence(Stop)).ShouldBe(0);

        var read = await outbox.Read(0, null, null, 10, Stop);
        read.Select(@event => (@event.Position, @event.Tenant, @event.At.UnixMs)).ShouldBe([(1, "b", 10), (2, "a", 20)]);
        (await outbox.Read(1, null, null, 10, Stop)).Single().Tenant.ShouldBe("a");
    }

    [Fact]
    public async Task Events_are_read_by_tenant_and_by_type()
    {
        await Add(Event("a", "credits.low", 1), Event("a", "credits.granted", 2), Event("b", "credits.low", 3));
        await outbox.Sequence(Stop);

        (await outbox.Read(0, "a", null, 10, Stop)).Select(@event => @event.Position).ShouldBe([1, 2]);
        (await outbox.Read(0, null, "credits.low", 10, Stop)).Select(@event => @event.Position).ShouldBe([1, 3]);
        (await outbox.Read(0, "b", "credits.granted", 10, Stop)).ShouldBeEmpty();
        (await outbox.Read(0, null, null, 2, Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Under_parallel_writers_and_sequencers_a_reader_that_remembers_its_position_misses_nothing()
    {
        const int writers = 4, batches = 25, perBatch = 8;
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            await using var lane = database.OpenLane();
            var rows = new Rows(Outbox.Insert);
            for (var batch = 0; batch < batches; batch++)
            {
                rows.Clear();
                for (var i = 0; i < perBatch; i++) Outbox.Write(rows, Event($"tenant-{writer}-{i}", "credits.low", batch));
                await lane.SaveAndCommit([rows], Stop);
            }
        })));
        var sequencing = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!writing.IsCompleted) await outbox.Sequence(Stop);
        })).ToList();

        var seen = new List<SequencedEvent>();
        async Task Follow()
        {
            var page = await outbox.Read(seen.Count == 0 ? 0 : seen[^1].Position, null, null, 100, Stop);
            seen.AddRange(page);
        }
        while (!writing.IsCompleted) await Follow();
        await Task.WhenAll([writing, .. sequencing]);
        while (await outbox.Sequence(Stop) > 0) { }
        for (var before = -1; before < seen.Count;)
        {
            before = seen.Count;
            await Follow();
            if (seen.Count == before) break;
        }

        const int all = writers * batches * perBatch;
        seen.Select(@event => @event.Position).ShouldBe(Enumerable.Range(1, all).Select(position => (long)position));
        seen.Select(@event => @event.Id).Distinct().Count().ShouldBe(all);
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_rolled_back_never_was()
    {
        await Should.ThrowAsync<FormatException>(database.Transact<int>(async (connection, transaction) =>
        {
            await Outbox.Add(connection, transaction, Event("a", "credits.low", 1));
            throw new FormatException("mine");
        }, Stop));
        (await outbox.Sequence(Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task More_events_than_one_turn_takes_are_sequenced_in_several()
    {
        await database.Transact(async (connection, transaction) =>
        {
            for (var i = 0; i < Outbox.SequenceMax + 1; i++)
                await Outbox.Add(connection, transaction, Event("a", "credits.low", i));
            return 0;
        }, Stop);

        (await outbox.Sequence(Stop)).ShouldBe(Outbox.SequenceMax);
        (await outbox.Sequence(Stop)).ShouldBe(1);
        (await outbox.Read(Outbox.SequenceMax, null, null, 10, Stop)).Single().At.UnixMs.ShouldBe(Outbox.SequenceMax);
    }

    [Fact]
    public async Task The_sequencer_runs_at_a_nudge_and_stops_when_told()
    {
        using var sequencer = new OutboxSequencer(outbox, NullLogger<OutboxSequencer>.Instance);
        await sequencer.StartAsync(Stop);
        await Add(Event("a", "credits.low", 1));
        outbox.Nudge();
        outbox.Nudge();

        var patience = TimeProvider.System.GetTimestamp();
        while ((await outbox.Read(0, null, null, 10, Stop)).Count == 0)
            TimeProvider.System.GetElapsedTime(patience).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await sequencer.StopAsync(Stop);
    }

    private static OutboxEvent Event(string tenant, string type, long at) =>
        OutboxEvent.Create(tenant, type, new Instant(at), "{}");

    private Task<int> Add(params OutboxEvent[] events) => database.Transact(async (connection, transaction) =>
    {
        foreach (var @event in events) await Outbox.Add(connection, transaction, @event);
        return events.Length;
    }, Stop);
}
