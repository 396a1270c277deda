using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Topup.Server.Storage;

/// <summary>
/// A lane on PostgreSQL: one connection for life, every statement prepared at its first use, and the transaction's
/// begin and commit in the same round trip as its work. The begin is always explicit: on Citus a batch without one is
/// not atomic.
/// </summary>
internal sealed class PostgresLaneConnection(NpgsqlDataSource source) : ILaneConnection
{
    /// <summary>
    /// Lanes only look rows up by key, and their statements are planned once, perhaps over empty tables: so no plan may
    /// bet on reading a whole table. The two limits free the rows a dead or stuck server holds locked.
    /// </summary>
    public const string Settings = """
        set plan_cache_mode = force_generic_plan;
        set enable_seqscan = off;
        set enable_hashjoin = off;
        set enable_mergejoin = off;
        set jit = off;
        set lock_timeout = '4s';
        set idle_in_transaction_session_timeout = '10s'
        """;

    // The command timeout starts anew with every byte that comes, so a server that drips answers would never run into it.
    private static readonly TimeSpan ExchangeMax = TimeSpan.FromSeconds(5);

    // These remember the statements prepared on the connection, so they are of no use on another.
    private readonly Dictionary<Statement, NpgsqlBatchCommand> commands = [];
    private NpgsqlBatchCommand begin = new("begin");
    private NpgsqlBatchCommand commit = new("commit");
    private NpgsqlConnection? connection;
    private NpgsqlBatch? batch;

    private readonly PostgresRow row = new();
    private bool open;

    public long RoundTrips { get; private set; }

    public long Statements { get; private set; }

    public long Commits { get; private set; }

    public async ValueTask Load(IReadOnlyList<Load> loads, CancellationToken stop)
    {
        var any = false;
        foreach (var load in loads) any |= load.Rows.Count > 0;
        if (!any) return;

        await EnsureConnected(stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ExchangeMax);
        try
        {
            Compose(loads);
            await using var reader = await batch!.ExecuteReaderAsync(limit.Token);
            row.Reader = reader;
            foreach (var load in loads)
            {
                if (load.Rows.Count == 0) continue;
                while (await reader.ReadAsync(limit.Token)) load.Each(row);
                await reader.NextResultAsync(limit.Token);
            }
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw await Fail(TooSlow(late), commitSent: false);
        }
        catch (Exception exception)
        {
            throw await Fail(exception, commitSent: false);
        }
    }

    public ValueTask Save(IReadOnlyList<Rows> writes) => Send(writes, commits: false, CancellationToken.None);

    public async ValueTask SaveAndCommit(IReadOnlyList<Rows> writes, CancellationToken stop)
    {
        await Send(writes, commits: true, stop);
        Commits++;
        open = false;
    }

    public async ValueTask Rollback()
    {
        if (!open) return;
        open = false;
        try
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync();
            RoundTrips++;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            await Disconnect();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Rollback();
        await Disconnect();
    }

    private async ValueTask EnsureConnected(CancellationToken stop)
    {
        if (connection is not null && connection.FullState.HasFlag(ConnectionState.Open)) return;
        var lost = open;
        await Disconnect();
        if (lost)
            throw new LaneException(LaneFailure.Unavailable, new InvalidOperationException("The connection was lost."));
        try
        {
            connection = await source.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand(Settings, connection);
            await command.ExecuteNonQueryAsync(stop);
            batch = new NpgsqlBatch(connection);
            commands.Clear();
            begin = new NpgsqlBatchCommand("begin");
            commit = new NpgsqlBatchCommand("commit");
        }
        catch (Exception exception)
        {
            await Disconnect();
            if (exception is OperationCanceledException) throw;
            throw new LaneException(LaneFailure.Unavailable, exception);
        }
    }

    private async ValueTask Send(IReadOnlyList<Rows> writes, bool commits, CancellationToken stop)
    {
        await EnsureConnected(stop);
        using var limit = new CancellationTokenSource(ExchangeMax);
        var commitSent = false;
        try
        {
            Compose(writes, commits);
            commitSent = commits;
            await batch!.ExecuteNonQueryAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!commitSent)
        {
            throw await Fail(TooSlow(late), commitSent);
        }
        catch (Exception exception)
        {
            throw await Fail(exception, commitSent);
        }
    }

    private void Compose(IReadOnlyList<Load> loads)
    {
        Begin();
        foreach (var load in loads) Append(load.Rows);
    }

    private void Compose(IReadOnlyList<Rows> writes, bool commits)
    {
        Begin();
        foreach (var rows in writes) Append(rows);
        if (commits) batch!.BatchCommands.Add(commit);
    }

    private void Begin()
    {
        batch!.BatchCommands.Clear();
        if (!open) batch.BatchCommands.Add(begin);
        open = true;
        RoundTrips++;
    }

    private void Append(Rows rows)
    {
        rows.EnsureComplete();
        if (rows.Count == 0) return;
        Statements++;
        if (!commands.TryGetValue(rows.Statement, out var command))
            commands.Add(rows.Statement, command = Create(rows.Statement));
        // The same statement twice in a batch: the second needs parameters of its own.
        if (batch!.BatchCommands.Contains(command)) command = Create(rows.Statement);
        for (var i = 0; i < rows.Statement.Columns.Count; i++) SetParameter(command.Parameters[i], rows, i);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlBatchCommand Create(Statement statement)
    {
        var command = new NpgsqlBatchCommand(Dialect.Postgres.Expand(statement));
        foreach (var column in statement.Columns)
            command.Parameters.Add(column.Kind switch
            {
                ColumnKind.Long => new NpgsqlParameter<List<long>> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                ColumnKind.Text => new NpgsqlParameter<List<string>> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                ColumnKind.Bytes => new NpgsqlParameter<List<byte[]>> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            });
        return command;
    }

    private static void SetParameter(NpgsqlParameter parameter, Rows rows, int column)
    {
        switch (parameter)
        {
            case NpgsqlParameter<List<long>> longs: longs.TypedValue = rows.Longs(column); break;
            case NpgsqlParameter<List<string>> texts: texts.TypedValue = rows.Texts(column); break;
            case NpgsqlParameter<List<byte[]>> blobs: blobs.TypedValue = rows.Blobs(column); break;
        }
    }

    private static TimeoutException TooSlow(OperationCanceledException late) => new("The database answers too slowly.", late);

    private async ValueTask<Exception> Fail(Exception exception, bool commitSent)
    {
        // A cancelled load, or a callback that threw, has no effect and no news to tell about the database.
        var foreign = !commitSent && exception is not NpgsqlException and not TimeoutException and not IOException;
        var failure = PostgresDatabase.Classify(exception, commitSent);
        if (foreign || failure is LaneFailure.RolledBack or LaneFailure.StorageFull) await Rollback();
        else await Disconnect();
        return foreign ? exception : new LaneException(failure, exception);
    }

    private async ValueTask Disconnect()
    {
        open = false;
        batch?.Dispose();
        batch = null;
        if (connection is not null) await connection.DisposeAsync();
        connection = null;
    }

    private sealed class PostgresRow : IRow
    {
        public NpgsqlDataReader Reader { get; set; } = null!;

        public long Long(int i) => Reader.GetInt64(i);

        public string Text(int i) => Reader.GetString(i);

        public byte[] Bytes(int i) => Reader.GetFieldValue<byte[]>(i);
    }
}
