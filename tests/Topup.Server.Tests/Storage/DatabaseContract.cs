using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class DatabaseOnSqlite : DatabaseContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Sqlite();
}

public sealed class DatabaseOnPostgres : DatabaseContract
{
    private protected override Task<TestStorage> NewStorage() => TestStorage.Postgres();
}

public abstract class DatabaseContract : IAsyncLifetime
{
    private TestStorage storage = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<TestStorage> NewStorage();

    public async ValueTask InitializeAsync() => storage = await NewStorage();

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_schema_is_created_once()
    {
        (await storage.Open()).IsNew.ShouldBeTrue();
        var again = await storage.Open();

        again.IsNew.ShouldBeFalse();
        await again.Ping(Stop);
        var versions = await again.Read(connection => connection.QueryAsync<long>(
            "select version from schema_version order by version"), Stop);
        versions.ShouldBe(Enumerable.Range(1, versions.Count()).Select(number => (long)number));
    }

    [Fact]
    public async Task Servers_that_start_together_create_it_once()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Database.Open(
            storage.Options, TimeProvider.System, NullLoggerFactory.Instance, Stop))));

        databases.Count(database => database.IsNew).ShouldBe(1);
        foreach (var database in databases) await database.DisposeAsync();
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        var database = await storage.Open();
        await Execute(database, "insert into schema_version(version, applied_at) values (9999, 0)");

        var refusal = await Should.ThrowAsync<InvalidOperationException>(storage.Open());
        refusal.Message.ShouldContain("9999");
    }

    [Fact]
    public async Task A_transaction_that_throws_leaves_nothing()
    {
        var database = await storage.Open();
        await Should.ThrowAsync<FormatException>(database.Transact<int>(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("insert into counters(name, value) values ('x', 1)", transaction: transaction);
            throw new FormatException("mine");
        }, Stop));
        await Should.ThrowAsync<System.Data.Common.DbException>(
            Execute(database, "insert into counters(name, value) values ('outbox', 1)"));

        (await Count(database, "x")).ShouldBe(0);
        await Execute(database, "insert into counters(name, value) values ('x', 1)");
        (await Count(database, "x")).ShouldBe(1);
    }

    [Fact]
    public async Task A_snapshot_sees_one_moment_and_a_plain_read_the_last_commit()
    {
        var database = await storage.Open();
        await database.ReadSnapshot(async connection =>
        {
            await Execute(database, "insert into counters(name, value) values ('x', 1)");
            (await connection.ExecuteScalarAsync<long>("select count(*) from counters where name = 'x'")).ShouldBe(0);
            (await Count(database, "x")).ShouldBe(1);
            return true;
        }, Stop);
    }

    [Fact]
    public async Task Readers_cannot_write()
    {
        var database = await storage.Open();
        await Should.ThrowAsync<Exception>(database.ReadSnapshot(connection =>
            connection.ExecuteAsync("insert into counters(name, value) values ('x', 1)"), Stop));
        (await Count(database, "x")).ShouldBe(0);
    }

    [Fact]
    public async Task A_list_goes_into_a_query_on_both_databases()
    {
        var database = await storage.Open();
        var names = new[] { "outbox", "other" };
        var found = await database.Read(connection => connection.QueryAsync<string>(
            $"select name from counters where name {database.Dialect.In("@names")}", new { names }), Stop);
        found.ShouldBe(["outbox"]);
    }

    private static Task<int> Execute(Database database, string sql) =>
        database.Transact((connection, transaction) => connection.ExecuteAsync(sql, transaction: transaction), Stop);

    private static Task<long> Count(Database database, string name) => database.Read(connection =>
        connection.ExecuteScalarAsync<long>("select count(*) from counters where name = @name", new { name }), Stop);
}
