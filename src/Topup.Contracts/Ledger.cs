namespace Topup.Contracts;

/// <summary>
/// Spend credits: so many of a type that the caller names (<see cref="Type"/>, <see cref="Amount"/>), or so many uses that the
/// rate card of the tenant's plan prices (<see cref="UsageType"/>, <see cref="Quantity"/>, and no type).
/// </summary>
public sealed record ConsumeRequest
{
    public required string Tenant { get; init; }

    /// <summary>The credit type; left out where a rate card prices the use and says the type.</summary>
    public string? Type { get; init; }

    /// <summary>Credits of the type: more than 0, at most 10^15 of its smallest unit, at most its decimals. Default 1.</summary>
    public decimal? Amount { get; init; }

    /// <summary>What is used, in the platform's words; 0 to 64 characters. Without a type, the rate card must have it.</summary>
    public string? UsageType { get; init; }

    /// <summary>How many uses, 1 to 1,000,000,000; only without a type. Default 1.</summary>
    public long? Quantity { get; init; }

    /// <summary>What the price depends on, such as country = BR; at most 10; only without a type.</summary>
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }

    /// <summary>Which project, sub-user or device of the tenant spends; an id, 0 to 128 characters, no personal data.</summary>
    public string? Subject { get; init; }

    /// <summary>The platform's own reference, such as a message id; 0 to 128 characters.</summary>
    public string? Reference { get; init; }

    /// <summary><c>refuse</c> (default): all or nothing. <c>cap</c>: take what there is.</summary>
    public string? OnShortage { get; init; }
}

/// <summary>
/// The answer to a use. A shortage is an answer, not an error: <see cref="Allowed"/> is false and <see cref="Reason"/>
/// says why.
/// </summary>
public sealed record ConsumeReply
{
    public required bool Allowed { get; init; }

    /// <summary>
    /// Null when allowed; else <c>insufficient_credits</c>, <c>limit_reached</c>, <c>usage_type_off</c>, <c>plan_lapsed</c>,
    /// <c>type_disabled</c> or <c>tenant_suspended</c>.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>What the use costs by the rate card; left out where the caller said how many credits.</summary>
    public UsePrice? Price { get; init; }

    public required Drawn Drawn { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>The limit that refused it, as it stood; left out otherwise.</summary>
    public LimitView? Limit { get; init; }

    /// <summary>Credits that a purchase must bring for the whole use to be possible.</summary>
    public decimal? Shortfall { get; init; }

    /// <summary>Where the tenant can buy more, if the operator has configured it and the plan allows it.</summary>
    public string? TopupUrl { get; init; }

    /// <summary>Id of the entry that was written; null when refused.</summary>
    public string? Entry { get; init; }

    /// <summary>True when this is the first reply to the same key again, and nothing was spent a second time.</summary>
    public bool Replayed { get; init; }
}

/// <summary>What a rate card says of a use.</summary>
public sealed record UsePrice
{
    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Credits for one use.</summary>
    public required decimal Rate { get; init; }

    /// <summary>How many uses: those that were asked for, or fewer where the caller took what there was.</summary>
    public required long Quantity { get; init; }

    /// <summary>Credits for all of them.</summary>
    public required decimal Cost { get; init; }
}

/// <summary>Where credits were taken from.</summary>
public sealed record Drawn
{
    public required decimal Allowance { get; init; }
    public required decimal Purchased { get; init; }

    /// <summary>Credits that became debt, where a capture went beyond its hold and the type has a debt limit.</summary>
    public decimal? Debt { get; init; }

    public required IReadOnlyList<LotDraw> Lots { get; init; }
}

public sealed record LotDraw(string Lot, decimal Amount);

/// <summary>What a pool holds after the change.</summary>
public sealed record Remaining
{
    public required decimal Allowance { get; init; }

    /// <summary>The allowance has no end; <see cref="Allowance"/> is then 0 and purchased credits are not touched.</summary>
    public required bool Unlimited { get; init; }

    public required decimal Purchased { get; init; }
    public required decimal Held { get; init; }
    public required decimal Debt { get; init; }

    /// <summary>What can be spent now: allowance and purchased.</summary>
    public required decimal Total { get; init; }

    /// <summary>When the allowance comes back.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}

/// <summary>Up to 1,000 uses, each with its own key and its own answer.</summary>
public sealed record ConsumeBatchRequest
{
    public required IReadOnlyList<ConsumeItem> Items { get; init; }
}

public sealed record ConsumeItem
{
    /// <summary>Idempotency key of this use, 1 to 255 printable ASCII characters.</summary>
    public required string Key { get; init; }
    public required string Tenant { get; init; }
    public string? Type { get; init; }
    public decimal? Amount { get; init; }
    public string? UsageType { get; init; }
    public long? Quantity { get; init; }
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
    public string? Subject { get; init; }
    public string? Reference { get; init; }
    public string? OnShortage { get; init; }
}

public sealed record ConsumeBatchReply
{
    /// <summary>In the order of the request.</summary>
    public required IReadOnlyList<ConsumeItemReply> Items { get; init; }
}

/// <summary>Either a reply or a problem.</summary>
public sealed record ConsumeItemReply
{
    public required string Key { get; init; }
    public ConsumeReply? Reply { get; init; }
    public Problem? Problem { get; init; }
}

/// <summary>The answer to "could this be spent now?". Nothing is spent.</summary>
public sealed record CheckReply
{
    public required bool Allowed { get; init; }
    public string? Reason { get; init; }

    /// <summary>What the use would cost by the rate card.</summary>
    public UsePrice? Price { get; init; }

    /// <summary>The limit that would refuse it.</summary>
    public LimitView? Limit { get; init; }
    public required Drawn WouldDraw { get; init; }

    /// <summary>What the pool holds now.</summary>
    public required Remaining Remaining { get; init; }
    public decimal? Shortfall { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Explanation { get; init; }

    /// <summary>Everything that would make it possible, the surest first.</summary>
    public required IReadOnlyList<CheckFix> Fixes { get; init; }
}

/// <summary>One way out.</summary>
public sealed record CheckFix
{
    /// <summary>
    /// <c>top_up</c>, <c>use_less</c>, <c>end_holds</c>, <c>wait_for_reset</c>, <c>wait_for_limit</c>, <c>change_limit</c>,
    /// <c>renew_plan</c>, <c>enable_type</c> or <c>reactivate_tenant</c>.
    /// </summary>
    public required string Action { get; init; }
    public decimal? Amount { get; init; }
    public DateTimeOffset? At { get; init; }
    public string? Url { get; init; }
}

/// <summary>Set credits aside before the work is done.</summary>
public sealed record HoldRequest
{
    public required string Tenant { get; init; }

    /// <summary>As in a consume: a type and an amount, or a usage type and a quantity.</summary>
    public string? Type { get; init; }
    public decimal? Amount { get; init; }
    public string? UsageType { get; init; }
    public long? Quantity { get; init; }
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }

    /// <summary>Seconds until the hold counts as released: 1 to 2,592,000 (30 days). Default 3,600.</summary>
    public int? ExpiresIn { get; init; }
    public string? Subject { get; init; }
    public string? Reference { get; init; }
    public string? OnShortage { get; init; }
}

public sealed record HoldReply
{
    public required bool Allowed { get; init; }
    public string? Reason { get; init; }

    /// <summary>Id of the hold; null when refused.</summary>
    public string? Hold { get; init; }
    public decimal? Amount { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// How long what is used may last, where the rate card says how long one use may: such as the seconds of a call.
    /// </summary>
    public long? AllowedSeconds { get; init; }

    /// <summary>What the use costs by the rate card; left out where the caller said how many credits.</summary>
    public UsePrice? Price { get; init; }

    /// <summary>The limit that refused it.</summary>
    public LimitView? Limit { get; init; }

    /// <summary>Where the held credits are set aside.</summary>
    public required Drawn Drawn { get; init; }
    public required Remaining Remaining { get; init; }
    public decimal? Shortfall { get; init; }
    public string? TopupUrl { get; init; }
    public string? Entry { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>
/// End a hold with what the work really took: credits, or uses at the price of the hold, 0 or more, also more than was held;
/// with neither, all that is held.
/// </summary>
public sealed record CaptureRequest
{
    public decimal? Amount { get; init; }

    /// <summary>How many uses; only of a hold that a rate card priced, and not beside an amount.</summary>
    public long? Quantity { get; init; }
    public string? Reference { get; init; }
}

public sealed record CaptureReply
{
    public required string Hold { get; init; }

    /// <summary>Credits spent, those beyond the hold included.</summary>
    public required decimal Captured { get; init; }

    /// <summary>Part of the asked amount that neither the hold, nor the pool, nor the debt limit covered.</summary>
    public required decimal Uncovered { get; init; }
    public required Drawn Drawn { get; init; }
    public required Remaining Remaining { get; init; }
    public required string Entry { get; init; }
    public bool Replayed { get; init; }
}

public sealed record ReleaseReply
{
    public required string Hold { get; init; }
    public required decimal Released { get; init; }
    public required Remaining Remaining { get; init; }
    public required string Entry { get; init; }
    public bool Replayed { get; init; }
}

public sealed record HoldView
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required decimal Amount { get; init; }

    /// <summary><c>open</c>, <c>captured</c>, <c>released</c> or <c>expired</c>.</summary>
    public required string Status { get; init; }
    public required decimal Captured { get; init; }
    public required Drawn Drawn { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Give a use back to where it came from, wholly or in part.</summary>
public sealed record ReversalRequest
{
    /// <summary>Id of the entry of a consume or a capture.</summary>
    public required string Entry { get; init; }

    /// <summary>Left out: all that earlier reversals have left of it.</summary>
    public decimal? Amount { get; init; }

    /// <summary>0 to 500 characters.</summary>
    public string? Reason { get; init; }
}

public sealed record ReversalReply
{
    public required decimal Reversed { get; init; }

    /// <summary>Part of it that came back and can be spent, or that lowered a debt.</summary>
    public required decimal Returned { get; init; }

    /// <summary>Part of it whose period or lot had ended, or whose grant was voided, in the meantime.</summary>
    public required decimal Lapsed { get; init; }
    public required Drawn GivenBack { get; init; }
    public required Remaining Remaining { get; init; }
    public required string Entry { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>Give credits to a tenant.</summary>
public sealed record GrantRequest
{
    public required string Tenant { get; init; }
    public required string Type { get; init; }
    public required decimal Amount { get; init; }

    /// <summary><c>promotional</c>, <c>refund</c>, <c>import</c>, <c>transfer</c> or <c>adjustment</c>. Purchases come from purchases.</summary>
    public required string Source { get; init; }

    /// <summary>0 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>0 to 100, lower is spent first. Default 50.</summary>
    public int? Priority { get; init; }

    /// <summary>From when the credits may be spent. Default: at once.</summary>
    public DateTimeOffset? EffectiveAt { get; init; }

    /// <summary>When what is left of them ends. Default: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? Reference { get; init; }
}

public sealed record GrantReply
{
    /// <summary>Id of the grant, which is also the id of its lot.</summary>
    public required string Grant { get; init; }
    public required decimal Amount { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required Remaining Remaining { get; init; }
    public required string Entry { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>Take back what is left of a grant or purchase.</summary>
public sealed record VoidRequest
{
    /// <summary>Left out: all of it; credits that return to it later are taken back too.</summary>
    public decimal? Amount { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>What happens to the part that is already spent: <c>forgive</c> (default) or <c>debt</c>, which the next credits pay.</summary>
    public string? Spent { get; init; }
}

public sealed record VoidReply
{
    public required string Grant { get; init; }
    public required decimal TakenBack { get; init; }
    public required decimal BecameDebt { get; init; }

    /// <summary>Part of what was asked for that was already spent and is forgiven.</summary>
    public required decimal Forgiven { get; init; }
    public required Remaining Remaining { get; init; }
    public required string Entry { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>One tenant's credits of one type, as of now.</summary>
public sealed record PoolView
{
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }

    /// <summary><c>ok</c>, <c>low</c>, <c>exhausted</c>, <c>frozen</c>, <c>disabled</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }
    public required AllowanceView Allowance { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>Lots with something left, in the order in which they will be spent.</summary>
    public required IReadOnlyList<LotView> Lots { get; init; }
}

public sealed record AllowanceView
{
    /// <summary>Per period; -1: unlimited; 0: none.</summary>
    public required decimal Limit { get; init; }
    public required decimal RolledOver { get; init; }
    public required decimal Used { get; init; }
    public required decimal Held { get; init; }
    public required decimal Left { get; init; }
    public required DateTimeOffset PeriodStart { get; init; }
    public required DateTimeOffset ResetsAt { get; init; }
}

public sealed record LotView
{
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required int Priority { get; init; }
    public required decimal Granted { get; init; }
    public required decimal Remaining { get; init; }
    public required decimal Held { get; init; }
    public required decimal Drawn { get; init; }
    public required decimal Expired { get; init; }
    public required decimal TakenBack { get; init; }
    public required DateTimeOffset EffectiveAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required bool Voided { get; init; }
}

/// <summary>A pool at a past moment, as its last entry up to then left it.</summary>
public sealed record PastPool
{
    public required string Type { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>Id of that entry; null: there was none yet.</summary>
    public string? Entry { get; init; }
}

/// <summary>One immutable line of history.</summary>
public sealed record EntryView
{
    public required string Id { get; init; }
    public required string Type { get; init; }

    /// <summary>
    /// <c>reset</c>, <c>limit_change</c>, <c>grant</c>, <c>purchase</c>, <c>activation</c>, <c>expiry</c>, <c>take_back</c>,
    /// <c>consume</c>, <c>payment</c>, <c>hold</c>, <c>capture</c>, <c>release</c>, <c>hold_expiry</c>, <c>reversal</c>, <c>debt_payment</c>
    /// or <c>give_back</c>.
    /// </summary>
    public required string Kind { get; init; }
    public required decimal Asked { get; init; }
    public required decimal Amount { get; init; }
    public required Drawn Drawn { get; init; }
    public required BalanceView Before { get; init; }
    public required BalanceView After { get; init; }
    public required bool Unlimited { get; init; }

    /// <summary>The lot, hold or entry that it is about.</summary>
    public string? Related { get; init; }
    public string? Key { get; init; }
    public string? Actor { get; init; }
    public string? Reference { get; init; }
    public string? Subject { get; init; }
    public string? UsageType { get; init; }

    /// <summary>How many uses, where a rate card priced it.</summary>
    public long? Quantity { get; init; }

    /// <summary>Credits for one use, as the rate card had it then.</summary>
    public decimal? Rate { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}

public sealed record BalanceView
{
    public required decimal Allowance { get; init; }
    public required decimal Purchased { get; init; }
    public required decimal Held { get; init; }
    public required decimal Debt { get; init; }
}

/// <summary>Recompute balances from history.</summary>
public sealed record VerifyRequest
{
    /// <summary>Left out: all tenants.</summary>
    public string? Tenant { get; init; }
}

public sealed record VerifyReply
{
    public required bool Ok { get; init; }
    public required long Tenants { get; init; }
    public required long Pools { get; init; }
    public required long Lots { get; init; }
    public required long Holds { get; init; }
    public required long Entries { get; init; }

    /// <summary>At most 100 of them.</summary>
    public required IReadOnlyList<VerifyDifference> Differences { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}

/// <summary>A sum that does not come out.</summary>
/// <param name="Tenant">Empty: a sum over all tenants.</param>
public sealed record VerifyDifference(string Tenant, string Type, string Rule, string Expected, string Found);
