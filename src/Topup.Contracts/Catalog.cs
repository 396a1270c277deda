using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>Define what a credit buys.</summary>
public sealed record CreditTypeRequest
{
    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What one credit is called on screen, such as message; 1 to 40 characters.</summary>
    public required string Unit { get; init; }

    /// <summary>Digits after the point, 0 to 6. It never changes. Of a type with a currency: the currency's own.</summary>
    public required int Decimals { get; init; }

    /// <summary>Whether credits of the type may be spent and bought. Disabling takes nothing away. Left out: yes.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The channel whose messages cost credits of the type, such as sms.</summary>
    public string? Channel { get; init; }

    /// <summary>
    /// Code of the credit type that pays for campaigns on the same channel, with the same decimals. Left out: one pool
    /// pays for all.
    /// </summary>
    public string? CampaignPool { get; init; }

    /// <summary>Whether a lapsed plan freezes the credits. Left out: no.</summary>
    public bool? NeedsActivePlan { get; init; }

    /// <summary>ISO 4217 code, for a type that is money. It never changes.</summary>
    public string? Currency { get; init; }

    /// <summary>How many credits a capture may go beyond its hold and what is left. Left out: 0.</summary>
    public decimal? DebtLimit { get; init; }

    // A setter, because the default of an init property is lost when the field is absent, and null means off here.
    /// <summary>Warn when this percentage of what there was is left, 1 to 99; null: never. Left out: 20.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? LowPercent { get; set; } = 20;

    /// <summary>Warn when this amount is left. Left out: never.</summary>
    public decimal? LowAmount { get; init; }

    /// <summary>What one credit costs you, in your own currency, with at most 6 decimals. It is only used to show margins. Left out: 0.</summary>
    public decimal? UnitCost { get; init; }

    /// <summary>Warn when the forecast runs out within so many days, 1 to 365. Left out: never.</summary>
    public int? RunwayDays { get; init; }

    /// <summary>Tell of credits so many days before they expire, 1 to 365; null: never. Left out: 7.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? ExpiringDays { get; set; } = 7;
}

public sealed record CreditTypeView
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required int Decimals { get; init; }
    public required bool Enabled { get; init; }
    public string? Channel { get; init; }
    public string? CampaignPool { get; init; }
    public required bool NeedsActivePlan { get; init; }
    public string? Currency { get; init; }
    public required decimal DebtLimit { get; init; }

    /// <summary>Null: off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? LowPercent { get; init; }
    public decimal? LowAmount { get; init; }

    /// <summary>Absent: not entered, or the key is bound to a tenant.</summary>
    public decimal? UnitCost { get; init; }
    public int? RunwayDays { get; init; }

    /// <summary>Null: off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? ExpiringDays { get; init; }
}

/// <summary>Define a tier that tenants are on.</summary>
public sealed record PlanRequest
{
    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Credits per period by credit type: 0 or more, or -1 for unlimited. A type that is absent is not included.</summary>
    public required IReadOnlyDictionary<string, decimal> Allowances { get; init; }

    /// <summary>Credit types that may be topped up on the plan. Left out: all of them.</summary>
    public IReadOnlyList<string>? TopUp { get; init; }

    /// <summary>What a new period carries over of what was left, by credit type. A type that is absent carries nothing over.</summary>
    public IReadOnlyDictionary<string, RolloverTerms>? Rollover { get; init; }
}

public sealed record PlanView
{
    public required string Code { get; init; }
    public required string Name { get; init; }

    /// <summary>Credits per period by credit type; -1: unlimited.</summary>
    public required IReadOnlyDictionary<string, decimal> Allowances { get; init; }

    /// <summary>Absent: all of them.</summary>
    public IReadOnlyList<string>? TopUp { get; init; }
    public required IReadOnlyDictionary<string, RolloverTerms> Rollover { get; init; }
}

/// <summary>The new period starts with its allowance and what was left, but at least min and at most max of that.</summary>
public sealed record RolloverTerms
{
    /// <summary>Left out: 0.</summary>
    public decimal? Min { get; init; }
    public required decimal Max { get; init; }
}

/// <summary>
/// Define what a tenant can buy. Type, price, currency and credits can never be changed, nor whether the buyer chooses the
/// amount.
/// </summary>
public sealed record PackRequest
{
    /// <summary>Code of the credit type.</summary>
    public required string Type { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>In major units of the currency, such as 12.50; more than 0. Of a pack with custom: what the credits cost, as the rate.</summary>
    public required decimal Price { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>More than 0.</summary>
    public required decimal Credits { get; init; }

    /// <summary>Whether it is for sale. Left out: yes.</summary>
    public bool? Active { get; init; }

    /// <summary>Codes of the plans whose tenants may buy it. Left out: everyone may.</summary>
    public IReadOnlyList<string>? Plans { get; init; }

    /// <summary>The buyer chooses the amount, at the rate of credits for price. Left out: the pack is sold as it is.</summary>
    public CustomAmountTerms? Custom { get; init; }
}

public sealed record PackView
{
    public required string Code { get; init; }
    public required string Type { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required decimal Price { get; init; }
    public required string Currency { get; init; }
    public required decimal Credits { get; init; }
    public required bool Active { get; init; }
    public IReadOnlyList<string>? Plans { get; init; }

    /// <summary>Absent: the pack is sold as it is.</summary>
    public CustomAmountTerms? Custom { get; init; }
}

/// <summary>Between which prices the buyer may choose. Credits are rounded down to what their type counts in, prices up.</summary>
public sealed record CustomAmountTerms
{
    /// <summary>In major units of the currency; enough for the smallest amount of credits.</summary>
    public required decimal MinPrice { get; init; }

    /// <summary>In major units of the currency; at least min_price.</summary>
    public required decimal MaxPrice { get; init; }

    /// <summary>At most 10, each from a higher price and with more percent than the one before it. Left out: none.</summary>
    public IReadOnlyList<BonusTerms>? Bonuses { get; init; }
}

/// <summary>More credits for the whole of a purchase of at least this price; only the highest bonus that it reaches counts.</summary>
public sealed record BonusTerms
{
    /// <summary>In major units of the currency, from min_price to max_price.</summary>
    public required decimal FromPrice { get; init; }

    /// <summary>1 to 1,000: with 10, a price brings 110 credits where it would bring 100.</summary>
    public required int Percent { get; init; }
}

/// <summary>
/// Define what uses cost on a plan from a date on, until a later card of the plan takes over. A card that has begun can never
/// be changed.
/// </summary>
public sealed record RateCardRequest
{
    /// <summary>Code of the plan whose uses it prices. Left out: those of tenants without a plan, and of plans that have no card.</summary>
    public string? Plan { get; init; }

    /// <summary>When it begins, not before now. Left out: now for a new card; else it stays.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>At most 500.</summary>
    public required IReadOnlyList<RateTerms> Rates { get; init; }

    /// <summary>What a use costs whose usage type no rate names. Left out: such a use is refused.</summary>
    public UnknownRateTerms? Unknown { get; init; }
}

public sealed record RateCardView
{
    public required string Code { get; init; }

    /// <summary>Absent: tenants without a plan, and plans that have no card.</summary>
    public string? Plan { get; init; }
    public required DateTimeOffset EffectiveFrom { get; init; }
    public required IReadOnlyList<RateTerms> Rates { get; init; }

    /// <summary>Absent: a use whose usage type no rate names is refused.</summary>
    public UnknownRateTerms? Unknown { get; init; }
}

/// <summary>The price of one use of a usage type. Of several rates for one, that with the most dimensions which all apply.</summary>
public sealed record RateTerms
{
    /// <summary>The platform's word for what is used, such as ai_session; 1 to 64 characters.</summary>
    public required string UsageType { get; init; }

    /// <summary>Shown on screens; at most 100 characters. Left out: the usage type.</summary>
    public string? Name { get; init; }

    /// <summary>Code of the credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Credits for one use, with at most the decimals of the type; 0: free, but counted.</summary>
    public required decimal Price { get; init; }

    /// <summary>How long one use may last, such as a call; 1 to 86,400. Left out: as long as it likes.</summary>
    public int? Seconds { get; init; }

    /// <summary>What one use costs you, in your own currency, with at most 6 decimals. Left out: what the credits it takes cost.</summary>
    public decimal? UnitCost { get; init; }

    /// <summary>What must be true of a use for the rate to hold, such as country = BR; at most 5, names of 1 to 64 of a-z 0-9 - _ . and values of 1 to 64 characters. Left out: nothing.</summary>
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
}

/// <summary>The price of one use whose usage type the card does not name.</summary>
public sealed record UnknownRateTerms
{
    /// <summary>Shown on screens; at most 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Code of the credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Credits for one use, with at most the decimals of the type; 0: free, but counted.</summary>
    public required decimal Price { get; init; }

    /// <summary>How long one use may last; 1 to 86,400. Left out: as long as it likes.</summary>
    public int? Seconds { get; init; }

    /// <summary>What one use costs you, in your own currency, with at most 6 decimals. Left out: what the credits it takes cost.</summary>
    public decimal? UnitCost { get; init; }
}

/// <summary>The prices of a plan, or of one tenant, at a moment, and how many uses they leave.</summary>
public sealed record RatesView
{
    /// <summary>Absent: on no plan.</summary>
    public string? Plan { get; init; }

    /// <summary>Absent: there is no card in effect, and only uses that say their credits themselves are possible.</summary>
    public string? RateCard { get; init; }
    public DateTimeOffset? EffectiveFrom { get; init; }
    public required IReadOnlyList<RateEstimate> Rates { get; init; }

    /// <summary>Of a use whose usage type no rate names. Absent: such a use is refused.</summary>
    public RateEstimate? Unknown { get; init; }
}

/// <summary>What one use costs, and how many there are.</summary>
public sealed record RateEstimate
{
    /// <summary>Absent where the usage type is any that the card does not name.</summary>
    public string? UsageType { get; init; }
    public string? Name { get; init; }
    public required string Type { get; init; }
    public required decimal Price { get; init; }

    /// <summary>How long one use may last. Absent: as long as it likes.</summary>
    public int? Seconds { get; init; }
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }

    /// <summary>Of a tenant: how many of these uses its credits pay for now. Absent: as many as it likes, for they are free or have no end.</summary>
    public long? UsesLeft { get; init; }

    /// <summary>Why no use is left although there may be credits: <c>plan_lapsed</c>, <c>type_disabled</c> or <c>tenant_suspended</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>How many uses the amount of credits in the question pays for. Absent: not asked, or free.</summary>
    public long? UsesForAmount { get; init; }
}
