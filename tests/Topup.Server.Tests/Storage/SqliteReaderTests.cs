using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Topup.Server.Ledger;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

/// <summary>
/// A connection is one thread's at a time, and SQLite relies on it. A statement that is left open would be ended later by the
/// garbage collector, on a thread of its own, while another query has the connection.
/// </summary>
public sealed class SqliteReaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("topup-reader-").FullName;

    [Fact]
    public async Task A_query_that_leaves_its_statement_open_is_found_at_once()
    {
        await using var database = await Open();
        var left = new List<IDisposable>();
        (await Should.ThrowAsync<InvalidOperationException>(() => database.Read(async connection =>
        {
            var command = connection.CreateCommand();
            left.Add(command);
            command.CommandText = "select name from versions";
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            return await reader.ReadAsync(TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken))).Message.ShouldContain("statement");
        foreach (var command in left) command.Dispose();

        (await Names(database)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Rows_read_one_by_one_leave_nothing_open_however_their_reading_ends()
    {
        await using var database = await Open();
        (await Names(database)).ShouldNotBeEmpty();
        await Should.ThrowAsync<TimeoutException>(() => Read(database, _ => throw new TimeoutException()));
        (await database.Read(async connection =>
        {
            await Should.ThrowAsync<TimeoutException>(() => LedgerHistory.Each(connection, "select name from versions", new { }, _ => throw new TimeoutException()));
            return true;
        }, TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<Database> Open() => Database.Open(new DatabaseOptions("", folder), TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    private static async Task<List<string>> Names(Database database)
    {
        var names = new List<string>();
        await Read(database, row => names.Add(row.Text(0)));
        return names;
    }

    private static Task<bool> Read(Database database, Action<IRow> each) => database.Read(async connection =>
    {
        await LedgerHistory.Each(connection, "select name from versions", new { }, each);
        return true;
    }, TestContext.Current.CancellationToken);
}
