namespace Topup.Contracts;

/// <summary>What came of a file that was sent to be imported, or only to be checked.</summary>
public sealed record ImportReply
{
    /// <summary>The import that was started. Absent: the file was only checked.</summary>
    public ImportView? Import { get; init; }

    /// <summary><c>tenants</c> or <c>grants</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many rows the file has, without its header.</summary>
    public required int Rows { get; init; }

    /// <summary>What a file of grants would give in all, by credit type. A type that there is not is not in it.</summary>
    public required IReadOnlyDictionary<string, decimal> Totals { get; init; }

    /// <summary>What is wrong with the file, at most the first 100. A file in which anything is wrong is not imported.</summary>
    public required IReadOnlyList<ImportError> Errors { get; init; }

    /// <summary>How many errors there are in all.</summary>
    public required int ErrorsFound { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>Something in a file that cannot be.</summary>
public sealed record ImportError
{
    /// <summary>The line of the file, where the first is 1. Absent: it is about the file as a whole.</summary>
    public int? Line { get; init; }

    /// <summary>Absent: it is about the line as a whole.</summary>
    public string? Column { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>An import, and how far it is.</summary>
public sealed record ImportView
{
    public required string Id { get; init; }

    /// <summary><c>tenants</c> or <c>grants</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>checked</c>: on a page, and nobody has said yes to it. <c>waiting</c>, <c>running</c>, <c>done</c>. <c>canceled</c>: what was not
    /// begun will not be, and what was done stays done.
    /// </summary>
    public required string Status { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows that were done.</summary>
    public required long Done { get; init; }

    /// <summary>Rows that were refused; the file of failures says why.</summary>
    public required long Failed { get; init; }

    /// <summary>Rows that were done or refused, in percent, rounded down.</summary>
    public required int Percent { get; init; }

    /// <summary>What a file of grants gives in all, by credit type.</summary>
    public required IReadOnlyDictionary<string, decimal> Totals { get; init; }

    /// <summary>Who started it: an API key or somebody of the staff.</summary>
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a server began it.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when the rows that were not done are kept, for the file of failures. Absent: it is not over.</summary>
    public DateTimeOffset? KeptUntil { get; init; }
}
