using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Server.Storage;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class PostgresLaneTests
{
    private static readonly Statement LockCounter = new(
        "select c.value from {rows} join counters c on c.name = r.name order by c.name {lock:c}", Column.Text("name"));

    private static readonly Statement SetCounter = new(
        "update counters set value = r.value from {rows} where counters.name = r.name", Column.Text("name"), Column.Long("value"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_locked_row_makes_the_other_lane_wait_and_then_see_what_was_saved()
    {
        await using var storage = await TestStorage.Postgres();
        var database = await storage.Open();
        await using var first = database.OpenLane();
        await using var second = database.OpenLane();
        await first.Load([Read(_ => { })], Stop);

        var seen = -1L;
        var waiting = second.Load([Read(value => seen = value)], Stop).AsTask();
        await Task.Delay(200, Stop);
        waiting.IsCompleted.ShouldBeFalse();

        await first.SaveAndCommit([Write(42)], Stop);
        await waiting;
        seen.ShouldBe(42);
        await second.SaveAndCommit([Write(43)], Stop);
    }

    [Fact]
    public async Task Locks_taken_in_opposite_order_end_in_a_clean_failure_of_one()
    {
        await using var storage = await TestStorage.Postgres();
        var database = await storage.Open();
        await database.Transact((connection, transaction) => Dapper.SqlMapper.ExecuteAsync(connection,
            "insert into counters(name, value) values ('other', 0)", transaction: transaction), Stop);
        await using var first = database.OpenLane();
        await using var second = database.OpenLane();
        await first.Load([new Load(new Rows(LockCounter).Add().Text("outbox"), _ => { })], Stop);
        await second.Load([new Load(new Rows(LockCounter).Add().Text("other"), _ => { })], Stop);

        var failures = await Task.WhenAll(Cross(first, "other"), Cross(second, "outbox"));

        failures.Where(failure => failure is not null).ShouldBe([LaneFailure.RolledBack]);

        static async Task<LaneFailure?> Cross(ILaneConnection lane, string name)
        {
            try
            {
                await lane.Load([new Load(new Rows(LockCounter).Add().Text(name), _ => { })], Stop);
                await lane.SaveAndCommit([], Stop);
                return null;
            }
            catch (LaneException exception)
            {
                return exception.Failure;
            }
        }
    }

    [Fact]
    public async Task A_crash_before_the_commit_is_answered_leaves_the_outcome_unknown_and_the_lane_recovers()
    {
        await using var server = await PrivatePostgres.Start();
        var options = new DatabaseOptions(await server.NewDatabase());
        await using var database = await Database.Open(options, TimeProvider.System, NullLoggerFactory.Instance, Stop);
        await using var lane = database.OpenLane();
        await lane.SaveAndCommit([Write(1)], Stop);
        await lane.Load([Read(_ => { })], Stop);

        await server.StopImmediate();
        var lost = await Should.ThrowAsync<LaneException>(async () => await lane.SaveAndCommit([Write(2)], Stop));
        lost.Failure.ShouldBe(LaneFailure.OutcomeUnknown);

        var away = await Should.ThrowAsync<LaneException>(async () => await lane.Load([Read(_ => { })], Stop));
        away.Failure.ShouldBe(LaneFailure.Unavailable);
        (await Should.ThrowAsync<LaneException>(database.Ping(Stop))).Failure.ShouldBe(LaneFailure.Unavailable);

        await server.Restart();
        await database.Ping(Stop);
        var seen = -1L;
        await lane.Load([Read(value => seen = value)], Stop);
        seen.ShouldBe(1);
        await lane.SaveAndCommit([Write(3)], Stop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_falls_silent_before_the_commit_is_given_up_within_seconds(bool saves)
    {
        await using var storage = await TestStorage.Postgres();
        var database = await storage.Open();
        await using var lane = database.OpenLane();
        var sleep = new Rows(new Statement("select 1 from {rows} where pg_sleep(r.seconds) is not null", Column.Long("seconds")));

        var started = TimeProvider.System.GetTimestamp();
        var failure = await Should.ThrowAsync<LaneException>(async () =>
        {
            if (saves) await lane.Save([sleep.Add().Long(30)]);
            else await lane.Load([new Load(sleep.Add().Long(30), _ => { })], Stop);
        });

        failure.Failure.ShouldBe(LaneFailure.Unavailable);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(7));
        await lane.SaveAndCommit([Write(1)], Stop);
    }

    private static Load Read(Action<long> value) =>
        new(new Rows(LockCounter).Add().Text("outbox"), row => value(row.Long(0)));

    private static Rows Write(long value) => new Rows(SetCounter).Add().Text("outbox").Long(value);
}
