using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>What would become of a pool, by the very rules that would do it. Nothing is saved.</summary>
public static class DryRun
{
    /// <summary>Uses in a row, each of what the ones before it would leave.</summary>
    /// <param name="pools">The pool and its terms of every credit type that the uses are of.</param>
    /// <param name="cap">Take what there is when it is less, rather than refuse.</param>
    public static ImmutableArray<LedgerDecision> Draw(
        IReadOnlyDictionary<string, (Pool Pool, Terms Terms)> pools, IEnumerable<Use> uses, bool cap, Instant now)
    {
        var decisions = ImmutableArray.CreateBuilder<LedgerDecision>();
        var left = new Dictionary<string, (Pool Pool, Terms Terms)>(pools);
        foreach (var use in uses)
        {
            var (pool, terms) = left[use.Type];
            var decision = Consumption.Decide(pool, terms, use.Units, cap, Note.None with { Pricing = use.Pricing }, now);
            left[use.Type] = (decision.Pool, terms);
            decisions.Add(decision);
        }
        return decisions.ToImmutable();
    }

    /// <summary>What time alone takes and brings, if nothing is used or bought meanwhile.</summary>
    /// <param name="pool">Settled at one moment, by its terms then.</param>
    /// <param name="later">The same pool settled at a later one, with all its lots.</param>
    /// <param name="terms">The terms at the later one.</param>
    public static Expiring Expiry(Pool pool, Pool later, Terms terms)
    {
        var lots = ImmutableArray.CreateBuilder<ExpiringLot>();
        foreach (var lot in later.Lots)
            if (pool.FindLot(lot.Id) is { } before && lot.Expired > before.Expired) lots.Add(new ExpiringLot(lot, lot.Expired - before.Expired));
        lots.Sort((one, other) => one.Lot.ExpiresAt.CompareTo(other.Lot.ExpiresAt));
        var resets = later.Allowance.Period - pool.Allowance.Period;
        var left = pool.Allowance.Left;
        return new Expiring(lots.ToImmutable(), resets, AllowanceEnds: resets == 0 ? 0 : Math.Max(left - terms.Rollover.Carry(left), 0));
    }
}

/// <param name="Type">Code of the credit type that pays.</param>
/// <param name="Units">Its smallest units.</param>
/// <param name="Pricing">Where a rate card priced it: how it came to so many.</param>
public readonly record struct Use(string Type, long Units, Pricing Pricing = default);

/// <param name="Lots">In the order in which they end.</param>
/// <param name="Resets">How often the allowance comes back.</param>
/// <param name="AllowanceEnds">What is left of the present allowance and is not carried over.</param>
public sealed record Expiring(ImmutableArray<ExpiringLot> Lots, int Resets, long AllowanceEnds);

/// <param name="Lot">As it would be then.</param>
/// <param name="Units">What of it would expire.</param>
public readonly record struct ExpiringLot(Lot Lot, long Units);
