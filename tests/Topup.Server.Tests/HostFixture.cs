using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests;

public sealed class SqliteHost() : HostFixture(isPostgres: false);

/// <summary>Beside SQLite the server makes a key for its secrets by itself; here it must be given one.</summary>
public sealed class PostgresHost() : HostFixture(isPostgres: true, "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]));

/// <summary>One server for the tests of a class, each of which has tenants and types of its own.</summary>
public abstract class HostFixture(bool isPostgres, params string[] ofAll) : IAsyncLifetime
{
    internal TestHost Host { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Host = await NewHost();

    public virtual async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another server of the same kind, with a new database and these settings.</summary>
    internal Task<TestHost> NewHost(params string[] settings) =>
        TestHost.Start(isPostgres ? DatabaseKind.Postgres : DatabaseKind.Sqlite, [.. ofAll, .. settings]);
}
