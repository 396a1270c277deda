namespace Topup.Client;

/// <summary>Which entries of a tenant to list. What is null does not matter.</summary>
public sealed record EntryFilter
{
    /// <summary>Code of the credit type.</summary>
    public string? Type { get; init; }

    /// <summary>Kind of entry, such as <c>consume</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Who spent, in the platform's words.</summary>
    public string? Subject { get; init; }

    /// <summary>What it was spent on, in the platform's words.</summary>
    public string? UsageType { get; init; }

    /// <summary>The platform's own reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Entries made at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Entries made before this time.</summary>
    public DateTimeOffset? To { get; init; }
}
