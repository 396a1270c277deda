namespace Topup.Contracts;

/// <summary>Define an optional feature with a price a month, charged by the day in credits. Its credit type can never be changed.</summary>
public sealed record AddOnRequest
{
    /// <summary>Code of the credit type that pays. Left out: <c>addons</c>.</summary>
    public string? Type { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Credits for a tenant's month, from one renewal day to the next; more than 0. Another price holds from the next charge
    /// on: a cycle that was charged keeps the price it was charged with.
    /// </summary>
    public required decimal Price { get; init; }

    /// <summary>Whether it can be enabled. Tenants who have it keep it, and it is renewed. Left out: yes.</summary>
    public bool? Active { get; init; }

    /// <summary>Codes of the plans whose tenants may enable it. Left out: everyone may.</summary>
    public IReadOnlyList<string>? Plans { get; init; }
}

public sealed record AddOnView
{
    public required string Code { get; init; }
    public required string Type { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required decimal Price { get; init; }
    public required bool Active { get; init; }
    public IReadOnlyList<string>? Plans { get; init; }
}

/// <summary>Switch an add-on on, for the days of the cycle that are left.</summary>
public sealed record EnableAddOnRequest
{
    /// <summary>
    /// <c>refuse</c> (default): not enough credits is a refusal that says how many are missing. <c>purchase</c>: just those are
    /// ordered, and the add-on is enabled when they are paid.
    /// </summary>
    public string? OnShortage { get; init; }

    /// <summary>How the purchase is paid, with <c>purchase</c>. Left out: the operator's default.</summary>
    public string? Method { get; init; }

    /// <summary>Where the buyer goes on to after paying, with <c>purchase</c>: an https address of at most 500 characters.</summary>
    public string? ReturnUrl { get; init; }
}

public sealed record EnableAddOnReply
{
    public required string Tenant { get; init; }
    public required string Addon { get; init; }

    /// <summary><c>on</c>, or <c>waiting</c> for the purchase.</summary>
    public required string Status { get; init; }

    /// <summary>What was taken, for <see cref="DaysLeft"/> days; while waiting, what would have been.</summary>
    public required decimal Charge { get; init; }

    /// <summary>Days that the charge is for, today included.</summary>
    public required int DaysLeft { get; init; }

    /// <summary>The first day that is not paid for: the tenant's next renewal day. While waiting absent.</summary>
    public DateOnly? PaidUntil { get; init; }
    public required Drawn Drawn { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>Credits that were missing and have been ordered.</summary>
    public decimal? Missing { get; init; }

    /// <summary>The order of the missing credits; its <c>checkout_url</c> is where the buyer pays.</summary>
    public PurchaseView? Purchase { get; init; }

    /// <summary>True: more was ordered than is missing, because the pack sells no less.</summary>
    public bool? MinimumPurchase { get; init; }

    /// <summary>Id of the entry that took the charge. While waiting absent.</summary>
    public string? Entry { get; init; }
    public bool Replayed { get; init; }
}

public sealed record DisableAddOnReply
{
    public required string Tenant { get; init; }
    public required string Addon { get; init; }

    /// <summary><c>off</c>.</summary>
    public required string Status { get; init; }

    /// <summary>For the days that are paid for and not used, today included.</summary>
    public required decimal GivenBack { get; init; }

    /// <summary>Part of it that can be spent again, or that lowered a debt.</summary>
    public required decimal Returned { get; init; }

    /// <summary>Part of it whose lot has ended in the meantime.</summary>
    public required decimal Lapsed { get; init; }

    /// <summary>Where it went back to: where it was drawn from, last drawn first.</summary>
    public required Drawn To { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>Id of the entry that gave it back; absent: there was nothing to give back.</summary>
    public string? Entry { get; init; }
    public bool Replayed { get; init; }
}

/// <summary>What a page shows on which a tenant manages its add-ons.</summary>
public sealed record TenantAddOnsView
{
    public required string Tenant { get; init; }

    /// <summary>The date in the operator's time zone.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The first day of the tenant's month.</summary>
    public required DateOnly CycleFrom { get; init; }

    /// <summary>The day on which what is on is charged again.</summary>
    public required DateOnly RenewsOn { get; init; }
    public required int CycleDays { get; init; }

    /// <summary>Days until the renewal, today included.</summary>
    public required int DaysLeft { get; init; }

    /// <summary>Add-ons that the tenant has, or may enable, by code.</summary>
    public required IReadOnlyList<TenantAddOnView> Addons { get; init; }

    /// <summary>The credits that pay for them, by credit type.</summary>
    public required IReadOnlyList<AddOnPoolView> Pools { get; init; }
}

/// <summary>How a tenant stands with one add-on.</summary>
public sealed record TenantAddOnView
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }

    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>For a whole cycle.</summary>
    public required decimal Price { get; init; }

    /// <summary>
    /// <c>off</c>; <c>waiting</c> for a purchase; <c>on</c>; <c>grace</c>: it works, and its renewal could not be charged yet;
    /// <c>suspended</c>: it does not work until it can be charged.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>It can be enabled now, given the credits.</summary>
    public required bool Available { get; init; }

    /// <summary>What enabling it takes now, or in grace its renewal; 0: it is paid for.</summary>
    public required decimal ChargeNow { get; init; }

    /// <summary>What of that is missing; 0: nothing is.</summary>
    public required decimal Missing { get; init; }

    /// <summary>Why the charge cannot be made, such as <c>insufficient_credits</c> or <c>plan_lapsed</c>; absent: it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What disabling it now gives back.</summary>
    public required decimal GivesBack { get; init; }

    /// <summary>Charged and not given back for this cycle.</summary>
    public required decimal UsedThisCycle { get; init; }

    /// <summary>The first day that is not paid for.</summary>
    public DateOnly? PaidUntil { get; init; }

    /// <summary>What that day's charge will be, at today's price; absent: none will be.</summary>
    public decimal? NextCharge { get; init; }

    /// <summary>In grace, the day on which it stops working.</summary>
    public DateOnly? GraceUntil { get; init; }
    public DateTimeOffset? EnabledAt { get; init; }

    /// <summary>Id of the purchase that it waits for.</summary>
    public string? Purchase { get; init; }
}

/// <summary>The credits of one type that pay for add-ons.</summary>
public sealed record AddOnPoolView
{
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required Remaining Remaining { get; init; }

    /// <summary>Charged to add-ons in this cycle and not given back.</summary>
    public required decimal UsedThisCycle { get; init; }

    /// <summary>What the next renewal day takes, at today's prices.</summary>
    public required decimal NextTotal { get; init; }

    /// <summary>What there will be then if nothing else happens: what expires is gone, what the plan includes is there.</summary>
    public required decimal NextAvailable { get; init; }

    /// <summary>That is enough.</summary>
    public required bool NextCovered { get; init; }

    /// <summary>What is missing for it; 0: nothing is.</summary>
    public required decimal NextMissing { get; init; }
}

/// <summary>Ask what switching an add-on would do.</summary>
public sealed record AddOnDryRunRequest
{
    public required string Tenant { get; init; }
    public required string Addon { get; init; }

    /// <summary><c>enable</c> or <c>disable</c>.</summary>
    public required string Action { get; init; }
}

/// <summary>What would happen. Nothing has happened.</summary>
public sealed record AddOnDryRunReply
{
    public required string Tenant { get; init; }
    public required string Addon { get; init; }
    public required string Action { get; init; }
    public required bool Allowed { get; init; }

    /// <summary>
    /// Why not: <c>insufficient_credits</c>, <c>plan_lapsed</c>, <c>type_disabled</c>, <c>tenant_suspended</c>, <c>addon_on</c>,
    /// <c>addon_not_on</c> or <c>addon_not_offered</c>.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>What enabling would take, whether it is there or not.</summary>
    public required decimal Charge { get; init; }

    /// <summary>What disabling would give back.</summary>
    public required decimal GivenBack { get; init; }

    /// <summary>From where the charge would be drawn, or to where it would go back.</summary>
    public required Drawn Drawn { get; init; }

    /// <summary>What there would be then; where it is refused, what there is.</summary>
    public required Remaining Remaining { get; init; }

    /// <summary>Credits that a purchase must bring first; 0: none.</summary>
    public required decimal Missing { get; init; }
    public required int CycleDays { get; init; }

    /// <summary>Today included.</summary>
    public required int DaysLeft { get; init; }
    public required DateOnly RenewsOn { get; init; }
}

/// <summary>What happened to a tenant's add-on: the data of every <c>addon.*</c> event.</summary>
public sealed record AddOnEventData
{
    public required string Addon { get; init; }

    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>As it is now: <c>off</c>, <c>on</c>, <c>grace</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>As it was.</summary>
    public required string Previous { get; init; }

    /// <summary>Why it is off without anybody's call, or cannot be charged.</summary>
    public string? Reason { get; init; }

    /// <summary>What was charged, or could not be.</summary>
    public decimal? Charge { get; init; }
    public decimal? GivenBack { get; init; }

    /// <summary>Credits that a purchase must bring for the charge.</summary>
    public decimal? Missing { get; init; }

    /// <summary>The first day that is not paid for.</summary>
    public DateOnly? PaidUntil { get; init; }

    /// <summary>The day on which it stops working, if it is not charged before.</summary>
    public DateOnly? GraceUntil { get; init; }

    /// <summary>Id of the purchase that it waited for.</summary>
    public string? Purchase { get; init; }

    /// <summary>Id of the entry that charged it or gave back.</summary>
    public string? Entry { get; init; }
}
