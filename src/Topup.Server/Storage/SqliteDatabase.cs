using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Topup.Server.Storage;

/// <summary>One file in the data folder: one writer behind a gate, and readers that see the last commit beside it.</summary>
internal sealed class SqliteDatabase : Database
{
    private const int ReadersMax = 16;

    private readonly string readerSettings;
    private readonly SqliteWriter writer;
    private readonly SemaphoreSlim seats = new(ReadersMax);
    private readonly ConcurrentBag<SqliteConnection> readers = [];
    private int closed;

    private SqliteDatabase(string file)
    {
        writer = new SqliteWriter(file);
        readerSettings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString();
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public static SqliteDatabase Open(string folder)
    {
        SqliteLibrary.EnsureLoaded();
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SqliteDatabase(Path.Combine(Path.GetFullPath(folder), "topup.db"));
    }

    public override async Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken stop)
    {
        await seats.WaitAsync(stop);
        var healthy = false;
        SqliteConnection? reader = null;
        try
        {
            reader = TakeReader();
            var result = await work(reader);
            EnsureNothingIsOpen(reader);
            healthy = true;
            return result;
        }
        catch (SqliteException exception)
            when (SqliteWriter.IsSick(exception) || exception.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            throw new LaneException(LaneFailure.Unavailable, exception);
        }
        finally
        {
            if (healthy) readers.Add(reader!);
            else reader?.Dispose();
            seats.Release();
        }
    }

    public override Task<T> ReadSnapshot<T>(Func<DbConnection, Task<T>> work, CancellationToken stop) =>
        Read(async connection =>
        {
            await using var transaction = ((SqliteConnection)connection).BeginTransaction(deferred: true);
            // A deferred transaction takes its snapshot at the first read; this is that read.
            await connection.ExecuteScalarAsync<long>("select count(*) from schema_version");
            return await work(connection);
        }, stop);

    public override async Task<T> Transact<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken stop)
    {
        var connection = await writer.Enter(stop);
        var step = SqliteStep.Begin;
        SqliteTransaction? open = null;
        try
        {
            open = connection.BeginTransaction(deferred: false);
            step = SqliteStep.Work;
            var result = await work(connection, open);
            step = SqliteStep.Commit;
            await open.CommitAsync(CancellationToken.None);
            open = null;
            return result;
        }
        catch (SqliteException exception)
        {
            End(connection, open);
            open = null;
            var failure = SqliteWriter.Classify(exception, step);
            if (SqliteWriter.IsSick(exception)) writer.Close();
            if (failure == LaneFailure.RolledBack && !SqliteWriter.IsSick(exception)) throw;
            throw new LaneException(failure, exception);
        }
        finally
        {
            End(connection, open);
            writer.RollBack();
            writer.Leave();
        }
    }

    public override ILaneConnection OpenLane() => new SqliteLaneConnection(writer);

    public override Task Ping(CancellationToken stop) =>
        Read(connection => connection.ExecuteScalarAsync<long>("select max(version) from schema_version"), stop);

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) == 1) return;
        // The last connection to close empties the log into the file, so it must be the writer's.
        for (var i = 0; i < ReadersMax; i++) await seats.WaitAsync();
        foreach (var reader in readers) await reader.DisposeAsync();
        seats.Dispose();
        await writer.DisposeAsync();
    }

    /// <summary>
    /// SQLite ends a transaction by itself when a write fails. The provider does not know of it and would fail to end it
    /// again, in place of the failure that matters; a transaction that is begun anew is one that it can end.
    /// </summary>
    private static void End(SqliteConnection connection, SqliteTransaction? open)
    {
        if (open is null) return;
        if (raw.sqlite3_get_autocommit(connection.Handle) != 0) _ = raw.sqlite3_exec(connection.Handle, "begin");
        open.Dispose();
    }

    /// <summary>
    /// A statement that nobody ended is ended by the garbage collector, on its own thread, while the connection is another's by
    /// then: SQLite would work on the same memory twice.
    /// </summary>
    private static void EnsureNothingIsOpen(SqliteConnection reader)
    {
        if (SqliteNative.NextStatement(reader.Handle!.DangerousGetHandle(), 0) != 0) throw new InvalidOperationException("A query has left its statement open.");
    }

    private SqliteConnection TakeReader()
    {
        if (readers.TryTake(out var reader)) return reader;
        reader = new SqliteConnection(readerSettings);
        try
        {
            reader.Open();
            reader.Execute("pragma busy_timeout = 5000; pragma cache_size = -8192; pragma temp_store = memory");
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
