using Microsoft.Data.Sqlite;

namespace Topup.Server.Storage;

/// <summary>A lane on SQLite: it borrows the writer for one transaction at a time.</summary>
internal sealed class SqliteLaneConnection(SqliteWriter writer) : ILaneConnection
{
    private bool open;

    public long RoundTrips { get; private set; }

    public long Statements { get; private set; }

    public long Commits { get; private set; }

    public async ValueTask Load(IReadOnlyList<Load> loads, CancellationToken stop)
    {
        await EnsureBegun(stop);
        RoundTrips++;
        try
        {
            foreach (var load in loads) Run(load.Rows, load.Each);
        }
        catch (Exception exception)
        {
            throw Fail(exception, SqliteStep.Work);
        }
    }

    public ValueTask Save(IReadOnlyList<Rows> writes) => Write(writes, CancellationToken.None);

    public async ValueTask SaveAndCommit(IReadOnlyList<Rows> writes, CancellationToken stop)
    {
        await Write(writes, stop);
        try
        {
            writer.Execute("commit");
        }
        catch (Exception exception)
        {
            throw Fail(exception, SqliteStep.Commit);
        }
        Commits++;
        open = false;
        writer.Leave();
    }

    public ValueTask Rollback()
    {
        End();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => Rollback();

    private async ValueTask EnsureBegun(CancellationToken stop)
    {
        if (open) return;
        await writer.Enter(stop);
        open = true;
        try
        {
            writer.Execute("begin immediate");
        }
        catch (Exception exception)
        {
            throw Fail(exception, SqliteStep.Begin);
        }
    }

    private async ValueTask Write(IReadOnlyList<Rows> writes, CancellationToken stop)
    {
        await EnsureBegun(stop);
        RoundTrips++;
        try
        {
            foreach (var rows in writes) Run(rows, null);
        }
        catch (Exception exception)
        {
            throw Fail(exception, SqliteStep.Work);
        }
    }

    private void Run(Rows rows, Action<IRow>? each)
    {
        rows.EnsureComplete();
        if (rows.Count == 0) return;
        Statements++;
        var statement = writer.Prepare(rows.Statement);
        for (var i = 0; i < rows.Count; i++) statement.Run(rows, i, each);
    }

    private Exception Fail(Exception exception, SqliteStep step)
    {
        var sqlite = exception as SqliteException;
        if (sqlite is not null && SqliteWriter.IsSick(sqlite)) writer.Close();
        End();
        return sqlite is null ? exception : new LaneException(SqliteWriter.Classify(sqlite, step), sqlite);
    }

    private void End()
    {
        if (!open) return;
        open = false;
        writer.RollBack();
        writer.Leave();
    }
}
