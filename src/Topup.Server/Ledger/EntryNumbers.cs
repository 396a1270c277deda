using System.Collections.Immutable;
using Topup.Domain;
using Topup.Domain.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Ledger;

/// <summary>
/// The numbers of entries where all pools share one sequence. A batch, which is alone with the database, asks for the last
/// number and counts on from there.
/// </summary>
/// <remarks>
/// A number holds the time. If the clock once ran ahead, there are numbers of a time that has yet to come; were all to
/// count on from those, no pool's history would be where its time is. So the present has a last number of its own, and
/// only the pools that took part in the future go on there.
/// </remarks>
internal sealed class EntryNumbers
{
    // What is decided is decided a little after the numbers are asked for.
    private static readonly TimeSpan Present = TimeSpan.FromSeconds(1);

    private long lastOfPresent;
    private long last;

    public void Ask(Rows rows, Instant now)
    {
        (lastOfPresent, last) = (long.MaxValue, 0);
        rows.Add().Long(EntryId.FirstAt(now.Plus(Present)));
        rows.Add().Long(long.MaxValue);
    }

    public void Load(long number)
    {
        lastOfPresent = Math.Min(lastOfPresent, number);
        last = Math.Max(last, number);
    }

    /// <summary>The number after which the next entry of a pool is free to count.</summary>
    /// <param name="lastEntry">The pool's own last number.</param>
    public long TakenBefore(long lastEntry) => lastEntry <= lastOfPresent ? lastOfPresent : last;

    public void Take(ImmutableArray<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Previous <= lastOfPresent) lastOfPresent = entry.Id;
            last = Math.Max(last, entry.Id);
        }
    }
}
