namespace Topup.Contracts;

/// <summary>
/// A limit of a tenant, or of one of its subjects: a cap, or a usage type switched off. It counts from the moment it is set.
/// </summary>
public sealed record LimitRequest
{
    /// <summary>The subject it is about, such as a project; left out: the whole tenant, all subjects together.</summary>
    public string? Subject { get; init; }

    /// <summary>The usage type it is about; left out: all. What is switched off must be named.</summary>
    public string? UsageType { get; init; }

    /// <summary>The credit type it is about; left out: all. A cap on credits must name it.</summary>
    public string? Type { get; init; }

    /// <summary>True: nothing of it may be used. Not beside a cap.</summary>
    public bool? Off { get; init; }
    public LimitCap? Cap { get; init; }

    /// <summary>When it ends; left out: never. Not before now.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>So much, and no more until the next window begins.</summary>
public sealed record LimitCap
{
    /// <summary>Uses (whole numbers), or credits with at most the type's decimals; 0 or more.</summary>
    public required decimal Amount { get; init; }

    /// <summary><c>uses</c> or <c>credits</c>.</summary>
    public required string Measure { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c> (from Monday) or <c>month</c>, of the operator's calendar.</summary>
    public required string Per { get; init; }
}

/// <summary>A limit as it stands.</summary>
public sealed record LimitView
{
    public required string Code { get; init; }
    public string? Subject { get; init; }
    public string? UsageType { get; init; }
    public string? Type { get; init; }
    public required bool Off { get; init; }
    public LimitCap? Cap { get; init; }

    /// <summary>Counted in the window that is running; left out where nothing is counted.</summary>
    public decimal? Used { get; init; }
    public decimal? Left { get; init; }

    /// <summary>When the next window begins.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>The data of <c>limit.reached</c>: told once for each window, by the use that filled it or was first refused.</summary>
public sealed record LimitEvent
{
    public required LimitView Limit { get; init; }
}
