namespace Topup.Client;

/// <summary>How patient a client is.</summary>
public sealed record TopupClientOptions
{
    /// <summary>How often a request is sent again after its first try; 0: never. Default 5.</summary>
    public int RetryMax { get; init; } = 5;

    /// <summary>Longest wait before the first retry; it doubles with each one after it. Default 0.2 s.</summary>
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two tries, also where the server asks for a longer one. Default 10 s.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for one call with all its retries. Default 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The clock that waits are measured with.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
