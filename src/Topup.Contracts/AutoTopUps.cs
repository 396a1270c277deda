namespace Topup.Contracts;

/// <summary>Buy credits of a type by themselves before they run out, within a cap, because somebody agreed to it.</summary>
public sealed record AutoTopUpRequest
{
    /// <summary>It orders when less than this remains, money under way counted. Either this or <see cref="ThresholdPercent"/>.</summary>
    public decimal? Threshold { get; init; }

    /// <summary>The same in percent of the period's allowance, or where there is none of the total after the last refill; 1 to 99.</summary>
    public int? ThresholdPercent { get; init; }

    /// <summary>Code of the pack that is bought. Left out only where the credit type is money.</summary>
    public string? Pack { get; init; }

    /// <summary>Fills up to this; needs a pack that lets the buyer choose the amount, or a type that is money. Left out: one pack at a time.</summary>
    public decimal? Target { get; init; }

    /// <summary><c>balance</c>, or a method whose checkout saved a card of the tenant, such as <c>stripe</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The most that it may spend in a calendar month, in the currency of what it buys.</summary>
    public required decimal MonthlyCap { get; init; }
    public required ConsentRequest Consent { get; init; }
}

/// <summary>Who agreed to be charged without being asked each time, and to which words. It is kept in the audit.</summary>
public sealed record ConsentRequest
{
    /// <summary>Your own id of the person, not a name; 1 to 128 characters.</summary>
    public required string By { get; init; }

    /// <summary>What the person was shown and agreed to; 1 to 2,000 characters.</summary>
    public required string Words { get; init; }
}

public sealed record AutoTopUpView
{
    public required string Tenant { get; init; }

    /// <summary>The credit type; a tenant has at most one automatic top-up of each.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// <c>active</c>; <c>ordering</c>: an order is under way; <c>waiting</c>: until <see cref="WaitsUntil"/>, after a decline;
    /// <c>suspended</c>: until somebody resumes it.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Why the last attempt failed, such as <c>card_declined</c>, <c>insufficient_balance</c> or <c>monthly_cap</c>; absent: it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Failures in a row; after three it is suspended.</summary>
    public required int Failures { get; init; }
    public DateTimeOffset? WaitsUntil { get; init; }
    public decimal? Threshold { get; init; }
    public int? ThresholdPercent { get; init; }
    public string? Pack { get; init; }
    public decimal? Target { get; init; }
    public required string Method { get; init; }
    public required decimal MonthlyCap { get; init; }

    /// <summary>What it has ordered in this calendar month and did not fail.</summary>
    public required decimal SpentThisMonth { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }
    public required ConsentView Consent { get; init; }

    /// <summary>Id of its last purchase.</summary>
    public string? LastPurchase { get; init; }

    /// <summary>When its last attempt ended.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Less than the threshold remains, and nothing keeps it from ordering: it does so within seconds.</summary>
    public required bool WillOrderNow { get; init; }
}

public sealed record ConsentView
{
    public required string By { get; init; }
    public required string Words { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A card that the tenant agreed to save. Its digits are the provider's alone.</summary>
public sealed record SavedCardView
{
    /// <summary>The method of payment whose checkout saved it.</summary>
    public required string Method { get; init; }

    /// <summary>Such as <c>visa</c>; absent: not known.</summary>
    public string? Brand { get; init; }

    /// <summary>The last four digits; absent: not known.</summary>
    public string? Last4 { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
}

/// <summary>What an automatic top-up did: the data of every <c>autotopup.*</c> event.</summary>
public sealed record AutoTopUpEventData
{
    /// <summary>The credit type.</summary>
    public required string Type { get; init; }
    public required string Method { get; init; }

    /// <summary>Why it failed or is suspended.</summary>
    public string? Reason { get; init; }

    /// <summary>Id of the purchase; absent: none was made.</summary>
    public string? Purchase { get; init; }
    public string? Pack { get; init; }

    /// <summary>What was paid, or should have been; absent: nothing was tried.</summary>
    public decimal? Price { get; init; }
    public required decimal MonthlyCap { get; init; }
    public required string Currency { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    /// <summary>When it tries again by itself; absent: at the next need, or, where it is suspended, never.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }
}
