namespace Topup.Domain.Imports;

/// <summary>How far an import is. The numbers are stored and never change their meaning.</summary>
public enum ImportStatus
{
    /// <summary>The file is in order, and nobody has said yes to it. Nothing was done.</summary>
    Checked = 0,

    /// <summary>No server has begun it.</summary>
    Waiting = 1,
    Running = 2,

    /// <summary>Every row was done or refused.</summary>
    Done = 3,

    /// <summary>What was not begun will not be; what was done stays done.</summary>
    Canceled = 4,
}

/// <summary>An import in numbers. A row is counted once, as done or as failed, together with the others that were begun with it.</summary>
public readonly record struct ImportProgress(ImportStatus Status, long Rows, long Done, long Failed)
{
    public long Left => Rows - Done - Failed;

    public bool IsOver => Status is ImportStatus.Done or ImportStatus.Canceled;

    /// <summary>Rounded down, so that it is 100 when nothing is left and not before.</summary>
    public int Percent => Rows == 0 ? 100 : (int)((Done + Failed) * 100 / Rows);

    /// <summary>Somebody has said yes. Null: it is over. To say yes twice is to say it once.</summary>
    public ImportProgress? Start() => Status switch
    {
        ImportStatus.Checked => this with { Status = ImportStatus.Waiting },
        ImportStatus.Waiting or ImportStatus.Running => this,
        ImportStatus.Done or ImportStatus.Canceled => null,
    };

    /// <summary>A server has begun some of its rows.</summary>
    public ImportProgress Begin() => Status == ImportStatus.Waiting ? this with { Status = ImportStatus.Running } : this;

    /// <summary>Null: everything was done already. To cancel twice is to cancel once.</summary>
    public ImportProgress? Cancel() => Status == ImportStatus.Done ? null : this with { Status = ImportStatus.Canceled };

    /// <summary>Rows that were begun have ended, also those of an import that was canceled meanwhile.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More rows than there are.</exception>
    public ImportProgress Add(long done, long failed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(done);
        ArgumentOutOfRangeException.ThrowIfNegative(failed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(done + failed, Left);
        var after = this with { Done = Done + done, Failed = Failed + failed };
        return after.Left == 0 && Status != ImportStatus.Canceled ? after with { Status = ImportStatus.Done } : after;
    }
}
