using Dapper;
using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class SqliteLaneTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_said_so_and_when_there_is_room_again_the_lane_goes_on()
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();
        await using var lane = database.OpenLane();
        await LimitPages(database, 1);

        var large = new Rows(Outbox.Insert).Add().Long(1).Text("a").Text("id").Text("type").Long(1).Text(new string('x', 100_000));
        var failure = await Should.ThrowAsync<LaneException>(async () => await lane.SaveAndCommit([large], Stop));
        failure.Failure.ShouldBe(LaneFailure.StorageFull);

        await LimitPages(database, 1_000_000);
        await lane.SaveAndCommit([large], Stop);
    }

    [Fact]
    public async Task A_writer_from_outside_makes_the_lane_unavailable_and_not_broken()
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();
        var another = await storage.Open();
        await using var lane = database.OpenLane();
        await using var intruder = another.OpenLane();
        var row = new Rows(Outbox.Insert).Add().Long(1).Text("a").Text("id").Text("type").Long(1).Text("{}");

        await intruder.Load([], Stop);
        var failure = await Should.ThrowAsync<LaneException>(async () => await lane.Load([], Stop));
        failure.Failure.ShouldBe(LaneFailure.Unavailable);

        await intruder.Rollback();
        await lane.SaveAndCommit([row], Stop);
    }

    [Fact]
    public async Task Closing_waits_for_whoever_writes_and_nobody_writes_afterwards()
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();
        var (inside, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = database.Transact(async (connection, transaction) =>
        {
            inside.SetResult();
            await goOn.Task;
            return await connection.ExecuteScalarAsync<long>("select count(*) from schema_version", transaction: transaction);
        }, Stop);
        await inside.Task;

        var closing = database.DisposeAsync().AsTask();
        closing.IsCompleted.ShouldBeFalse();
        goOn.SetResult();

        (await writing).ShouldBeGreaterThan(0);
        await closing;
        var late = await Should.ThrowAsync<LaneException>(database.Transact((_, _) => Task.FromResult(1), Stop));
        late.Failure.ShouldBe(LaneFailure.Unavailable);
    }

    [Theory]
    [InlineData("select o.id from {rows} join outbox o on o.bucket = r.bucket and o.tenant_id = r.tenant_id order by o.bucket, o.tenant_id {lock:o}")]
    [InlineData("select o.id from {rows} left join outbox o on o.bucket = r.bucket and o.tenant_id = r.tenant_id")]
    [InlineData("select o.id from {rows}, outbox o where o.bucket = r.bucket and o.tenant_id = r.tenant_id")]
    [InlineData("update outbox set at = 1 from {rows} where outbox.bucket = r.bucket and outbox.tenant_id = r.tenant_id")]
    [InlineData("delete from outbox where (bucket, tenant_id) in (select r.bucket, r.tenant_id from {rows})")]
    public async Task Rows_are_found_by_the_primary_key_and_nothing_is_sorted_or_copied(string sql)
    {
        await using var storage = await TestStorage.Sqlite();
        var database = await storage.Open();
        var statement = new Statement(sql, Column.Long("bucket"), Column.Text("tenant_id"));

        // "Explain" with ?1 and ?2 unbound plans the same as with values.
        var plan = await database.Read(async connection =>
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "explain query plan " + Dialect.Sqlite.Expand(statement).Replace("?1", "1").Replace("?2", "'a'");
            await using var reader = await command.ExecuteReaderAsync(Stop);
            var lines = new List<string>();
            while (await reader.ReadAsync(Stop)) lines.Add(reader.GetString(3));
            return lines;
        }, Stop);

        plan.ShouldContain(line => line.StartsWith("SEARCH o") && line.Contains("bucket=?"));
        plan.ShouldNotContain(line => line.Contains("MATERIALIZE") || line.Contains("TEMP B-TREE") || line.StartsWith("SCAN o"));
    }

    private static Task<int> LimitPages(Database database, int pages) => database.Transact((connection, transaction) =>
        connection.ExecuteAsync($"pragma max_page_count = {pages}", transaction: transaction), Stop);
}
