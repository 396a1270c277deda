namespace Topup.Contracts;

/// <summary>
/// The receipt of a purchase. Number, seller, buyer and tax are as they were when it was issued; what was given back since
/// stands below as refunds.
/// </summary>
public sealed record ReceiptView
{
    /// <summary>The operator's prefix and a number that follows the one before it without a gap.</summary>
    public required string Number { get; init; }

    /// <summary>Id of the purchase.</summary>
    public required string Purchase { get; init; }
    public required string Tenant { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset PaidAt { get; init; }
    public required ReceiptSeller Seller { get; init; }

    /// <summary>The buyer's name.</summary>
    public required string Buyer { get; init; }

    /// <summary>What was bought.</summary>
    public required string Title { get; init; }

    /// <summary>How it was paid, such as <c>stripe</c>.</summary>
    public required string Method { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>What was paid, tax included, in major units.</summary>
    public required decimal Price { get; init; }

    /// <summary>Absent: none was set, or money was bought, which is taxed when it is spent.</summary>
    public ReceiptTax? Tax { get; init; }

    /// <summary>The oldest first, without those that failed.</summary>
    public required IReadOnlyList<ReceiptRefund> Refunds { get; init; }

    /// <summary>The price without what was given back.</summary>
    public required decimal Kept { get; init; }
}

public sealed record ReceiptSeller
{
    public string? Name { get; init; }
    public string? Address { get; init; }
    public string? TaxId { get; init; }
    public string? Email { get; init; }
    public string? Website { get; init; }
}

/// <summary>The tax that the price includes.</summary>
public sealed record ReceiptTax
{
    public required string Name { get; init; }

    /// <summary>Percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>The price without the tax.</summary>
    public required decimal Net { get; init; }
    public required decimal Amount { get; init; }
}

/// <summary>Money that went back to the buyer, or is on its way.</summary>
public sealed record ReceiptRefund
{
    /// <summary>Absent: it was made at the provider.</summary>
    public DateTimeOffset? At { get; init; }
    public required decimal Amount { get; init; }

    /// <summary><c>buyer</c>, or <c>balance</c>: it was put on the tenant's balance.</summary>
    public required string To { get; init; }
}
