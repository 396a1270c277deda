namespace Topup.Domain.Ledger;

/// <summary>The part of a pool that comes back every period, as of the last period the pool has seen.</summary>
/// <param name="Period">Number of the period (see <see cref="Tenancy.BillingPeriod"/>); 0: none seen yet.</param>
/// <param name="ResetsAt">End of that period.</param>
/// <param name="Limit">Units per period; null: unlimited; 0: none.</param>
/// <param name="RolledOver">Units carried in from the period before.</param>
/// <param name="Used">Units used in this period, also while unlimited, so that a later limit counts them.</param>
/// <param name="Held">Units of this period set aside by open holds.</param>
/// <param name="EarlierHeld">Units of earlier periods still set aside by open holds. They do not come back.</param>
public readonly record struct Allowance(
    int Period, Instant ResetsAt, long? Limit, long RolledOver, long Used, long Held, long EarlierHeld)
{
    public static readonly Allowance None = new(0, Instant.Always, 0, 0, 0, 0, 0);

    public bool IsUnlimited => Limit is null;

    /// <summary>What may still be drawn. A limit lowered below the use leaves nothing, never less.</summary>
    public long Left => Limit is { } limit ? Math.Max(limit + RolledOver - Used - Held, 0) : 0;
}
