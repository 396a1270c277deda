namespace Topup.Contracts;

/// <summary>Buy a pack, an amount of a pack that lets the buyer choose, or money on the balance.</summary>
public sealed record PurchaseRequest
{
    public required string Tenant { get; init; }

    /// <summary>Code of the pack. Left out: <see cref="Type"/> and <see cref="Amount"/> say what is bought.</summary>
    public string? Pack { get; init; }

    /// <summary>Code of a credit type: money, to put on the balance, or one that a pack sells by the amount.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Credits wanted, such as the exact shortfall of a refused use; of a credit type that is money, the money. The price
    /// is the smallest that buys at least so many.
    /// </summary>
    public decimal? Amount { get; init; }

    /// <summary>What the buyer wants to pay, for a pack that lets them choose; instead of <see cref="Amount"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>
    /// <c>balance</c>: paid from the tenant's money, at once. Others, such as <c>stripe</c>, <c>mercadopago</c> and
    /// <c>sandbox</c>, give a page on which the buyer pays. Left out: the operator's default.
    /// </summary>
    public string? Method { get; init; }

    /// <summary>The buyer agrees that the card is saved, so that an automatic top-up can charge it; only where the method can save one.</summary>
    public bool? SaveCard { get; init; }
    public string? Reference { get; init; }

    /// <summary>
    /// Where the buyer goes on to from the page that says how far the purchase is: an https address of at most 500
    /// characters. Once paid, they are sent there after the operator's <c>redirect_delay</c>.
    /// </summary>
    public string? ReturnUrl { get; init; }
}

/// <summary>One order. What was bought, and at what price, is fixed when it is made.</summary>
public sealed record PurchaseView
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }

    /// <summary>
    /// <c>created</c>, <c>pending</c>, <c>processing</c>, <c>paid</c>, <c>credited</c>, <c>failed</c>, <c>expired</c>, <c>canceled</c>,
    /// <c>needs_review</c>, <c>partly_refunded</c>, <c>refunded</c>, <c>disputed</c>, <c>dispute_won</c> or <c>dispute_lost</c>.
    /// </summary>
    public required string Status { get; init; }
    public required string Method { get; init; }

    /// <summary>Absent: the buyer chose an amount without a pack.</summary>
    public string? Pack { get; init; }

    /// <summary>What the buyer reads on the provider's page and on the receipt.</summary>
    public required string Title { get; init; }
    public required string Type { get; init; }
    public required decimal Credits { get; init; }
    public required decimal Price { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Where the buyer pays; only while they can.</summary>
    public string? CheckoutUrl { get; init; }

    /// <summary>What was taken from the buyer and accepted.</summary>
    public required decimal Paid { get; init; }

    /// <summary>What of it went back to the buyer, or is on its way.</summary>
    public required decimal Refunded { get; init; }

    /// <summary>What of it was put on the tenant's balance instead.</summary>
    public required decimal Returned { get; init; }

    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>; absent: the payment was never disputed.</summary>
    public string? Dispute { get; init; }

    /// <summary>Why a person must look at it: <c>wrong_order</c>, <c>wrong_account</c>, <c>wrong_mode</c>, <c>wrong_currency</c>,
    /// <c>wrong_amount</c>, <c>no_balance</c> or <c>surplus_gone</c>; absent: nobody must.</summary>
    public string? Review { get; init; }

    /// <summary>Why it failed, in the provider's code.</summary>
    public string? Failure { get; init; }

    /// <summary>Money that the buyer paid beyond the price; it is on the tenant's balance.</summary>
    public decimal? Surplus { get; init; }

    /// <summary>Id of the lot that holds the credits, or the money where the credits could not be added.</summary>
    public string? Lot { get; init; }

    /// <summary>Id of the entry that took the price from the balance.</summary>
    public string? Payment { get; init; }

    /// <summary>An automatic top-up ordered it.</summary>
    public bool AutoTopUp { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when the buyer may pay; only while they can.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public string? Reference { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>What happened to a purchase, in order.</summary>
public sealed record PurchaseStepView
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The status that it had then.</summary>
    public required string Status { get; init; }
    public required string Words { get; init; }

    /// <summary>Who said so: <c>webhook</c>, <c>return</c>, <c>reconciler</c>, <c>checkout</c>, or an API key.</summary>
    public required string Source { get; init; }
}

/// <summary>Give money of a purchase back, and take back in proportion what is left of its credits.</summary>
public sealed record RefundRequest
{
    /// <summary>Left out: all that is left of it.</summary>
    public decimal? Amount { get; init; }

    /// <summary><c>buyer</c>: through the provider, the way it came. <c>balance</c>: to the tenant's money. Left out: the buyer, or the balance where it was paid from one.</summary>
    public string? To { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Reason { get; init; }
}

public sealed record RefundView
{
    public required string Id { get; init; }
    public required string Purchase { get; init; }
    public required decimal Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary><c>buyer</c> or <c>balance</c>.</summary>
    public required string To { get; init; }

    /// <summary><c>requested</c>: the provider has not confirmed it yet. <c>pending</c>, <c>succeeded</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed, in the provider's code.</summary>
    public string? Failure { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>Decide on a purchase that needs review.</summary>
public sealed record ReviewRequest
{
    /// <summary>
    /// <c>credit</c>: the money that was paid pays for the credits as ordered. <c>balance</c>: it goes to the tenant's
    /// balance. <c>dismiss</c>: nothing is credited; give the money back at the provider.
    /// </summary>
    public required string Decision { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>What happened to a purchase: the data of every <c>purchase.*</c> event.</summary>
public sealed record PurchaseEventData
{
    public required string Purchase { get; init; }
    public required string Status { get; init; }
    public required string Method { get; init; }
    public string? Pack { get; init; }
    public required string Title { get; init; }
    public required string Type { get; init; }
    public required decimal Price { get; init; }
    public required string Currency { get; init; }
    public required decimal Paid { get; init; }

    /// <summary>To the buyer and to the tenant's balance, so far.</summary>
    public required decimal Refunded { get; init; }
    public string? Dispute { get; init; }
    public string? Review { get; init; }
    public string? Failure { get; init; }
    public string? Reference { get; init; }
}
