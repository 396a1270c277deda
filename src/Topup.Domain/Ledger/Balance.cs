namespace Topup.Domain.Ledger;

/// <summary>
/// What a pool holds at one moment, in smallest units. Every entry carries the balance before and after it, so the
/// history of a pool is a chain whose last link is the pool itself.
/// </summary>
/// <param name="Allowance">What is left of the period's allowance; 0 where it is unlimited or there is none.</param>
/// <param name="Purchased">What is left in all lots that are in effect.</param>
/// <param name="Held">What is set aside by open holds.</param>
/// <param name="Debt">What was taken back after it had been spent; the next credits pay it.</param>
public readonly record struct Balance(long Allowance, long Purchased, long Held, long Debt)
{
    /// <summary>What can be drawn now.</summary>
    public long Available => Allowance + Purchased;

    /// <summary>What is there, held or not. A hold is not a draw, so alerts look at this figure.</summary>
    public long Total => Available + Held;
}
