using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Topup.Server.Storage;

/// <summary>PostgreSQL, which any number of servers may share.</summary>
internal sealed class PostgresDatabase : Database
{
    private const int VersionMin = 15;

    // What the operator's own connection string says comes after these, and wins.
    private const string Settings =
        "Application Name=topup;Timeout=5;Enlist=false;No Reset On Close=true;Max Auto Prepare=100;";

    // A lane keeps its connection and its statements for life. It gives up on a silent server after five seconds, and
    // does not wait for an answer to the cancellation either: the outcome is unknown by then.
    private const string LaneSettings = Settings +
        "Pooling=false;Command Timeout=5;Cancellation Timeout=-1;Auto Prepare Min Usages=1;Max Auto Prepare=500;";

    private readonly NpgsqlDataSource pool;
    private readonly NpgsqlDataSource lanes;

    private PostgresDatabase(string connectionString)
    {
        pool = Build(Settings + connectionString);
        lanes = Build(LaneSettings + connectionString + ";Pooling=false");
    }

    public override Dialect Dialect => Dialect.Postgres;

    public static async Task<PostgresDatabase> Open(string connectionString, CancellationToken stop)
    {
        var database = new PostgresDatabase(connectionString);
        try
        {
            await using var connection = await database.pool.OpenConnectionAsync(stop);
            if (connection.PostgreSqlVersion.Major >= VersionMin) return database;
            throw new InvalidOperationException(
                $"The server is PostgreSQL {connection.PostgreSqlVersion}; {VersionMin} or newer is needed.");
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken stop)
    {
        try
        {
            return await ReadOnce(work, stop);
        }
        catch (NpgsqlException exception) when (Classify(exception, false) == LaneFailure.Unavailable)
        {
            // After a restart of the server every pooled connection is dead, and the first to use one finds out.
            pool.Clear();
        }
        try
        {
            return await ReadOnce(work, stop);
        }
        catch (NpgsqlException exception) when (Classify(exception, false) == LaneFailure.Unavailable)
        {
            throw new LaneException(LaneFailure.Unavailable, exception);
        }
    }

    public override Task<T> ReadSnapshot<T>(Func<DbConnection, Task<T>> work, CancellationToken stop) =>
        Read(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop);
            // The snapshot is taken by the first query, which is the second of these.
            await connection.ExecuteAsync("set transaction read only; select 1", transaction: transaction);
            return await work(connection);
        }, stop);

    public override async Task<T> Transact<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken stop)
    {
        var committing = false;
        try
        {
            await using var connection = await pool.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
            var result = await work(connection, transaction);
            committing = true;
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception exception) when (exception is NpgsqlException || committing)
        {
            var failure = Classify(exception, committing);
            if (failure == LaneFailure.RolledBack) throw;
            throw new LaneException(failure, exception);
        }
    }

    public override ILaneConnection OpenLane() => new PostgresLaneConnection(lanes);

    public override Task Ping(CancellationToken stop) =>
        Read(connection => connection.ExecuteScalarAsync<long>("select max(version) from schema_version"), stop);

    public override async ValueTask DisposeAsync()
    {
        await lanes.DisposeAsync();
        await pool.DisposeAsync();
    }

    /// <summary>
    /// What a failure means for a transaction. Only an ordinary error is the server's word that nothing happened; a
    /// fatal one, or none at all, says nothing about a commit that was sent.
    /// </summary>
    public static LaneFailure Classify(Exception exception, bool commitSent) => exception switch
    {
        PostgresException { InvariantSeverity: "ERROR" } error => error.SqlState switch
        {
            PostgresErrorCodes.DiskFull => LaneFailure.StorageFull,
            // A primary that became a standby, or a pooler in between that lost the statements, refuses this connection
            // for ever: only a new one can help.
            PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidSqlStatementName => LaneFailure.Unavailable,
            _ => LaneFailure.RolledBack,
        },
        _ => commitSent ? LaneFailure.OutcomeUnknown : LaneFailure.Unavailable,
    };

    private async Task<T> ReadOnce<T>(Func<DbConnection, Task<T>> work, CancellationToken stop)
    {
        await using var connection = await pool.OpenConnectionAsync(stop);
        return await work(connection);
    }

    private static NpgsqlDataSource Build(string settings) =>
        new NpgsqlSlimDataSourceBuilder(settings).EnableArrays().EnableTransportSecurity().Build();
}
