namespace Topup.Domain.Ledger;

/// <summary>
/// What entries amount to as use. The usage of a day is the sum over its entries, of every pool: it is kept in the
/// transaction of each entry, so the two are never apart (<c>UsageByDayTests</c>).
/// </summary>
/// <param name="Uses">How many uses: the quantity where a rate card priced it, else one for each consume or capture that took something.</param>
/// <param name="Allowance">Units drawn from the allowance, counted uses of an unlimited one included.</param>
/// <param name="Purchased">Units drawn from lots.</param>
/// <param name="Debt">Units that became debt.</param>
/// <param name="Returned">Units that reversals gave back; they count on the day of the reversal.</param>
/// <param name="Cost">Own cost, in millionths of the operator's currency, less what reversals undid.</param>
public readonly record struct UsageCount(long Uses, long Allowance, long Purchased, long Debt, long Returned, long Cost)
{
    public static UsageCount Of(Entry entry) => entry.Kind switch
    {
        EntryKind.Consume or EntryKind.Capture => new UsageCount(
            entry.Note.Pricing.Quantity > 0 ? entry.Note.Pricing.Quantity : entry.Amount > 0 ? 1 : 0,
            entry.Draw.Allowance, entry.Draw.Purchased, entry.Draw.Debt, 0, entry.Cost),
        EntryKind.Reversal => new UsageCount(0, 0, 0, 0, entry.Amount, entry.Cost),
        _ => default,
    };

    public UsageCount Plus(UsageCount more) => new(
        Uses + more.Uses, Allowance + more.Allowance, Purchased + more.Purchased, Debt + more.Debt, Returned + more.Returned, Cost + more.Cost);

    /// <summary>Own cost of a use: by the number of uses where the rate says what one costs, else by credits, rounded half up.</summary>
    internal static long CostOf(long units, Pricing pricing, Terms terms)
    {
        if (pricing is { UnitCost: { } each, Quantity: > 0 }) return Clamp((Int128)each * pricing.Quantity);
        if (terms.UnitCost == 0) return 0;
        var whole = Amount.UnitsIn(terms.Decimals);
        return Clamp(((Int128)terms.UnitCost * units + whole / 2) / whole);
    }

    /// <summary>
    /// The part of a cost that <paramref name="part"/> of <paramref name="whole"/> stands for, counted from the start of the
    /// whole: so the parts of any split add up to it.
    /// </summary>
    internal static long ShareOf(long cost, long part, long whole) => whole == 0 ? cost : (long)((Int128)cost * part / whole);

    private static long Clamp(Int128 cost) => (long)Int128.Min(cost, Amount.PoolMax);
}
