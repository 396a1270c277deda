namespace Topup.Server.Storage;

/// <summary>What became of a write that failed in the storage.</summary>
internal enum LaneFailure
{
    /// <summary>Certainly no effect: the SQL, a constraint or a lock stood in the way.</summary>
    RolledBack,

    /// <summary>Certainly no effect: the disk is full.</summary>
    StorageFull,

    /// <summary>The commit was on its way when the connection or the disk failed: it may or may not have happened.</summary>
    OutcomeUnknown,

    /// <summary>Certainly no effect: the database could not be reached, or went away before a commit was sent.</summary>
    Unavailable,
}

internal sealed class LaneException(LaneFailure failure, Exception inner)
    : Exception($"{failure}: {inner.Message}", inner)
{
    public LaneFailure Failure { get; } = failure;
}
