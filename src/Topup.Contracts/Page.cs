namespace Topup.Contracts;

/// <summary>One page of a list.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Pass it as <c>cursor</c> to get what follows; absent on the last page. Its content means nothing to a caller.</summary>
    public string? NextCursor { get; init; }
}
