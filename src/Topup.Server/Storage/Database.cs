using System.Data.Common;

namespace Topup.Server.Storage;

/// <summary>Where the data lives: a PostgreSQL connection string, or nothing for SQLite in <paramref name="DataFolder"/>.</summary>
internal sealed record DatabaseOptions(string ConnectionString = "", string DataFolder = "data");

/// <summary>
/// The one door to the data. Rooms hand in work; the database decides on which connection it runs, and says what
/// became of a write with a <see cref="LaneException"/> when that is not simply "an error in the SQL".
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    public abstract Dialect Dialect { get; }

    /// <summary>The schema was created by this start: there is no data yet.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Opens the database and brings its schema up to date. A schema newer than this program is refused.</summary>
    public static async Task<Database> Open(
        DatabaseOptions options, TimeProvider clock, ILoggerFactory logs, CancellationToken stop)
    {
        Database database = options.ConnectionString.Length == 0
            ? SqliteDatabase.Open(options.DataFolder)
            : await PostgresDatabase.Open(options.ConnectionString, stop);
        try
        {
            database.IsNew = await Migrator.Run(database, clock, logs.CreateLogger(typeof(Migrator)), stop);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Queries on a connection that is not the writer's. The work must be repeatable: a lost connection is tried again.</summary>
    public abstract Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken stop);

    /// <summary>The same, where every query sees the same moment.</summary>
    public abstract Task<T> ReadSnapshot<T>(Func<DbConnection, Task<T>> work, CancellationToken stop);

    /// <summary>One write transaction: all of the work, or nothing when it throws. It is durable when this returns.</summary>
    public abstract Task<T> Transact<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken stop);

    /// <summary>A connection for a lane, which is the caller's to dispose.</summary>
    public abstract ILaneConnection OpenLane();

    /// <summary>Throws when the database does not answer.</summary>
    public abstract Task Ping(CancellationToken stop);

    public abstract ValueTask DisposeAsync();
}
