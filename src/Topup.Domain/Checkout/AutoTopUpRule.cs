namespace Topup.Domain.Checkout;

/// <summary>When credits of one type are bought by themselves, what, how, and how much of it a month, as a person agreed.</summary>
public sealed record AutoTopUpRule
{
    public const int WordsLengthMax = 2_000;

    /// <summary>Smallest units of the credit type: it orders when less than this remains. Not used where there is <see cref="ThresholdPercent"/>.</summary>
    public long Threshold { get; init; }

    /// <summary>The same as a share of the allowance, or of the total after the last refill; 1 to 99.</summary>
    public int? ThresholdPercent { get; init; }

    /// <summary>Code of the pack; empty: money for the balance, by the amount.</summary>
    public required string Pack { get; init; }

    /// <summary>Smallest units up to which it fills; null: one pack at a time.</summary>
    public long? Target { get; init; }

    public required string Method { get; init; }

    /// <summary>The most it may spend in a calendar month, in minor units of <see cref="Currency"/>.</summary>
    public required long MonthlyCap { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    public required Consent Consent { get; init; }
}

/// <summary>Who agreed, when, and to which words.</summary>
/// <param name="By">The platform's own id of the person.</param>
public sealed record Consent(string By, string Words, Instant At);

/// <summary>How far a rule has come.</summary>
public sealed record AutoTopUpState
{
    /// <summary>The attempt that is under way; null: none. There is never a second one.</summary>
    public AutoTopUpAttempt? Attempt { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Nothing is ordered before; <see cref="Instant.Always"/>: it need not wait.</summary>
    public Instant WaitsUntil { get; init; } = Instant.Always;

    /// <summary>It orders nothing until a person resumes it.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>The consent was withdrawn while an attempt was under way: that one is brought to its end, and then nothing is left.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Why the last attempt failed, or why it is suspended; empty: it did not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The end of the last month in which it was told that the cap is reached.</summary>
    public Instant CapToldUntil { get; init; } = Instant.Always;

    /// <summary>The order of the last purchase; empty: none, or a person has seen to what became of it.</summary>
    public string LastOrder { get; init; } = "";

    /// <summary>When the last attempt ended; <see cref="Instant.Always"/>: there was none.</summary>
    public Instant LastAt { get; init; } = Instant.Always;
}

/// <summary>
/// One order, written down before it is made: whatever happens after, it is made again under the same key, and so at
/// most once.
/// </summary>
/// <param name="Pack">Code of the pack; empty: money for the balance.</param>
/// <param name="Price">Minor units, as decided against the cap.</param>
/// <param name="ByPrice">The price says how much is bought; false: the pack is sold as it is.</param>
/// <param name="Card">The card that is charged, however often it is asked what became of it; null: the balance pays.</param>
public sealed record AutoTopUpAttempt(
    string Key, string Pack, long Price, bool ByPrice, string Currency, string Method, ChargedCard? Card, Instant At);

/// <summary>A saved card, by the ids of the provider.</summary>
public sealed record ChargedCard(string Customer, string Card);
