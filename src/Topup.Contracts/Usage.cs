using System.Text.Json.Serialization;

namespace Topup.Contracts;

/// <summary>What a tenant used over some days of the operator's time zone.</summary>
public sealed record UsageView
{
    /// <summary>The first day, such as 2026-03-01.</summary>
    public required string From { get; init; }

    /// <summary>The last day, which counts too.</summary>
    public required string To { get; init; }

    /// <summary>By what the rows are apart. Credits of two types cannot be added up, so rows are always apart by type too.</summary>
    public required IReadOnlyList<string> GroupBy { get; init; }
    public required IReadOnlyList<UsageRow> Data { get; init; }

    /// <summary>Of all the days and all pages, a row for each credit type.</summary>
    public required IReadOnlyList<UsageRow> Totals { get; init; }

    /// <summary>Pass it as cursor for the next page; absent: this is the last.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>Uses that have in common what they are grouped by. What they are not grouped by is absent.</summary>
public sealed record UsageRow
{
    /// <summary>Such as 2026-03-12.</summary>
    public string? Day { get; init; }

    /// <summary>The Monday of the week, such as 2026-03-09.</summary>
    public string? Week { get; init; }

    /// <summary>Such as 2026-03.</summary>
    public string? Month { get; init; }
    public string? Tenant { get; init; }

    /// <summary>Code of the credit type.</summary>
    public required string Type { get; init; }

    /// <summary>The platform's word for what was used; empty: it said none.</summary>
    public string? UsageType { get; init; }

    /// <summary>Who of the tenant used it; empty: the platform did not say.</summary>
    public string? Subject { get; init; }

    /// <summary>How many uses; a consume or capture that was not priced by a rate is one.</summary>
    public required long Uses { get; init; }

    /// <summary>Credits drawn: from the allowance, from what was bought, and as debt.</summary>
    public required decimal Credits { get; init; }
    public required decimal Allowance { get; init; }
    public required decimal Purchased { get; init; }
    public required decimal Debt { get; init; }

    /// <summary>What reversals gave back, on the day on which they did.</summary>
    public required decimal Returned { get; init; }

    /// <summary>Credits less what was given back.</summary>
    public required decimal Net { get; init; }

    /// <summary>What the uses cost the operator, in the operator's currency; absent for a key that is bound to a tenant.</summary>
    public decimal? Cost { get; init; }

    public required IReadOnlyList<RefusedView> Refused { get; init; }
}

/// <summary>Uses that were refused for one reason.</summary>
public sealed record RefusedView
{
    public required string Reason { get; init; }
    public required long Count { get; init; }

    /// <summary>Credits that were asked for.</summary>
    public required decimal Asked { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>What all tenants used, and what was sold, over some days of the operator's time zone.</summary>
public sealed record OperatorUsageView
{
    public required string From { get; init; }
    public required string To { get; init; }
    public required IReadOnlyList<string> GroupBy { get; init; }
    public required IReadOnlyList<UsageRow> Data { get; init; }

    /// <summary>Of all the days and all pages, a row for each credit type.</summary>
    public required IReadOnlyList<UsageRow> Totals { get; init; }

    /// <summary>Purchases that were credited, by credit type and currency, and by day, week or month where the rows are.</summary>
    public required IReadOnlyList<SalesRow> Sales { get; init; }

    /// <summary>What is left of the sales of each credit type after its own costs.</summary>
    public required IReadOnlyList<MarginView> Margins { get; init; }
    public string? NextCursor { get; init; }
}

/// <summary>Purchases of one credit type in one currency.</summary>
public sealed record SalesRow
{
    public string? Day { get; init; }
    public string? Week { get; init; }
    public string? Month { get; init; }

    /// <summary>Code of the credit type that was credited.</summary>
    public required string Type { get; init; }
    public required string Currency { get; init; }

    /// <summary>The credits are money on a balance: what they buy is a sale again.</summary>
    public required bool Deposit { get; init; }
    public required long Purchases { get; init; }
    public required decimal Paid { get; init; }

    /// <summary>Of what was paid, what went back: refunded, put on the balance instead, or lost in a dispute.</summary>
    public required decimal Refunded { get; init; }
    public required decimal Net { get; init; }
    public required decimal CreditsSold { get; init; }

    /// <summary>Of the credits sold, what was taken back for money that went back.</summary>
    public required decimal CreditsTakenBack { get; init; }
}

/// <summary>What is left of the sales of one credit type, in the operator's currency.</summary>
public sealed record MarginView
{
    public required string Type { get; init; }
    public required string Currency { get; init; }

    /// <summary>Sales less what went back, in this currency only.</summary>
    public required decimal Sold { get; init; }

    /// <summary>What the uses cost the operator.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Null: it cannot be said, and why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required decimal? Margin { get; init; }

    /// <summary><c>sold_in_other_currencies</c>, or <c>no_own_cost</c> where the operator has entered none.</summary>
    public string? Why { get; init; }
}

/// <summary>At which hours of which weekdays a tenant uses the most.</summary>
public sealed record PeaksView
{
    public required string Type { get; init; }

    /// <summary>How many uses were looked at: the newest of the last 28 days, at most 10,000.</summary>
    public required int BasedOn { get; init; }

    /// <summary>When the earliest of them was; absent: there are none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Hours with any use, Monday first, in the operator's time zone.</summary>
    public required IReadOnlyList<PeakView> Hours { get; init; }

    /// <summary>The hour with the most credits; absent: there is none.</summary>
    public PeakView? Busiest { get; init; }
}

public sealed record PeakView
{
    /// <summary><c>monday</c> to <c>sunday</c>.</summary>
    public required string Weekday { get; init; }

    /// <summary>0 to 23.</summary>
    public required int Hour { get; init; }
    public required long Uses { get; init; }
    public required decimal Credits { get; init; }
}

/// <summary>What the use so far says of the days to come. Under a week of data only <see cref="DaysOfData"/> is said.</summary>
public sealed record ForecastView
{
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Unit { get; init; }

    /// <summary>Full days since the first use, at most 30.</summary>
    public required int DaysOfData { get; init; }

    /// <summary>Credits a day over the last seven full days; null: too little data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required decimal? BurnRate7 { get; init; }

    /// <summary>Credits a day over the last thirty full days, or as many as there are; null: too little data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required decimal? BurnRate30 { get; init; }

    /// <summary>Monday to Sunday, over the last whole weeks; null: too little data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required IReadOnlyList<WeekdayView>? Weekdays { get; init; }

    /// <summary>When the credits run out; null: not within 366 days, or too little data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required RunsOutView? RunsOut { get; init; }

    /// <summary>The day of this period on which more is used than is left of the allowance; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? ExceedsAllowanceOn { get; init; }

    /// <summary>Credits that are missing until the allowance comes back, or where none does for thirty days.</summary>
    public decimal? Missing { get; init; }

    /// <summary>The smallest pack that brings what is missing; where none does, the largest.</summary>
    public SuggestedPackView? SuggestedPack { get; init; }
    public DateTimeOffset? ResetsAt { get; init; }
}

public sealed record WeekdayView
{
    /// <summary><c>monday</c> to <c>sunday</c>.</summary>
    public required string Weekday { get; init; }

    /// <summary>Credits on an average one of them.</summary>
    public required decimal Credits { get; init; }

    /// <summary>Percent of the week's credits.</summary>
    public required decimal Share { get; init; }
}

/// <summary>A range, for the last week, the last month and the pattern of the week rarely say the same.</summary>
public sealed record RunsOutView
{
    /// <summary>The earliest day, such as 2026-03-21.</summary>
    public required string From { get; init; }

    /// <summary>The latest; null: perhaps not within 366 days.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? To { get; init; }

    /// <summary>Days from today to the earliest; 0: today.</summary>
    public required int Days { get; init; }
}

public sealed record SuggestedPackView
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required decimal Credits { get; init; }
    public required decimal Price { get; init; }
    public required string Currency { get; init; }
}

/// <summary>When a tenant wants to be warned of one of its pools. What is left out is as the credit type says.</summary>
public sealed record AlertRequest
{
    /// <summary>Low when this percentage of the last refill is left: at most 5, each 1 to 99. Empty: no such mark.</summary>
    public IReadOnlyList<int>? LowPercent { get; init; }

    /// <summary>Low when this amount is left: at most 5. Empty: no such mark.</summary>
    public IReadOnlyList<decimal>? LowAmount { get; init; }

    /// <summary>Low when the forecast runs out within so many days, 1 to 365; 0: never.</summary>
    public int? RunwayDays { get; init; }

    /// <summary>Tell of credits so many days before they expire, 1 to 365; 0: never.</summary>
    public int? ExpiringDays { get; init; }
}

/// <summary>When a tenant is warned of one of its pools.</summary>
public sealed record AlertView
{
    public required string Type { get; init; }

    /// <summary>The largest first.</summary>
    public required IReadOnlyList<int> LowPercent { get; init; }
    public required IReadOnlyList<decimal> LowAmount { get; init; }

    /// <summary>0: never.</summary>
    public required int RunwayDays { get; init; }

    /// <summary>0: never.</summary>
    public required int ExpiringDays { get; init; }

    /// <summary>What of it the tenant has set itself; absent: nothing, all is as the credit type says.</summary>
    public AlertRequest? Own { get; init; }
}

/// <summary>What a forecast warns of, in <c>credits.low</c>.</summary>
public sealed record RunwayView
{
    /// <summary>Days from the day of the event to <see cref="RunsOutFrom"/>.</summary>
    public required int Days { get; init; }
    public required string RunsOutFrom { get; init; }

    /// <summary>Absent: perhaps not within 366 days.</summary>
    public string? RunsOutTo { get; init; }
}
