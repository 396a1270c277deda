using System.Collections.Immutable;

namespace Topup.Domain.Ledger;

/// <summary>All limits of one tenant, as they count through a number of decisions.</summary>
public sealed class TenantLimits(IEnumerable<Limit> limits, TimeZoneInfo zone)
{
    private readonly Limit[] all = [.. limits];

    public ImmutableArray<Limit> All => [.. all];

    /// <summary>Something was counted or told since the start.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>
    /// The first limit that forbids a use, as of now; null: none does. What switches a usage type off comes before caps, and
    /// among caps the one that holds longest, so that the answer says when it is worth to ask again.
    /// </summary>
    public Limit? Forbidding(string type, Note use, long units, Instant now)
    {
        Limit? first = null;
        foreach (var limit in all)
        {
            if (!limit.AppliesTo(type, use.UsageType, use.Subject, now)) continue;
            var current = limit.At(now, zone);
            if (current.Forbids(UsesOf(use.Pricing), units) && (first is null || IsBefore(current, first))) first = current;
        }
        return first;
    }

    /// <summary>
    /// Counts what an entry used, set aside, or gave back: a hold counts when it is placed, and what ends it corrects that.
    /// </summary>
    /// <param name="first">What was counted for the hold that the entry ends, or for the entry that it reverses.</param>
    /// <returns>The limits that have just been used up, each once for its window.</returns>
    public IReadOnlyList<Limit> Count(string type, Entry entry, Counted first)
    {
        var (uses, units) = ChangeOf(entry, first);
        if (uses == 0 && units == 0) return [];
        List<Limit>? reached = null;
        for (var i = 0; i < all.Length; i++)
        {
            if (!all[i].AppliesTo(type, entry.Note.UsageType, entry.Note.Subject, entry.At)) continue;
            var counted = all[i].At(entry.At, zone).Count(uses, units, first.At);
            HasChanged |= !ReferenceEquals(counted, all[i]);
            all[i] = counted;
            if (all[i] is { Kind: LimitKind.Off } or { Left: > 0 } or { Told: true }) continue;
            all[i] = all[i] with { Told = true };
            (reached ??= []).Add(all[i]);
        }
        return reached ?? (IReadOnlyList<Limit>)[];
    }

    /// <summary>Marks a limit as told, because it refused a use before it was used up; false: it was told before in this window.</summary>
    public bool Tell(Limit refused)
    {
        var place = Array.FindIndex(all, limit => limit.Code == refused.Code);
        if (refused.Told || refused.Kind == LimitKind.Off) return false;
        all[place] = refused with { Told = true };
        HasChanged = true;
        return true;
    }

    /// <summary>A switch-off first, then the limit that lets nothing through for the longest time.</summary>
    private bool IsBefore(Limit one, Limit other) =>
        one.Kind == LimitKind.Off ? other.Kind != LimitKind.Off
        : other.Kind != LimitKind.Off && one.EndsAt(zone) > other.EndsAt(zone);

    private static (long Uses, long Units) ChangeOf(Entry entry, Counted first) => entry.Kind switch
    {
        EntryKind.Consume => (UsageCount.Of(entry).Uses, entry.Amount),
        // A dispute sets credits aside for ever; that is no use.
        EntryKind.Hold when entry.ExpiresAt != Instant.Never => (UsesOf(entry.Note.Pricing), entry.Amount),
        EntryKind.Capture => (UsageCount.Of(entry).Uses - first.Uses, entry.Amount - first.Units),
        EntryKind.Release or EntryKind.HoldExpiry => (-first.Uses, -first.Units),
        EntryKind.Reversal => (entry.Asked == first.Units ? -first.Uses : 0, -entry.Asked),
        _ => (0, 0),
    };

    private static long UsesOf(Pricing pricing) => Math.Max(pricing.Quantity, 1);
}

/// <summary>What limits have counted already.</summary>
public readonly record struct Counted(Instant At, long Uses, long Units)
{
    public static Counted Of(Hold hold) => hold.IsOfDispute ? default : new(hold.PlacedAt, Math.Max(hold.Pricing.Quantity, 1), hold.Amount);

    public static Counted Of(Entry use) => new(use.At, UsageCount.Of(use).Uses, use.Amount);
}
