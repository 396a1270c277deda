using System.Globalization;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit.Sdk;

namespace Topup.Domain.Tests.Ledger;

/// <summary>
/// Reads a story of one pool, a line for each thing that happens, with what it must come to on the right of the arrow:
/// <code>
/// pool allowance=30 period=30d          # the plan; also: unlimited, rollover=0..50, debt-limit=5, low=20%, low=10, notice=7
/// alerts 50% 20% 10 notice=3            # the tenant's own marks; from here on the mark is told too, as in !Low:20%
/// lot L1=100 exp=d10                    # also: promotional, refund, import..., prio=20, from=d3
/// spend 40 as U1       -> allowance-30 L1-10
/// spend 500            -> InsufficientCredits short=410
/// hold H1=20 until=d3  -> L1-20
/// capture H1 15        -> L1-15
/// reverse U1 5         -> L1+5
/// take-back L1 50 debt -> L1-50         # without "debt", what was spent is forgiven; without an amount, all
/// day 30               -> reset=30      # time passes; with an arrow the pool is looked at
/// balance              -> allowance=30 L1=40 held=5 debt=0
/// plan lapsed                           # also: plan active, tenant suspended, type disabled, and back
/// explain 500          -> InsufficientCredits TopUp=430 UseLess=70
/// </code>
/// A line without an arrow has only to be allowed. News is on the right too, as <c>!Exhausted</c>; only a grant's own
/// news is taken for granted. After every line the pool is checked for all that is always true.
/// </summary>
internal sealed class LedgerScript
{
    private static readonly Instant DayZero = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly Dictionary<string, long> lots = [];
    private readonly Dictionary<string, long> holds = [];
    private readonly Dictionary<string, Entry> uses = [];
    private readonly Dictionary<string, long> reversed = [];

    private Pool pool = Pool.Empty;
    private Instant now = DayZero;
    private TimeSpan periodLength = TimeSpan.FromDays(30);
    private Terms plan = new() { Period = default, Limit = 0 };

    public static void Run(string story)
    {
        var script = new LedgerScript();
        var differences = new List<string>();
        foreach (var line in story.Split('\n').Select(line => line.Split('#')[0]).Where(line => line.Trim().Length > 0))
        {
            var sides = line.Split("->");
            var words = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (said, isAllowed) = script.Do(words[0], words[1..], isAsked: sides.Length > 1);
            var expected = sides.Length > 1 ? string.Join(' ', sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)) : null;
            if (expected is null ? !isAllowed : said != expected) differences.Add($"{line.TrimEnd()}\n    but it said: {said}");
        }
        if (differences.Count > 0) throw new XunitException(string.Join('\n', differences));
    }

    private (string Said, bool IsAllowed) Do(string verb, string[] words, bool isAsked) => verb switch
    {
        "pool" or "plan" or "tenant" or "type" => Change(words),
        "day" => Wait(words, isAsked),
        "alerts" => SetAlerts(words),
        "balance" => (BalanceOf(Settlement.Decide(pool, Terms, now).Settled), true),
        "lot" => Grant(words),
        "spend" => Spend(words, EntryKind.Consume),
        "pay" => Spend(words, EntryKind.Payment),
        "hold" => Hold(words),
        "capture" => Capture(words),
        "release" => Release(words),
        "reverse" => Reverse(words),
        "take-back" => TakeBack(words),
        "explain" => Explain(words),
        _ => throw new XunitException($"No such verb: {verb}"),
    };

    /// <summary>The plan as it is now, in the period that now falls in. Periods are of one length, and the first begins on day 0.</summary>
    private Terms Terms
    {
        get
        {
            var passed = (int)((now.UnixMs - DayZero.UnixMs) / (long)periodLength.TotalMilliseconds);
            var start = DayZero.Plus(periodLength * passed);
            return plan with { Period = new BillingPeriod(passed + 1, start, start.Plus(periodLength)) };
        }
    }

    private (string, bool) Change(string[] words)
    {
        foreach (var word in words)
        {
            var (name, value) = NameAndValue(word);
            plan = name switch
            {
                "unlimited" => plan with { Limit = null },
                "allowance" => plan with { Limit = Number(value) },
                "rollover" => plan with { Rollover = new Rollover(Number(value.Split("..")[0]), Number(value.Split("..")[1])) },
                "debt-limit" => plan with { DebtLimit = Number(value) },
                "low" when value.EndsWith('%') => plan with { LowPercent = (int)Number(value[..^1]) },
                "low" => plan with { LowAmount = Number(value) },
                "notice" => plan with { ExpiringDays = (int)Number(value) },
                "lapsed" => plan with { Frozen = true },
                "suspended" => plan with { TenantSuspended = true },
                "disabled" => plan with { TypeDisabled = true },
                "active" => plan with { Frozen = false, TenantSuspended = false },
                "enabled" => plan with { TypeDisabled = false },
                "period" => plan,
                _ => throw new XunitException($"No such term: {word}"),
            };
            if (name == "period") periodLength = TimeSpan.FromDays(Number(value[..^1]));
        }
        return ("ok", true);
    }

    private (string, bool) SetAlerts(string[] words)
    {
        var own = new Thresholds { Percents = [], Amounts = [] };
        foreach (var word in words.Where(word => word != "off"))
        {
            if (word.EndsWith('%')) own = own with { Percents = own.Percents!.Value.Add((int)Number(word[..^1])) };
            else if (word.StartsWith("notice=", StringComparison.Ordinal)) own = own with { ExpiringDays = (int)Number(NameAndValue(word).Value) };
            else own = own with { Amounts = own.Amounts!.Value.Add(Number(word)) };
        }
        return Say(AlertSettings.Decide(pool, Terms, words.Contains("off") ? Thresholds.OfType : own, now), "");
    }

    private (string, bool) Wait(string[] words, bool isAsked)
    {
        now = Moment(string.Join('+', words));
        return isAsked ? Say(Settlement.Decide(pool, Terms, now), "") : ("ok", true);
    }

    private (string, bool) Grant(string[] words)
    {
        var (name, amount) = NameAndValue(words[0]);
        var (source, priority, from, until) = (LotSource.Purchase, Lot.PriorityDefault, Instant.Always, Instant.Never);
        foreach (var word in words[1..])
        {
            var (key, value) = NameAndValue(word);
            if (key == "exp") until = Moment(value);
            else if (key == "from") from = Moment(value);
            else if (key == "prio") priority = (int)Number(value);
            else source = Enum.Parse<LotSource>(word, ignoreCase: true);
        }
        var decision = Domain.Ledger.Grant.Decide(pool, Terms, Number(amount), source, priority, from, until, Note.None, now);
        if (decision.Main is { } main) lots[name] = main.Id;
        return Say(decision, "");
    }

    private (string, bool) Spend(string[] words, EntryKind kind)
    {
        var decision = Consumption.Decide(pool, Terms, Number(words[0]), words.Contains("cap"), Note.None, now, kind);
        Remember(words, decision);
        return Say(decision, "short");
    }

    private (string, bool) Hold(string[] words)
    {
        var (name, amount) = NameAndValue(words[0]);
        var until = words.FirstOrDefault(word => word.StartsWith("until=", StringComparison.Ordinal)) is { } word
            ? Moment(NameAndValue(word).Value)
            : now.Plus(Domain.Ledger.Hold.TimeDefault);
        var decision = Domain.Ledger.Hold.Place(pool, Terms, Number(amount), words.Contains("cap"), until, Note.None, now);
        if (decision.Main is { } main) holds[name] = main.Id;
        return Say(decision, "short");
    }

    private (string, bool) Capture(string[] words)
    {
        var decision = Domain.Ledger.Hold.Capture(pool, Terms, holds.GetValueOrDefault(words[0], -1), Number(words[1]), Note.None, now);
        Remember(words, decision);
        return Say(decision, "uncovered");
    }

    private (string, bool) Release(string[] words) =>
        Say(Domain.Ledger.Hold.Release(pool, Terms, holds.GetValueOrDefault(words[0], -1), Note.None, now), "");

    private (string, bool) Reverse(string[] words)
    {
        var (name, original) = (words[0], uses.GetValueOrDefault(words[0]));
        long? amount = words.Length > 1 ? Number(words[1]) : null;
        var decision = Reversal.Decide(pool, Terms, original, reversed.GetValueOrDefault(name), amount, Note.None, now);
        if (decision.Main is { } main) reversed[name] = reversed.GetValueOrDefault(name) + main.Asked;
        return Say(decision, "lost");
    }

    private (string, bool) TakeBack(string[] words)
    {
        var amount = words[1..].Where(word => char.IsAsciiDigit(word[0])).Select(word => (long?)Number(word)).FirstOrDefault();
        var lot = lots.GetValueOrDefault(words[0], -1);
        return Say(Domain.Ledger.TakeBack.Decide(pool, Terms, lot, amount, words.Contains("debt"), Note.None, now), "forgiven");
    }

    private (string, bool) Explain(string[] words)
    {
        var amount = Number(words[0]);
        var decision = Consumption.Decide(pool, Terms, amount, cap: false, Note.None, now);
        var explanation = Explanation.Of(decision, Terms, amount, mayTopUp: !words.Contains("no-top-up"), limit: null, TimeZoneInfo.Utc);
        return (string.Join(' ', [explanation.Refusal.ToString(), .. explanation.Fixes.Select(Text)]), true);

        static string Text(Fix fix) =>
            fix.At != default ? $"{fix.Kind}={DayOf(fix.At)}" : fix.Amount > 0 ? $"{fix.Kind}={fix.Amount}" : $"{fix.Kind}";
    }

    /// <summary>Keeps what was granted, and puts in words what the decision did.</summary>
    private (string, bool) Say(LedgerDecision decision, string shortfallName)
    {
        LedgerInvariants.CheckAll(pool, decision);
        var said = new List<string>();
        if (!decision.IsAllowed) said.Add(decision.Refusal.ToString());
        else
        {
            pool = decision.Pool;
            foreach (var lot in pool.Lots)
                if (!lots.ContainsValue(lot.Id)) lots[$"refund{lots.Count}"] = lot.Id;
        }
        if (decision.Main is { } main) said.AddRange(main.Draw.Parts.Select(part => Text(part, main.Kind)));
        else said.AddRange(decision.Entries.Select(Text).OfType<string>());
        if (decision.Shortfall > 0) said.Add($"{(decision.IsAllowed ? shortfallName : "short")}={decision.Shortfall}");
        var paid = decision.Entries.Where(entry => entry.Kind == EntryKind.DebtPayment).Sum(entry => entry.Amount);
        if (paid > 0) said.Add($"debt-{paid}");
        said.AddRange(decision.Events.Where(IsNews).Select(Text));
        return (said.Count == 0 ? "ok" : string.Join(' ', said), decision.IsAllowed);
    }

    private string Text(DrawPart part, EntryKind kind) => part.Source switch
    {
        DrawSource.Debt => $"debt{(kind == EntryKind.Reversal ? '-' : '+')}{part.Units}",
        DrawSource.Lot => $"{NameOf(lots, part.Of)}{(kind == EntryKind.Reversal ? '+' : '-')}{part.Units}",
        _ => $"{part.Source.ToString().ToLowerInvariant()}{(kind == EntryKind.Reversal ? '+' : '-')}{part.Units}",
    };

    private string Text(LedgerEvent news) => news switch
    {
        { Lot: { } lot } => $"!{news.Kind}:{NameOf(lots, lot.Id)}={lot.Remaining}",
        { Mark: { } mark } when pool.Thresholds != Thresholds.OfType => $"!{news.Kind}:{(mark.Percent > 0 ? $"{mark.Percent}%" : mark.Amount)}",
        _ => $"!{news.Kind}",
    };

    /// <summary>What time alone did; null where it is said elsewhere.</summary>
    private string? Text(Entry entry) => entry.Kind switch
    {
        EntryKind.Reset => $"reset={entry.After.Allowance}",
        EntryKind.LimitChange => entry.Unlimited ? "unlimited" : $"allowance={entry.After.Allowance}",
        EntryKind.Expiry => $"expired:{NameOf(lots, entry.Related)}={entry.Amount}",
        EntryKind.Activation => $"started:{NameOf(lots, entry.Related)}={entry.Amount}",
        EntryKind.HoldExpiry => $"ended:{NameOf(holds, entry.Related)}={entry.Amount}",
        _ => null,
    };

    private string BalanceOf(Pool settled)
    {
        var allowance = settled.Allowance;
        List<string> said = [allowance.IsUnlimited ? $"unlimited used={allowance.Used}" : $"allowance={settled.Balance.Allowance}"];
        foreach (var lot in settled.Lots.Where(lot => lot.Remaining > 0))
            said.Add(lot.Active ? $"{NameOf(lots, lot.Id)}={lot.Remaining}" : $"({NameOf(lots, lot.Id)}={lot.Remaining})");
        if (settled.Held > 0) said.Add($"held={settled.Held}");
        if (settled.Debt > 0) said.Add($"debt={settled.Debt}");
        return string.Join(' ', said);
    }

    private void Remember(string[] words, LedgerDecision decision)
    {
        if (Array.IndexOf(words, "as") is >= 0 and var place && decision.Main is { } main) uses[words[place + 1]] = main;
    }

    private static bool IsNews(LedgerEvent news) => news.Kind is not (LedgerEventKind.Granted or LedgerEventKind.Purchased);

    private static string NameOf(Dictionary<string, long> names, long id) => names.First(name => name.Value == id).Key;

    private static (string Name, string Value) NameAndValue(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var cut ? (word[..cut], word[(cut + 1)..]) : (word, "");

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A day, and a time of it: <c>d10</c>, <c>10+06:30</c>.</summary>
    private static Instant Moment(string text)
    {
        var parts = text.TrimStart('d').Split('+');
        var time = parts.Length > 1 ? TimeSpan.Parse(parts[1], CultureInfo.InvariantCulture) : TimeSpan.Zero;
        return DayZero.Plus(TimeSpan.FromDays(Number(parts[0])) + time);
    }

    private static string DayOf(Instant moment) =>
        $"d{(moment.UnixMs - DayZero.UnixMs) / (long)TimeSpan.FromDays(1).TotalMilliseconds}";
}
