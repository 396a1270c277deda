using System.Text.Json;

namespace Topup.Contracts;

/// <summary>One line of the log of events. Positions have no gaps.</summary>
public sealed record EventView
{
    public required long Position { get; init; }

    /// <summary>Unique for ever; a receiver that has seen it may skip it.</summary>
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Tenant { get; init; }
    public required DateTimeOffset At { get; init; }
    public required JsonElement Data { get; init; }
}

/// <summary>What happened to a pool: the data of every <c>credits.*</c>, <c>allowance.*</c>, <c>hold.*</c> and <c>balance.*</c> event.</summary>
public sealed record PoolEvent
{
    public required string Type { get; init; }
    public required string Entry { get; init; }
    public required decimal Amount { get; init; }
    public required Remaining Remaining { get; init; }
    public string? Related { get; init; }
    public string? Purchase { get; init; }
    public string? Reference { get; init; }

    /// <summary>The low mark that was crossed, in <c>credits.low</c>.</summary>
    public ThresholdView? Threshold { get; init; }

    /// <summary>When what is left of the lot ends, in <c>credits.expiring</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the forecast runs out, in a <c>credits.low</c> that comes of it.</summary>
    public RunwayView? Runway { get; init; }

    /// <summary>The day of this period on which the forecast exceeds the allowance, in a <c>credits.low</c> that comes of it.</summary>
    public string? ExceedsAllowanceOn { get; init; }

    /// <summary><c>workflow:</c> and the code of the workflow whose doing it is; absent: it is of none.</summary>
    public string? Cause { get; init; }
}

/// <summary>A low mark: a share of the last refill, or an amount.</summary>
public sealed record ThresholdView
{
    public int? Percent { get; init; }
    public decimal? Amount { get; init; }
}
