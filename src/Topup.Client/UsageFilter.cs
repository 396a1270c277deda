namespace Topup.Client;

/// <summary>Which uses to show, and by what they are apart. What is null does not matter.</summary>
public sealed record UsageFilter
{
    /// <summary>The first day, in the operator's time zone.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, which counts too; at most 366 days in all.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Code of the credit type.</summary>
    public string? Type { get; init; }

    /// <summary>What was used, in the platform's words.</summary>
    public string? UsageType { get; init; }

    /// <summary>Who used it, in the platform's words.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// One of <c>day</c>, <c>week</c> and <c>month</c>, and <c>type</c>, <c>usage_type</c>, <c>subject</c>; of all tenants
    /// <c>tenant</c> instead of <c>subject</c>.
    /// </summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    /// <summary>Only so many rows, those with the most credits; needs a <see cref="Type"/>.</summary>
    public int? Top { get; init; }
}
