using Topup.Domain.Ledger;
using Xunit.Sdk;

namespace Topup.Domain.Tests.Ledger;

/// <summary>What is true of every pool and every decision, whatever was asked. Scripts and properties both check it.</summary>
internal static class LedgerInvariants
{
    public static void CheckAll(Pool before, LedgerDecision decision)
    {
        if (!decision.IsAllowed) RefusalChangesNothing(before, decision);
        PoolIsSound(decision.Pool);
        PoolIsSound(decision.Settled);
        EntriesAreAChain(before, decision);
        foreach (var entry in decision.Entries) EntryKeepsTheRules(entry);
        ExhaustionIsToldOncePerCrossing(before, decision);
    }

    public static void RefusalChangesNothing(Pool before, LedgerDecision decision)
    {
        Demand(ReferenceEquals(decision.Pool, before), "a refusal leaves the pool as it was", decision);
        Demand(decision.Entries.IsEmpty && decision.Events.IsEmpty && decision.Main is null, "a refusal leaves no mark", decision);
    }

    public static void PoolIsSound(Pool pool)
    {
        LotsAreConserved(pool);
        SumsAreRight(pool);
        NothingIsBelowZero(pool);
        DebtLeavesNothingToSpend(pool);
    }

    public static void LotsAreConserved(Pool pool)
    {
        foreach (var lot in pool.Lots)
        {
            var sum = lot.Remaining + lot.Held + lot.Drawn + lot.Expired + lot.TakenBack;
            Demand(sum == lot.Granted, "granted = remaining + held + drawn + expired + taken back", lot);
            Demand(lot.TakenBack + lot.Owed <= lot.Granted, "never more is taken back or owed than was granted", lot);
        }
    }

    public static void SumsAreRight(Pool pool)
    {
        long purchased = 0, heldInLots = 0, heldByHolds = 0;
        foreach (var lot in pool.Lots)
        {
            if (lot.Active) purchased += lot.Remaining;
            heldInLots += lot.Held;
        }
        foreach (var hold in pool.Holds)
            if (hold.Status == HoldStatus.Open)
                foreach (var part in hold.Draw.Parts)
                    if (part.Source != DrawSource.Unlimited) heldByHolds += part.Units;
        Demand(pool.Purchased == purchased, "purchased = what remains in the active lots", pool);
        Demand(pool.Held == pool.Allowance.Held + pool.Allowance.EarlierHeld + heldInLots, "held = allowance + lots", pool);
        Demand(pool.Held == heldByHolds, "held = what the open holds have", pool);
        for (var i = 1; i < pool.Lots.Length; i++)
            Demand(DrawOrder.OfLots.Compare(pool.Lots[i - 1], pool.Lots[i]) < 0, "lots stand in draw order", pool);
    }

    public static void NothingIsBelowZero(Pool pool)
    {
        var (allowance, balance) = (pool.Allowance, pool.Balance);
        Demand(balance is { Allowance: >= 0, Purchased: >= 0, Held: >= 0, Debt: >= 0 }, "no balance is below zero", balance);
        Demand(allowance is { RolledOver: >= 0, Used: >= 0, Held: >= 0, EarlierHeld: >= 0 }, "no use is below zero", allowance);
        foreach (var lot in pool.Lots)
            Demand(lot is { Remaining: >= 0, Held: >= 0, Drawn: >= 0, Expired: >= 0, TakenBack: >= 0, Owed: >= 0 },
                "nothing of a lot is below zero", lot);
    }

    public static void DebtLeavesNothingToSpend(Pool pool) =>
        Demand(pool.Debt == 0 || pool.Balance.Available == 0, "debt and spendable credits never stand side by side", pool);

    public static void EntriesAreAChain(Pool before, LedgerDecision decision)
    {
        var (balance, id) = (before.Balance, before.LastEntry);
        foreach (var entry in decision.Entries)
        {
            Demand(entry.Before == balance, $"an entry begins where the one before it ended, at {balance}", entry);
            Demand(entry.Id > id, "entries are numbered upwards", entry);
            Demand(entry.Previous == id, "an entry names the one before it", entry);
            (balance, id) = (entry.After, entry.Id);
        }
        Demand(decision.Pool.Balance == balance, $"the last entry's balance is the pool's: {balance}", decision.Pool);
        Demand(decision.Pool.LastEntry == id, "the pool knows its last entry", decision.Pool);
        Demand(decision.Pool.Entries == before.Entries + decision.Entries.Length, "the pool knows how many entries it has", decision.Pool);
    }

    public static void EntryKeepsTheRules(Entry entry)
    {
        var (before, after, kind) = (entry.Before, entry.After, entry.Kind);
        Demand(entry.Amount >= 0 && entry.Amount <= entry.Asked, "no more is done than was asked", entry);
        Demand(after.Purchased >= before.Purchased || TakesPurchasedCredits(kind), "purchased credits are sacred", entry);
        var isUse = kind is EntryKind.Consume or EntryKind.Payment or EntryKind.Hold;
        Demand(!isUse || entry.Draw.Total == entry.Amount, "a use tells where all of it came from", entry);
        Demand(!isUse || entry.Draw.Debt == 0, "a use never makes a debt", entry);
        Demand(!isUse || !entry.Unlimited || after.Purchased == before.Purchased, "unlimited touches nothing else", entry);
        Demand(!isUse || entry.Draw.Purchased == 0 || after.Allowance == 0, "the allowance goes before any lot", entry);
        var endsHold = kind is EntryKind.Capture or EntryKind.Release or EntryKind.HoldExpiry;
        Demand(!endsHold || after.Total <= before.Total, "the end of a hold makes no credits", entry);
        Demand(kind != EntryKind.GiveBack || entry.Amount == after.Available - before.Available + before.Debt - after.Debt,
            "what is given back is what there is more, or is owed less", entry);
        Demand(kind != EntryKind.GiveBack || (after.Available >= before.Available && after.Debt <= before.Debt), "giving back takes nothing", entry);
        Demand(after.Debt <= before.Debt || kind is EntryKind.TakeBack or EntryKind.Capture, "debt has two sources", entry);
    }

    /// <summary>
    /// A decision has two moments at which a pool may be found dry: when time has been caught up with, and at its end.
    /// Each time it was not dry just before, it is told; never else.
    /// </summary>
    public static void ExhaustionIsToldOncePerCrossing(Pool before, LedgerDecision decision)
    {
        if (!decision.IsAllowed) return;
        var byTime = before.Balance.Total > 0 && IsDry(decision.Settled);
        var byRequest = decision.Settled.Balance.Total > 0 && IsDry(decision.Pool);
        var crossings = (byTime ? 1 : 0) + (byRequest ? 1 : 0);
        var told = decision.Events.Count(news => news.Kind == LedgerEventKind.Exhausted);
        Demand(told == crossings, $"{crossings} crossings to empty were told {told} times", decision);
    }

    private static bool IsDry(Pool pool) => !pool.Allowance.IsUnlimited && pool.Balance.Total == 0;

    private static bool TakesPurchasedCredits(EntryKind kind) =>
        kind is EntryKind.Consume or EntryKind.Payment or EntryKind.Hold or EntryKind.Capture or EntryKind.Expiry
            or EntryKind.TakeBack or EntryKind.DebtPayment;

    private static void Demand(bool isTrue, string rule, object subject)
    {
        if (!isTrue) throw new XunitException($"{rule}\n{subject}");
    }
}
