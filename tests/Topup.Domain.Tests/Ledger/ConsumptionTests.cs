using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class ConsumptionTests
{
    [Fact]
    public void Too_much_is_refused_whole_and_told_how_much_is_missing() => LedgerScript.Run("""
        pool allowance=30
        lot L1=10
        spend 41 -> InsufficientCredits short=1
        balance  -> allowance=30 L1=10
        spend 40 -> allowance-30 L1-10 !Exhausted
        spend 1  -> InsufficientCredits short=1
        """);

    [Fact]
    public void A_capped_use_takes_what_there_is() => LedgerScript.Run("""
        pool allowance=30
        spend 40 cap -> allowance-30 short=10 !Exhausted
        """);

    [Fact]
    public void A_capped_use_of_nothing_is_refused() => LedgerScript.Run("""
        spend 5 cap -> InsufficientCredits short=5
        """);

    [Fact]
    public void A_capped_use_that_fits_is_not_cut() => LedgerScript.Run("""
        pool allowance=30
        spend 30 cap -> allowance-30 !Exhausted
        """);

    [Fact]
    public void An_unlimited_allowance_counts_uses_and_touches_nothing_else() => LedgerScript.Run("""
        pool unlimited
        lot L1=5
        spend 1000     -> unlimited-1000
        spend 1000 cap -> unlimited-1000
        balance        -> unlimited used=2000 L1=5
        """);

    [Fact]
    public void Held_credits_are_not_there_to_spend() => LedgerScript.Run("""
        lot L1=10
        hold H1=8
        spend 3 -> InsufficientCredits short=1
        spend 2 -> L1-2
        """);

    [Fact]
    public void A_debt_counts_into_what_a_purchase_must_bring() => LedgerScript.Run("""
        lot L1=10
        spend 10
        take-back L1 4 debt -> debt+4
        spend 3             -> InsufficientCredits short=7
        lot L2=7            -> debt-4 !Recovered
        spend 3             -> L2-3 !Exhausted
        """);

    [Fact]
    public void A_payment_draws_as_a_use_does() => LedgerScript.Run("""
        lot L1=10
        pay 12     -> InsufficientCredits short=2
        pay 6 as U1 -> L1-6
        reverse U1 -> EntryNotReversible
        """);

    [Fact]
    public void Uses_that_would_overflow_their_count_are_refused()
    {
        var terms = TermsOf(limit: null);
        var pool = Pool.Empty with { Allowance = new Allowance(1, new Instant(2), null, 0, long.MaxValue - 5, 0, 0) };
        Consumption.Decide(pool, terms, 6, cap: false, Note.None, new Instant(1)).Refusal.ShouldBe(LedgerRefusal.PoolFull);
        Consumption.Decide(pool, terms, 5, cap: false, Note.None, new Instant(1)).Refusal.ShouldBe(LedgerRefusal.None);
    }

    [Fact]
    public void The_entry_tells_what_was_asked_what_was_done_and_who_asked()
    {
        var note = new Note("key", 7, "api-key", "reference", "subject", "segment");
        var entry = Consumption.Decide(Pool.Empty, TermsOf(limit: 30), 40, cap: true, note, new Instant(5)).Main!;
        entry.Kind.ShouldBe(EntryKind.Consume);
        (entry.Asked, entry.Amount).ShouldBe((40, 30));
        (entry.Before, entry.After).ShouldBe((new Balance(30, 0, 0, 0), new Balance(0, 0, 0, 0)));
        (entry.Note, entry.At, entry.Unlimited).ShouldBe((note, new Instant(5), false));
    }

    private static Terms TermsOf(long? limit) => new() { Period = new(1, new Instant(0), new Instant(1_000)), Limit = limit };
}
