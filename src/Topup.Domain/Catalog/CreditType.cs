namespace Topup.Domain.Catalog;

/// <summary>What a credit buys, as the operator defined it. Amounts are in smallest units at <see cref="Decimals"/>.</summary>
public sealed record CreditType
{
    public const int NameLengthMax = 100;
    public const int UnitLengthMax = 40;
    public const int LowPercentMin = 1;
    public const int LowPercentMax = 99;
    public const int DaysMax = 365;
    public const int ExpiringDaysDefault = 7;

    /// <summary>Own costs are kept in millionths of the operator's currency.</summary>
    public const int CostDecimals = 6;

    /// <summary>The most that one credit or one use may cost the operator, in millionths: a million of the currency.</summary>
    public const long CostMax = 1_000_000_000_000;

    /// <summary>The operator's code, such as <c>sms</c>.</summary>
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>What one credit is called on screen: message, minute, session.</summary>
    public required string Unit { get; init; }

    /// <summary>Digits after the point, 0 to 6. Never changes: every stored amount is counted in them.</summary>
    public required int Decimals { get; init; }

    /// <summary>Whether credits of the type may be spent and bought. Disabling takes nothing away.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The messaging channel that consumes it, or null.</summary>
    public string? Channel { get; init; }

    /// <summary>The code of the type that pays for campaigns on the same channel, or null when one pool pays for all.</summary>
    public string? CampaignPool { get; init; }

    /// <summary>Whether a lapsed plan freezes the pool.</summary>
    public required bool NeedsActivePlan { get; init; }

    /// <summary>ISO 4217 code when the type is money, else null. Never changes.</summary>
    public string? Currency { get; init; }

    /// <summary>How far a capture may go beyond its hold. 0: not at all.</summary>
    public required long DebtLimit { get; init; }

    /// <summary>Warn when this percentage of what there was is left, 1 to 99; null: never.</summary>
    public int? LowPercent { get; init; }

    /// <summary>Warn when this amount is left; null: never.</summary>
    public long? LowAmount { get; init; }

    /// <summary>Warn when the forecast runs out within so many days, 1 to 365; null: never.</summary>
    public int? RunwayDays { get; init; }

    /// <summary>Tell of credits so many days before they expire, 1 to 365; null: never.</summary>
    public int? ExpiringDays { get; init; }

    /// <summary>What one credit costs the operator, in millionths of the operator's currency; 0: not entered.</summary>
    public long UnitCost { get; init; }
}
