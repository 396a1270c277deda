namespace Topup.Contracts;

/// <summary>Compare what the payment providers list with the purchases, and repair what can be. All may be left out.</summary>
public sealed record ReconciliationRequest
{
    /// <summary>Only of this method, such as <c>stripe</c>. Left out: of all that have what they need.</summary>
    public string? Method { get; init; }

    /// <summary>Payments from this time on. Left out: three days before the end.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Payments before this time, at most 31 days after the beginning. Left out: five minutes ago.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What a comparison of providers and purchases has found, and what came of it.</summary>
public sealed record ReconciliationView
{
    public required string Id { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Who asked for it: <c>server</c>, which does once a day, or an API key.</summary>
    public required string Actor { get; init; }
    public required IReadOnlyList<ReconciledMethod> Methods { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>The comparison of one method. Numbers are of payments that the provider lists, except where said otherwise.</summary>
public sealed record ReconciledMethod
{
    public required string Method { get; init; }
    public required int Listed { get; init; }

    /// <summary>Those whose purchases said the same.</summary>
    public required int Matched { get; init; }

    /// <summary>Those without an order of ours: the account is used for other things too.</summary>
    public required int Foreign { get; init; }

    /// <summary>How many differences there were that are mended.</summary>
    public required int Repaired { get; init; }

    /// <summary>How many differences are left for a person.</summary>
    public required int Orphans { get; init; }

    /// <summary>The differences, at most 1,000, those that are left first. Absent in lists of reconciliations.</summary>
    public IReadOnlyList<FindingView>? Findings { get; init; }

    /// <summary>Why the comparison could not be done to its end. Absent: it was.</summary>
    public string? Failure { get; init; }
}

/// <summary>A difference between a provider and a purchase.</summary>
public sealed record FindingView
{
    /// <summary>
    /// <c>payment_of_nobody</c>: the provider has money for an order that there is not. <c>paid_not_credited</c>: it has money for
    /// an order, which was not credited. <c>credited_not_listed</c>: credits were given for a payment that it does not know.
    /// <c>amount_differs</c>, <c>refund_differs</c>: the two disagree about the amount or currency, or about refunds and disputes.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Our order's id, as the provider has it.</summary>
    public required string Order { get; init; }

    /// <summary>Id of the purchase. Absent: there is none.</summary>
    public string? Purchase { get; init; }
    public string? Tenant { get; init; }

    /// <summary>The provider's ids of the payments. Empty: it lists none.</summary>
    public required IReadOnlyList<string> Payments { get; init; }

    /// <summary>What the provider says was paid. Absent: it lists nothing, or nothing that can be counted.</summary>
    public decimal? Amount { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string? Currency { get; init; }

    /// <summary>What the provider says went back to the buyer.</summary>
    public decimal? Refunded { get; init; }

    public required bool Repaired { get; init; }

    /// <summary>What is left to do, in a sentence. Absent: nothing.</summary>
    public string? Left { get; init; }
}

/// <summary>The data of every <c>reconciliation.*</c> event.</summary>
public sealed record ReconciliationEventData
{
    public required string Reconciliation { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required int Listed { get; init; }
    public required int Matched { get; init; }
    public required int Repaired { get; init; }
    public required int Orphans { get; init; }

    /// <summary>The methods that could not be compared to the end.</summary>
    public required IReadOnlyList<string> Failed { get; init; }
}
