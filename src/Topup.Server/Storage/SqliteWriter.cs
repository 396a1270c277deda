using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Topup.Server.Storage;

/// <summary>
/// The only connection that writes to the SQLite file, and the gate before it: whoever enters has it alone until it
/// leaves. It is opened by the first to enter after a start or an I/O error.
/// </summary>
internal sealed class SqliteWriter(string file) : IAsyncDisposable
{
    // SQLite FULL reaches the medium on every commit; fullfsync makes that true on macOS as well.
    private const string Settings = """
        pragma synchronous = full;
        pragma fullfsync = on;
        pragma busy_timeout = 5000;
        pragma foreign_keys = off;
        pragma cache_size = -65536;
        pragma wal_autocheckpoint = 16000;
        pragma journal_size_limit = 67108864;
        """;

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<Statement, SqliteStatement> statements = [];
    private SqliteConnection? connection;
    private bool isClosed;

    /// <summary>Waits for the gate. Not reentrant: entering twice without leaving waits for ever.</summary>
    public async ValueTask<SqliteConnection> Enter(CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            return isClosed ? throw new LaneException(LaneFailure.Unavailable, new ObjectDisposedException(file)) : connection ??= Open();
        }
        catch (Exception exception)
        {
            gate.Release();
            if (exception is SqliteException) throw new LaneException(LaneFailure.Unavailable, exception);
            throw;
        }
    }

    public void Leave() => gate.Release();

    /// <summary>The statement, compiled once for the life of the connection.</summary>
    public SqliteStatement Prepare(Statement statement)
    {
        if (statements.TryGetValue(statement, out var prepared)) return prepared;
        var code = raw.sqlite3_prepare_v3(
            connection!.Handle, Dialect.Sqlite.Expand(statement), raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        if (code != raw.SQLITE_OK) throw LastError(code);
        prepared = new SqliteStatement(this, handle, statement.Columns);
        statements.Add(statement, prepared);
        return prepared;
    }

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(connection!.Handle, sql);
        if (code != raw.SQLITE_OK) throw LastError(code);
    }

    /// <summary>Ends whatever transaction is open, if need be with its connection.</summary>
    public void RollBack()
    {
        if (connection is null || raw.sqlite3_get_autocommit(connection.Handle) != 0) return;
        if (raw.sqlite3_exec(connection.Handle, "rollback") != raw.SQLITE_OK) Close();
    }

    /// <summary>
    /// Closes the file, to be opened anew by the next who enters. After a failed write or sync the operating system may
    /// have dropped the pages and call the next sync a success, so nothing known about the file can be trusted.
    /// </summary>
    public void Close()
    {
        foreach (var statement in statements.Values) statement.Dispose();
        statements.Clear();
        try
        {
            connection?.Dispose();
        }
        catch (SqliteException)
        {
            // A sick connection may fail to roll back; its handle is released all the same.
        }
        connection = null;
    }

    public SqliteException LastError(int code) =>
        new(raw.sqlite3_errmsg(connection!.Handle).utf8_to_string(), code & 0xff, code);

    /// <summary>What a failure means for the transaction, and whether the connection must go.</summary>
    public static LaneFailure Classify(SqliteException exception, SqliteStep step) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => LaneFailure.StorageFull,
        _ when step == SqliteStep.Begin => LaneFailure.Unavailable,
        _ when step == SqliteStep.Commit && IsSick(exception) => LaneFailure.OutcomeUnknown,
        _ => LaneFailure.RolledBack,
    };

    /// <summary>The file or the memory failed, not the statement.</summary>
    public static bool IsSick(SqliteException exception) => exception.SqliteErrorCode
        is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB or raw.SQLITE_NOMEM
        or raw.SQLITE_READONLY or raw.SQLITE_PROTOCOL or raw.SQLITE_INTERNAL;

    /// <summary>
    /// Waits until nobody is inside, for closing frees what a statement works on: one that still ran would end the process.
    /// Whoever enters afterwards is told that the database is not there.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        isClosed = true;
        Close();
        gate.Release();
    }

    private SqliteConnection Open()
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            opened.Open();
            using var command = opened.CreateCommand();
            command.CommandText = "pragma journal_mode = wal";
            if (command.ExecuteScalar() is not "wal")
                throw new InvalidOperationException($"SQLite cannot keep a write-ahead log for {file}: use a local disk.");
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}

internal enum SqliteStep
{
    Begin,
    Work,
    Commit,
}
