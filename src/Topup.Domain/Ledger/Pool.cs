using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>
/// One tenant's credits of one type: all that a decision needs. A pool is a value; a decision makes a new one.
/// Lots and holds that are done (nothing remaining, nothing held) may be missing.
/// </summary>
public sealed record Pool
{
    /// <summary>The most lots of a pool that may be open at once.</summary>
    public const int OpenLotsMax = 1_000;

    public static readonly Pool Empty = new();

    public Allowance Allowance { get; init; } = Allowance.None;

    /// <summary>In draw order, always.</summary>
    public ImmutableArray<Lot> Lots { get; init; } = [];

    public ImmutableArray<Hold> Holds { get; init; } = [];

    /// <summary>What remains in all lots in effect.</summary>
    public long Purchased { get; init; }

    /// <summary>What open holds have set aside, from allowance and lots.</summary>
    public long Held { get; init; }

    public long Debt { get; init; }

    /// <summary>How many lots have something left or held; with none there is nothing to load.</summary>
    public int OpenLots { get; init; }

    /// <summary>How many holds are open, due or not.</summary>
    public int OpenHolds { get; init; }

    public AlertLevel Alert { get; init; }

    /// <summary>How many low marks have been crossed, so that each is told once.</summary>
    public int Lows { get; init; }

    /// <summary>What the tenant itself wants to be warned of.</summary>
    public Thresholds Thresholds { get; init; } = Thresholds.OfType;

    /// <summary>What of the forecast has been told and still holds.</summary>
    public Forewarning Forewarned { get; init; }

    /// <summary>The total after the last refill; a low mark in percent is a share of it.</summary>
    public long RefillMark { get; init; }

    /// <summary>Number of the last entry; 0: none. Entries of a pool are numbered upwards, always.</summary>
    public long LastEntry { get; init; }

    /// <summary>How many entries it has.</summary>
    public long Entries { get; init; }

    /// <summary>
    /// Numbers up to this one are taken by entries of other pools, where pools share one sequence of numbers; 0 where each
    /// counts for itself. It belongs to one decision and is not stored.
    /// </summary>
    public long NumbersTaken { get; init; }

    public Balance Balance => new(Allowance.Left, Purchased, Held, Debt);

    public Lot? FindLot(long id)
    {
        foreach (var lot in Lots)
            if (lot.Id == id) return lot;
        return null;
    }

    public Hold? FindHold(long id)
    {
        foreach (var hold in Holds)
            if (hold.Id == id) return hold;
        return null;
    }

    public Pool WithLots(IEnumerable<Lot> lots) => this with { Lots = [.. lots.Order(DrawOrder.OfLots)] };

    internal Pool With(Lot lot)
    {
        var opened = lot.IsOpen ? 1 : 0;
        for (var i = 0; i < Lots.Length; i++)
            if (Lots[i].Id == lot.Id) return this with { Lots = Lots.SetItem(i, lot), OpenLots = OpenLots + opened - (Lots[i].IsOpen ? 1 : 0) };
        var place = Lots.BinarySearch(lot, DrawOrder.OfLots);
        return this with { Lots = Lots.Insert(~place, lot), OpenLots = OpenLots + opened };
    }

    internal Pool With(Hold hold)
    {
        var opened = hold.Status == HoldStatus.Open ? 1 : 0;
        for (var i = 0; i < Holds.Length; i++)
            if (Holds[i].Id == hold.Id)
                return this with { Holds = Holds.SetItem(i, hold), OpenHolds = OpenHolds + opened - (Holds[i].Status == HoldStatus.Open ? 1 : 0) };
        return this with { Holds = Holds.Add(hold), OpenHolds = OpenHolds + opened };
    }
}
