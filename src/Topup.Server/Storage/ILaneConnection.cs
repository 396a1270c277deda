namespace Topup.Server.Storage;

/// <summary>
/// The connection of one lane: one transaction at a time, load, then save and commit, used by one caller at a time.
/// Whoever loads must end the transaction by <see cref="SaveAndCommit"/> or <see cref="Rollback"/>: on SQLite an open
/// transaction holds the gate before the only writer. A call that throws has already ended it, and the next call
/// finds a healthy connection or says <see cref="LaneFailure.Unavailable"/>.
/// </summary>
internal interface ILaneConnection : IAsyncDisposable
{
    /// <summary>
    /// Begins the transaction when none is open, runs every load that has rows, in one round trip, and hands over each
    /// result row. May be called again in the same transaction.
    /// </summary>
    ValueTask Load(IReadOnlyList<Load> loads, CancellationToken stop);

    /// <summary>
    /// Runs writes of the transaction ahead of its commit: while the database is at them, the caller may go on deciding, but
    /// must leave their rows and the connection alone until this returns. None of it lasts without <see cref="SaveAndCommit"/>.
    /// </summary>
    ValueTask Save(IReadOnlyList<Rows> writes);

    /// <summary>
    /// Runs every write that has rows, in order, and commits, in one round trip. It is durable when this returns. Once
    /// sent, a commit is not called back by <paramref name="stop"/>: its outcome would be unknown for no gain.
    /// </summary>
    ValueTask SaveAndCommit(IReadOnlyList<Rows> writes, CancellationToken stop);

    /// <summary>Ends an open transaction without effect.</summary>
    ValueTask Rollback();

    /// <summary>Exchanges with the database so far.</summary>
    long RoundTrips { get; }

    /// <summary>Sets of rows run so far. A set counts once, on either database.</summary>
    long Statements { get; }

    long Commits { get; }
}

/// <summary>A query for a set of rows, and what to do with each row it finds. The query must return columns.</summary>
internal sealed record Load(Rows Rows, Action<IRow> Each);

/// <summary>The current result row; valid only inside the callback. A NULL in it is an error: hot tables have none.</summary>
internal interface IRow
{
    long Long(int i);

    string Text(int i);

    byte[] Bytes(int i);
}
