using Microsoft.Extensions.Logging.Abstractions;
using Topup.Server.Storage;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Storage;

/// <summary>A new, empty database of one kind, opened once or more.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly List<Database> opened = [];

    public required DatabaseOptions Options { get; init; }

    public static Task<TestStorage> Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("topup-test-").FullName;
        return Task.FromResult(new TestStorage { Options = new DatabaseOptions(DataFolder: folder) });
    }

    public static async Task<TestStorage> Postgres()
    {
        var server = await PrivatePostgres.Shared;
        return new TestStorage { Options = new DatabaseOptions(await server.NewDatabase()) };
    }

    public async Task<Database> Open()
    {
        var database = await Database.Open(
            Options, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        opened.Add(database);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in opened) await database.DisposeAsync();
        if (Options.ConnectionString.Length == 0) Directory.Delete(Options.DataFolder, recursive: true);
    }
}
