using System.Collections.Immutable;
using System.Globalization;

namespace Topup.Domain.Ledger;

/// <summary>
/// Recomputes a pool from its history. Feed it every entry in order, then compare with what is stored: if a single unit
/// was lost, made up or moved without a line of history, some sum does not come out.
/// </summary>
/// <param name="usageFrom">Entries from this moment on are counted in the usage by day.</param>
public sealed class Verification(Instant usageFrom = default)
{
    private readonly Dictionary<(string UsageType, string Subject), UsageCount> usage = [];
    private readonly Dictionary<long, LotSums> lots = [];
    private readonly Dictionary<long, Draw> holds = [];
    private readonly Dictionary<long, long> usedByPeriod = [];
    private readonly List<Difference> differences = [];
    private Balance last;
    private long lastId;

    public long Entries { get; private set; }

    public void Add(Entry entry)
    {
        Entries++;
        if (entry.Id <= lastId) Report("entries are numbered upwards", $"above {lastId}", $"{entry.Id}");
        Expect($"entry {entry.Id}: it names the entry before it", lastId, entry.Previous);
        Expect($"entry {entry.Id}: before equals the after of the entry before it", last, entry.Before);
        if (entry.After is { Allowance: < 0 } or { Purchased: < 0 } or { Held: < 0 } or { Debt: < 0 })
            Report($"entry {entry.Id}: nothing is below zero", "0 or more", entry.After.ToString());
        if (TellsItsDraw(entry.Kind) && entry.Amount != entry.Draw.Total)
            Report($"entry {entry.Id}: what was done is the sum of its draw", Text(entry.Draw.Total), Text(entry.Amount));
        lastId = entry.Id;
        last = entry.After;
        Follow(entry);
        if (entry.At >= usageFrom && UsageCount.Of(entry) is var used && used != default)
            usage[(entry.Note.UsageType, entry.Note.Subject)] = usage.GetValueOrDefault((entry.Note.UsageType, entry.Note.Subject)).Plus(used);
    }

    /// <param name="pool">The stored pool with all its lots, closed ones too, and its open holds.</param>
    public ImmutableArray<Difference> Compare(Pool pool)
    {
        Expect("the pool equals its last entry", last, pool.Balance);
        Expect("the pool knows its last entry", lastId, pool.LastEntry);
        Expect("the pool knows how many entries it has", Entries, pool.Entries);
        Expect("purchased is what remains in the lots in effect", pool.Lots.Sum(lot => lot.Drawable), pool.Purchased);
        Expect("held is what lots and allowance have set aside",
            pool.Lots.Sum(lot => lot.Held) + pool.Allowance.Held + pool.Allowance.EarlierHeld, pool.Held);
        Expect("the allowance's use is the sum of its draws", usedByPeriod.GetValueOrDefault(pool.Allowance.Period), pool.Allowance.Used);
        Expect("debt and spendable credits do not stand side by side", 0, Math.Min(pool.Debt, pool.Balance.Available));
        Expect("open holds", holds.Count, pool.Holds.Count(hold => hold.Status == HoldStatus.Open));
        Expect("the pool knows how many holds are open", holds.Count, pool.OpenHolds);
        Expect("the pool knows how many lots are open", pool.Lots.Count(lot => lot.IsOpen), pool.OpenLots);
        foreach (var lot in pool.Lots) Compare(lot);
        foreach (var missing in lots.Keys.Except(pool.Lots.Select(lot => lot.Id)))
            Report($"lot {missing} is stored", "there", "missing");
        return [.. differences];
    }

    /// <summary>To be called before <see cref="Compare(Pool)"/>, which reports what it found.</summary>
    /// <param name="counted">What was counted of the pool by usage type and subject, over all days.</param>
    public void CompareUsage(IReadOnlyDictionary<(string UsageType, string Subject), UsageCount> counted)
    {
        foreach (var use in usage.Keys.Union(counted.Keys))
            Expect($"usage by day is the sum of its entries, for usage type '{use.UsageType}' and subject '{use.Subject}'",
                usage.GetValueOrDefault(use), counted.GetValueOrDefault(use));
    }

    private void Compare(Lot lot)
    {
        var sums = lots.GetValueOrDefault(lot.Id, new LotSums());
        Expect($"lot {lot.Id}: granted is the sum of its grants", sums.Granted, lot.Granted);
        Expect($"lot {lot.Id}: drawn is the sum of its draws", sums.Drawn, lot.Drawn);
        Expect($"lot {lot.Id}: held is the sum of its open holds", sums.Held, lot.Held);
        Expect($"lot {lot.Id}: granted = remaining + held + drawn + expired + taken back",
            lot.Granted, lot.Remaining + lot.Held + lot.Drawn + lot.Expired + lot.TakenBack);
        if (lot is { Remaining: < 0 } or { Held: < 0 } or { Drawn: < 0 } or { Expired: < 0 } or { TakenBack: < 0 })
            Report($"lot {lot.Id}: nothing is below zero", "0 or more", lot.ToString());
    }

    private static bool TellsItsDraw(EntryKind kind) =>
        kind is EntryKind.Consume or EntryKind.Payment or EntryKind.DebtPayment or EntryKind.Hold or EntryKind.Capture or EntryKind.TakeBack;

    /// <summary>What an entry of each kind did to the lots, the holds and the use of the allowance.</summary>
    private void Follow(Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Grant or EntryKind.Purchase:
                SumsOf(entry.Id).Granted += entry.Amount;
                break;
            case EntryKind.Consume or EntryKind.Payment or EntryKind.DebtPayment:
                Draw(entry.Draw, +1);
                break;
            case EntryKind.Hold:
                holds[entry.Id] = entry.Draw;
                Hold(entry.Draw, +1);
                break;
            case EntryKind.Capture:
                EndHold(entry.Related);
                Draw(entry.Draw, +1);
                break;
            case EntryKind.Release or EntryKind.HoldExpiry:
                EndHold(entry.Related);
                break;
            case EntryKind.Reversal:
                Draw(entry.Draw, -1);
                ForgiveDebt(entry);
                break;
            case EntryKind.GiveBack:
                ForgiveDebt(entry);
                break;
            case EntryKind.None or EntryKind.Reset or EntryKind.LimitChange or EntryKind.Activation or EntryKind.Expiry or EntryKind.TakeBack:
                break;
            default:
                Report($"entry {entry.Id}: the kind is known", "a kind of entry", entry.Kind.ToString());
                break;
        }
    }

    /// <summary>Debt that had been paid before it was forgiven comes back as a lot of this entry.</summary>
    private void ForgiveDebt(Entry entry)
    {
        var repaid = entry.Draw.Debt - (entry.Before.Debt - entry.After.Debt);
        if (repaid > 0) SumsOf(entry.Id).Granted += repaid;
    }

    private void EndHold(long id)
    {
        if (holds.Remove(id, out var draw)) Hold(draw, -1);
        else Report($"hold {id} is open when it ends", "open", "not open");
    }

    private void Draw(Draw draw, int sign)
    {
        foreach (var (source, of, units) in draw.Parts)
        {
            if (source == DrawSource.Lot) SumsOf(of).Drawn += sign * units;
            if (source is DrawSource.Allowance or DrawSource.Unlimited)
                usedByPeriod[of] = usedByPeriod.GetValueOrDefault(of) + sign * units;
        }
    }

    private void Hold(Draw draw, int sign)
    {
        foreach (var (source, of, units) in draw.Parts)
            if (source == DrawSource.Lot) SumsOf(of).Held += sign * units;
    }

    private LotSums SumsOf(long lot)
    {
        if (!lots.TryGetValue(lot, out var sums)) lots.Add(lot, sums = new LotSums());
        return sums;
    }

    private void Expect<T>(string rule, T expected, T found)
        where T : struct
    {
        if (!expected.Equals(found)) Report(rule, Text(expected), Text(found));
    }

    private void Report(string rule, string expected, string found) => differences.Add(new Difference(rule, expected, found));

    private static string Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    private sealed class LotSums
    {
        public long Granted { get; set; }
        public long Drawn { get; set; }
        public long Held { get; set; }
    }
}

/// <summary>A sum that does not come out.</summary>
public sealed record Difference(string Rule, string Expected, string Found);
