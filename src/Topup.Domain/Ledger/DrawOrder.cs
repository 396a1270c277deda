using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>
/// The one order in which credits are spent: the allowance while any is left, then lots by priority, soonest expiry
/// (none last), promotional before paid, effective date, creation. It depends on nothing but the pool.
/// </summary>
public sealed class DrawOrder : IComparer<Lot>
{
    public static readonly DrawOrder OfLots = new();

    private DrawOrder() { }

    public int Compare(Lot? x, Lot? y)
    {
        if (ReferenceEquals(x, y)) return 0;
        if (x is null || y is null) return x is null ? -1 : 1;
        var order = x.Priority.CompareTo(y.Priority);
        if (order == 0) order = x.ExpiresAt.CompareTo(y.ExpiresAt);
        if (order == 0) order = IsPaid(x).CompareTo(IsPaid(y));
        if (order == 0) order = x.EffectiveAt.CompareTo(y.EffectiveAt);
        return order != 0 ? order : x.Id.CompareTo(y.Id);
    }

    /// <summary>
    /// Where the next <paramref name="units"/> would come from. The caller has made sure that so many are there
    /// (<see cref="Balance.Available"/>), or that the allowance is unlimited.
    /// </summary>
    internal static Draw Split(Pool pool, long units)
    {
        var allowance = pool.Allowance;
        if (units == 0) return Draw.Nothing;
        if (allowance.IsUnlimited) return new Draw([new DrawPart(DrawSource.Unlimited, allowance.Period, units)]);
        var fromAllowance = Math.Min(allowance.Left, units);
        if (fromAllowance == units) return new Draw([new DrawPart(DrawSource.Allowance, allowance.Period, units)]);
        var parts = ImmutableArray.CreateBuilder<DrawPart>(2);
        if (fromAllowance > 0) parts.Add(new DrawPart(DrawSource.Allowance, allowance.Period, fromAllowance));
        return SplitLots(pool, units - fromAllowance, parts);
    }

    /// <summary>Like <see cref="Split"/>, but an unlimited allowance pays nothing: there is no end to what it could pay.</summary>
    internal static Draw SplitForDebt(Pool pool, long units) =>
        pool.Allowance.IsUnlimited
            ? SplitLots(pool, units, ImmutableArray.CreateBuilder<DrawPart>())
            : Split(pool, units);

    private static Draw SplitLots(Pool pool, long units, ImmutableArray<DrawPart>.Builder parts)
    {
        foreach (var lot in pool.Lots)
        {
            if (units == 0) break;
            var share = Math.Min(lot.Drawable, units);
            if (share == 0) continue;
            parts.Add(new DrawPart(DrawSource.Lot, lot.Id, share));
            units -= share;
        }
        if (units > 0) throw new InvalidOperationException("A draw was asked of a pool that does not have it.");
        return new Draw(parts.ToImmutable());
    }

    private static bool IsPaid(Lot lot) => lot.Source != LotSource.Promotional;
}
