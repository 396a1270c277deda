using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>What would a change of plan or status do? Nothing is changed.</summary>
public sealed record DryRunPlanChangeRequest
{
    public required string Tenant { get; init; }

    /// <summary>Code of the plan; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Plan { get; init; }

    /// <summary><c>active</c>, <c>lapsed</c> or <c>suspended</c>. Left out: as it is.</summary>
    public string? Status { get; init; }
}

public sealed record DryRunPlanChangeReply
{
    public required IReadOnlyList<PoolChange> Pools { get; init; }
    public required RatesView RatesBefore { get; init; }
    public required RatesView RatesAfter { get; init; }

    /// <summary>Codes of packs that the tenant can buy now and could not buy then.</summary>
    public required IReadOnlyList<string> PacksNoLongerSold { get; init; }
}

/// <summary>One pool as it is and as it would be.</summary>
public sealed record PoolChange
{
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required PoolState Before { get; init; }
    public required PoolState After { get; init; }
}

public sealed record PoolState
{
    /// <summary><c>ok</c>, <c>low</c>, <c>exhausted</c>, <c>frozen</c>, <c>disabled</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Allowance per period; -1: unlimited.</summary>
    public required decimal Limit { get; init; }

    /// <summary>What is left of the allowance.</summary>
    public required decimal Left { get; init; }
    public required decimal Purchased { get; init; }
    public required decimal Held { get; init; }
    public required decimal Debt { get; init; }

    /// <summary>Whether the plan lets the tenant buy credits of the type.</summary>
    public required bool MayTopUp { get; init; }
}

/// <summary>What would a tenant have at a future time, if nothing were used or bought until then? Nothing is changed.</summary>
public sealed record DryRunExpiryRequest
{
    public required string Tenant { get; init; }

    /// <summary>Later than now, by ten years at most.</summary>
    public required DateTimeOffset At { get; init; }
}

public sealed record DryRunExpiryReply
{
    public required DateTimeOffset At { get; init; }
    public required IReadOnlyList<PoolExpiry> Pools { get; init; }
}

public sealed record PoolExpiry
{
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required Remaining Now { get; init; }

    /// <summary>What would be there then.</summary>
    public required Remaining Then { get; init; }

    /// <summary>Purchased and granted credits that would expire.</summary>
    public required decimal Expires { get; init; }

    /// <summary>The lots that they are of, in the order in which they end.</summary>
    public required IReadOnlyList<ExpiringLotView> Lots { get; init; }

    /// <summary>What is left of the present allowance and would not be carried over.</summary>
    public required decimal AllowanceEnds { get; init; }

    /// <summary>How often the allowance would come back.</summary>
    public required int Resets { get; init; }
}

public sealed record ExpiringLotView
{
    public required string Lot { get; init; }

    /// <summary>What of it would expire.</summary>
    public required decimal Amount { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What would several uses in a row draw? Nothing is spent. Limits are not asked.</summary>
public sealed record DryRunDrawRequest
{
    public required string Tenant { get; init; }

    /// <summary>1 to 100.</summary>
    public required IReadOnlyList<DryRunUse> Uses { get; init; }

    /// <summary><c>refuse</c> (default): all or nothing. <c>cap</c>: take what there is.</summary>
    public string? OnShortage { get; init; }
}

/// <summary>As in a consume: a type and an amount, or a usage type and a quantity.</summary>
public sealed record DryRunUse
{
    public string? Type { get; init; }
    public decimal? Amount { get; init; }
    public string? UsageType { get; init; }
    public long? Quantity { get; init; }
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
}

public sealed record DryRunDrawReply
{
    /// <summary>In the order of the request.</summary>
    public required IReadOnlyList<DryRunDrawn> Draws { get; init; }
}

/// <summary>What one use would draw of what the ones before it would leave.</summary>
public sealed record DryRunDrawn
{
    /// <summary>The credit type that would pay.</summary>
    public required string Type { get; init; }

    /// <summary>Credits that were asked for.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What the use would cost by the rate card; left out where the request said how many credits.</summary>
    public UsePrice? Price { get; init; }
    public required bool Allowed { get; init; }

    /// <summary>Null when allowed; else <c>insufficient_credits</c>, <c>plan_lapsed</c>, <c>type_disabled</c> or <c>tenant_suspended</c>.</summary>
    public string? Reason { get; init; }
    public required Drawn Drawn { get; init; }

    /// <summary>What the pool would hold then.</summary>
    public required Remaining Remaining { get; init; }

    /// <summary>Credits that a purchase must bring for the whole use to be possible.</summary>
    public decimal? Shortfall { get; init; }
}
