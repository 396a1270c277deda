using Dapper;
using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class LaneConnectionOnSqlite : LaneConnectionContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Sqlite();
}

public sealed class LaneConnectionOnPostgres : LaneConnectionContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Postgres();
}

public abstract class LaneConnectionContract : IAsyncLifetime
{
    private static readonly Statement Find = new(
        """
        select t.tenant, t.name, t.seal, t.amount from {rows}
        join things t on t.bucket = r.bucket and t.tenant = r.tenant
        order by t.bucket, t.tenant {lock:t}
        """, Column.Long("bucket"), Column.Text("tenant"));

    private static readonly Statement FindOrNone = new(
        """
        select r.tenant, coalesce(t.amount, -1) from {rows}
        left join things t on t.bucket = r.bucket and t.tenant = r.tenant
        """, Column.Long("bucket"), Column.Text("tenant"));

    private static readonly Statement FindListed = new(
        "select t.amount from {rows}, things t where t.bucket = r.bucket and t.tenant = r.tenant",
        Column.Long("bucket"), Column.Text("tenant"));

    private static readonly Statement Insert = new(
        "insert into things(bucket, tenant, name, seal, amount) select r.bucket, r.tenant, r.name, r.seal, r.amount from {rows}",
        Column.Long("bucket"), Column.Text("tenant"), Column.Text("name"), Column.Bytes("seal"), Column.Long("amount"));

    private static readonly Statement Upsert = new(
        """
        insert into things(bucket, tenant, name, seal, amount)
        select r.bucket, r.tenant, r.name, r.seal, r.amount from {rows} where true
        on conflict (bucket, tenant) do update set amount = excluded.amount
        """,
        Column.Long("bucket"), Column.Text("tenant"), Column.Text("name"), Column.Bytes("seal"), Column.Long("amount"));

    private static readonly Statement Update = new(
        "update things set amount = r.amount from {rows} where things.bucket = r.bucket and things.tenant = r.tenant",
        Column.Long("bucket"), Column.Text("tenant"), Column.Long("amount"));

    private static readonly Statement Delete = new(
        "delete from things where (bucket, tenant) in (select r.bucket, r.tenant from {rows})",
        Column.Long("bucket"), Column.Text("tenant"));

    private TestStorage storage = null!;
    private Database database = null!;
    private ILaneConnection lane = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<TestStorage> NewStorage();

    public async ValueTask InitializeAsync()
    {
        storage = await NewStorage();
        database = await storage.Open();
        var bytes = database.Dialect == Dialect.Postgres ? "bytea" : "blob";
        await database.Transact((connection, transaction) => connection.ExecuteAsync(
            $"""
            create table things(bucket bigint not null, tenant text not null, name text not null, seal {bytes} not null,
                amount bigint not null check (amount >= 0), primary key (bucket, tenant))
            """, transaction: transaction), Stop);
        lane = database.OpenLane();
    }

    public async ValueTask DisposeAsync()
    {
        await lane.DisposeAsync();
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_saved_is_found_again_with_every_kind_of_value()
    {
        await Save(Insert, rows => Thing(Thing(Thing(rows, "a", "", [], 0), "b", "ñandú 🦆 'x'", [0, 255], long.MaxValue), "c", "c", [1], 7));

        var found = await Get(Find, ["a", "b", "c", "missing"],
            row => (row.Text(0), row.Text(1), Convert.ToHexString(row.Bytes(2)), row.Long(3)));

        found.ShouldBe(
            [("a", "", "", 0), ("b", "ñandú 🦆 'x'", "00FF", long.MaxValue), ("c", "c", "01", 7)], ignoreOrder: true);
    }

    [Fact]
    public async Task Every_way_to_join_the_rows_gives_the_same_on_both_databases()
    {
        await Save(Insert, rows => Thing(Thing(rows, "a", "a", [], 1), "b", "b", [], 2));

        (await Get(FindOrNone, ["a", "x"], row => (row.Text(0), row.Long(1)))).ShouldBe([("a", 1), ("x", -1)], ignoreOrder: true);
        (await Get(FindListed, ["b", "x"], row => row.Long(0))).ShouldBe([2]);
    }

    [Fact]
    public async Task Rows_are_updated_upserted_and_deleted_by_key_and_others_left_alone()
    {
        await Save(Insert, rows => Thing(Thing(Thing(rows, "a", "a", [], 1), "b", "b", [], 2), "c", "c", [], 3));
        await Save(Update, rows => rows.Add().Long(0).Text("a").Long(10).Add().Long(0).Text("x").Long(99));
        await Save(Upsert, rows => Thing(Thing(rows, "b", "other", [], 20), "d", "d", [], 4));
        await Save(Delete, rows => rows.Add().Long(0).Text("c").Add().Long(1).Text("d"));

        var found = await Get(Find, ["a", "b", "c", "d", "x"], row => (row.Text(0), row.Text(1), row.Long(3)));
        found.ShouldBe([("a", "a", 10), ("b", "b", 20), ("d", "d", 4)], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_loads_and_writes_take_two_round_trips_and_one_commit()
    {
        await Save(Insert, rows => Thing(Thing(rows, "a", "a", [], 1), "b", "b", [], 2));
        var (trips, statements, commits) = (lane.RoundTrips, lane.Statements, lane.Commits);

        var found = new List<string>();
        await lane.Load(
            [new Load(Keys(Find, ["a"]), row => found.Add("1" + row.Text(0))),
             new Load(Keys(FindOrNone, []), _ => found.Add("none")),
             new Load(Keys(Find, ["b"]), row => found.Add("2" + row.Text(0)))], Stop);
        await lane.SaveAndCommit(
            [new Rows(Update).Add().Long(0).Text("a").Long(5), new Rows(Delete), Keys(Delete, ["b"])], Stop);

        found.ShouldBe(["1a", "2b"]);
        (lane.RoundTrips - trips).ShouldBe(2);
        (lane.Statements - statements).ShouldBe(4);
        (lane.Commits - commits).ShouldBe(1);
        (await Get(Find, ["a", "b"], row => row.Long(3))).ShouldBe([5]);
    }

    [Fact]
    public async Task A_second_load_belongs_to_the_same_transaction()
    {
        await lane.Load([new Load(Keys(FindOrNone, ["a"]), _ => { })], Stop);
        await lane.Load([new Load(Keys(FindOrNone, ["b"]), _ => { })], Stop);
        await lane.SaveAndCommit([Thing(new Rows(Insert), "a", "a", [], 1)], Stop);

        lane.Commits.ShouldBe(1);
        (await Get(Find, ["a"], row => row.Long(3))).ShouldBe([1]);
    }

    [Fact]
    public async Task What_is_saved_ahead_lasts_only_with_the_commit()
    {
        await lane.Load([new Load(Keys(FindOrNone, ["a"]), _ => { })], Stop);
        await lane.Save([Thing(new Rows(Insert), "a", "a", [], 1)]);
        await lane.Rollback();
        (await Get(Find, ["a"], row => row.Long(3))).ShouldBeEmpty();

        await lane.Load([new Load(Keys(FindOrNone, ["a"]), _ => { })], Stop);
        await lane.Save([Thing(new Rows(Insert), "a", "a", [], 1)]);
        await lane.Save([Thing(new Rows(Insert), "b", "b", [], 2)]);
        await lane.SaveAndCommit([Thing(new Rows(Insert), "c", "c", [], 3)], Stop);

        lane.Commits.ShouldBe(1);
        (await Get(Find, ["a", "b", "c"], row => row.Long(3))).ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task A_broken_constraint_ahead_of_the_commit_rolls_back_everything_and_the_lane_goes_on()
    {
        await Save(Insert, rows => Thing(rows, "a", "a", [], 1));
        await lane.Load([new Load(Keys(Find, ["a"]), _ => { })], Stop);
        await lane.Save([Thing(new Rows(Insert), "b", "b", [], 2)]);

        var failure = await Should.ThrowAsync<LaneException>(async () => await lane.Save([Thing(new Rows(Insert), "a", "a", [], 3)]));

        failure.Failure.ShouldBe(LaneFailure.RolledBack);
        (await Get(Find, ["a", "b"], row => (row.Text(0), row.Long(3)))).ShouldBe([("a", 1)]);
        await Save(Insert, rows => Thing(rows, "b", "b", [], 2));
    }

    [Fact]
    public async Task A_rollback_leaves_nothing_and_may_be_repeated()
    {
        await lane.Load([new Load(Keys(FindOrNone, ["a"]), _ => { })], Stop);
        await lane.Rollback();
        await lane.Rollback();

        (await database.Transact((connection, transaction) => connection.ExecuteScalarAsync<long>(
            "select count(*) from things", transaction: transaction), Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task A_broken_constraint_rolls_back_everything_and_the_lane_goes_on()
    {
        await Save(Insert, rows => Thing(rows, "a", "a", [], 1));
        await lane.Load([new Load(Keys(Find, ["a"]), _ => { })], Stop);

        var failure = await Should.ThrowAsync<LaneException>(async () => await lane.SaveAndCommit(
            [Thing(new Rows(Insert), "b", "b", [], 2), new Rows(Update).Add().Long(0).Text("a").Long(-1)], Stop));

        failure.Failure.ShouldBe(LaneFailure.RolledBack);
        (await Get(Find, ["a", "b"], row => (row.Text(0), row.Long(3)))).ShouldBe([("a", 1)]);
        await Save(Insert, rows => Thing(rows, "b", "b", [], 2));
    }

    [Fact]
    public async Task Wrong_sql_in_a_load_rolls_back_and_the_lane_goes_on()
    {
        var wrong = new Rows(new Statement("select nothing from {rows}, things where things.amount = r.amount", Column.Long("amount")));

        var failure = await Should.ThrowAsync<LaneException>(async () =>
            await lane.Load([new Load(wrong.Add().Long(1), _ => { })], Stop));

        failure.Failure.ShouldBe(LaneFailure.RolledBack);
        await Save(Insert, rows => Thing(rows, "a", "a", [], 1));
    }

    [Fact]
    public async Task A_callback_that_throws_rolls_back_and_its_own_exception_comes_out()
    {
        await Save(Insert, rows => Thing(Thing(rows, "a", "a", [], 1), "b", "b", [], 2));

        await Should.ThrowAsync<FormatException>(async () =>
            await lane.Load([new Load(Keys(Find, ["a", "b"]), _ => throw new FormatException("mine"))], Stop));

        (await database.Transact((connection, transaction) => connection.ExecuteAsync(
            "update things set amount = 3", transaction: transaction), Stop)).ShouldBe(2);
        (await Get(Find, ["a"], row => row.Long(3))).ShouldBe([3]);
    }

    [Fact]
    public async Task A_null_is_an_error_and_not_a_zero()
    {
        var statement = new Statement(
            "select t.amount, t.name from {rows} left join things t on t.tenant = r.tenant", Column.Text("tenant"));

        await Should.ThrowAsync<InvalidCastException>(async () =>
            await lane.Load([new Load(new Rows(statement).Add().Text("x"), row => row.Long(0))], Stop));
        await Should.ThrowAsync<InvalidCastException>(async () =>
            await lane.Load([new Load(new Rows(statement).Add().Text("x"), row => row.Text(1))], Stop));
    }

    [Fact]
    public async Task Lanes_and_cold_transactions_take_turns()
    {
        await Save(Insert, rows => Thing(rows, "a", "a", [], 0));
        const int each = 60;

        async Task ByLane()
        {
            await using var other = database.OpenLane();
            for (var i = 0; i < each; i++)
            {
                var amount = 0L;
                await other.Load([new Load(Keys(Find, ["a"]), row => amount = row.Long(3))], Stop);
                await Task.Yield();
                await other.SaveAndCommit([new Rows(Update).Add().Long(0).Text("a").Long(amount + 1)], Stop);
            }
        }

        async Task ByTransaction()
        {
            for (var i = 0; i < each; i++)
                await database.Transact((connection, transaction) => connection.ExecuteAsync(
                    "update things set amount = amount + 1", transaction: transaction), Stop);
        }

        await Task.WhenAll(Task.Run(ByLane, Stop), Task.Run(ByLane, Stop), Task.Run(ByTransaction, Stop), Task.Run(ByTransaction, Stop));

        (await Get(Find, ["a"], row => row.Long(3))).ShouldBe([4 * each]);
    }

    private static Rows Keys(Statement statement, string[] tenants)
    {
        var rows = new Rows(statement);
        foreach (var tenant in tenants) rows.Add().Long(0).Text(tenant);
        return rows;
    }

    private static Rows Thing(Rows rows, string tenant, string name, byte[] seal, long amount) =>
        rows.Add().Long(0).Text(tenant).Text(name).Bytes(seal).Long(amount);

    private async Task Save(Statement statement, Func<Rows, Rows> fill) =>
        await lane.SaveAndCommit([fill(new Rows(statement))], Stop);

    private async Task<List<T>> Get<T>(Statement statement, string[] tenants, Func<IRow, T> read)
    {
        var found = new List<T>();
        await lane.Load([new Load(Keys(statement, tenants), row => found.Add(read(row)))], Stop);
        await lane.Rollback();
        return found;
    }
}
