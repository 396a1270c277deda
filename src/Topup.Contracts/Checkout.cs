namespace Topup.Contracts;

/// <summary>Buy a pack.</summary>
public sealed record PurchaseRequest
{
    public required string Tenant { get; init; }
    public required string Pack { get; init; }

    /// <summary><c>balance</c>: paid from the tenant's money in the pack's currency.</summary>
    public required string Method { get; init; }
    public string? Reference { get; init; }
}

/// <summary>One order. What was bought, and at what price, is fixed when it is made.</summary>
public sealed record PurchaseView
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }

    /// <summary><c>credited</c>: paid, and the credits are there.</summary>
    public required string Status { get; init; }
    public required string Method { get; init; }
    public required string Pack { get; init; }
    public required string Type { get; init; }
    public required decimal Credits { get; init; }
    public required decimal Price { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Id of the lot that holds the credits.</summary>
    public string? Lot { get; init; }

    /// <summary>Id of the entry that took the price.</summary>
    public string? Payment { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? Reference { get; init; }
    public bool Replayed { get; init; }
}
