namespace Topup.Domain.Automation;

/// <summary>How far a workflow is with one event. The numbers are stored and never change their meaning.</summary>
public enum RunStatus
{
    Waiting = 0,
    Done = 1,

    /// <summary>An action was refused, or was tried as often as it is; those behind it were not begun.</summary>
    Failed = 2,

    /// <summary>Nothing was begun: the event was the doing of a workflow.</summary>
    Skipped = 3,

    /// <summary>The workflow was disabled, changed to another event or deleted before it was done.</summary>
    Canceled = 4,
}

/// <summary>How far an action of a run is. The numbers are stored and never change their meaning.</summary>
public enum ActionStatus
{
    Waiting = 0,
    Done = 1,
    Failed = 2,

    /// <summary>There was nobody to send to, or nothing to do.</summary>
    Skipped = 3,
}

/// <summary>What came of trying an action.</summary>
public enum ActionOutcome
{
    Done,

    /// <summary>There is nobody to send to, or nothing to do; the run goes on.</summary>
    Skipped,

    /// <summary>It will not be done, however often it is tried.</summary>
    Refused,

    /// <summary>It may be tried again, and where nobody knows what came of it, is.</summary>
    Later,
}

/// <summary>What becomes of a run and its action after a try.</summary>
/// <param name="Next">The action that is next; as many as there are: none.</param>
/// <param name="DueAt">When it goes on; <see cref="Instant.Never"/>: it does not.</param>
public sealed record RunVerdict(ActionStatus Action, RunStatus Run, int Next, Instant DueAt);

/// <summary>Moves runs on: one action after the other, each at least once, over about a day.</summary>
public static class WorkflowRun
{
    /// <summary>Jitter is given in these parts of its largest value.</summary>
    public const int JitterMax = 1_000;

    /// <summary>The longest wait that a receiver may ask for.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(12);

    /// <summary>A wait is up to a tenth longer, so that what failed together does not come back together.</summary>
    private const int JitterPart = 10;

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(2),
        TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(10),
    ];

    /// <summary>How often an action is tried.</summary>
    public static int TriesMax => Waits.Length + 1;

    /// <param name="action">The action that was tried, from 0.</param>
    /// <param name="actions">How many the run has.</param>
    /// <param name="tries">Of this action, this one included.</param>
    /// <param name="retryAfter">What the receiver asked for; null: nothing.</param>
    /// <param name="jitter">From 0 to <see cref="JitterMax"/>.</param>
    public static RunVerdict After(ActionOutcome outcome, int action, int actions, int tries, Instant now, TimeSpan? retryAfter, int jitter)
    {
        switch (outcome)
        {
            case ActionOutcome.Done or ActionOutcome.Skipped:
                var isLast = action + 1 >= actions;
                return new RunVerdict(outcome == ActionOutcome.Done ? ActionStatus.Done : ActionStatus.Skipped, isLast ? RunStatus.Done : RunStatus.Waiting,
                    action + 1, isLast ? Instant.Never : now);
            case ActionOutcome.Later when tries < TriesMax:
                return new RunVerdict(ActionStatus.Waiting, RunStatus.Waiting, action, now.Plus(WaitAfter(tries, retryAfter, jitter)));
            default:
                return new RunVerdict(ActionStatus.Failed, RunStatus.Failed, action, Instant.Never);
        }
    }

    private static TimeSpan WaitAfter(int tries, TimeSpan? retryAfter, int jitter)
    {
        var wait = Waits[tries - 1];
        wait += TimeSpan.FromTicks(wait.Ticks / JitterPart * jitter / JitterMax);
        var asked = retryAfter is { } given && given > TimeSpan.Zero ? given : TimeSpan.Zero;
        if (asked > RetryAfterMax) asked = RetryAfterMax;
        return wait > asked ? wait : asked;
    }
}
