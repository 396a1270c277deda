using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Topup.Testing.Ledger;
using Xunit;
using Xunit.Sdk;
using static Topup.Domain.Tests.Ledger.LedgerInvariants;

namespace Topup.Domain.Tests.Ledger;

/// <summary>
/// What holds for every life of a pool. A failure prints the seed and the shortest sequence that still fails; set
/// <c>TOPUP_SEED</c> to that seed to run the same lives again.
/// </summary>
public sealed class LedgerProperties
{
    private const int Lives = 2_000;
    private const int StepsOfOneLife = 25;

    [Fact]
    public void Every_reply_is_that_of_the_model() => ForAllLives(20_000, life =>
    {
        var (pool, model) = (new PoolUnderTest(), new LedgerModel());
        foreach (var step in life.Steps)
        {
            var (reply, expected) = (pool.OutcomeOf(pool.Apply(step)), model.Apply(step.Operation, step.Now, step.Terms));
            if (reply != expected) throw new XunitException($"{step}\n  the model says {expected}\n  but it was    {reply}");
        }
    });

    [Fact]
    public void A_refusal_leaves_the_pool_as_it_was() => ForAllDecisions((before, decision) =>
    {
        if (!decision.IsAllowed) RefusalChangesNothing(before, decision);
    });

    [Fact]
    public void Every_lot_is_conserved() => ForAllDecisions((_, decision) => LotsAreConserved(decision.Pool));

    [Fact]
    public void A_pool_is_the_sum_of_its_parts() => ForAllDecisions((_, decision) => SumsAreRight(decision.Pool));

    [Fact]
    public void Nothing_is_ever_below_zero() => ForAllDecisions((_, decision) => NothingIsBelowZero(decision.Pool));

    [Fact]
    public void Debt_leaves_nothing_to_spend() => ForAllDecisions((_, decision) => DebtLeavesNothingToSpend(decision.Pool));

    [Fact]
    public void History_is_a_chain_that_ends_at_the_balance() => ForAllDecisions(EntriesAreAChain);

    [Fact]
    public void Every_entry_keeps_the_rules() => ForAllDecisions((_, decision) =>
    {
        foreach (var entry in decision.Entries) EntryKeepsTheRules(entry);
    });

    [Fact]
    public void Exhaustion_is_told_once_per_crossing() => ForAllDecisions(ExhaustionIsToldOncePerCrossing);

    /// <summary>Beside the rule stands the plainest bookkeeping: a set of the marks that are crossed, by name.</summary>
    [Fact]
    public void Each_low_mark_is_told_once_per_crossing() => ForAllLives(Lives, life =>
    {
        long[] marks = [2, 5, 9];
        var pool = new PoolUnderTest(Pool.Empty with { Thresholds = new Thresholds { Percents = [], Amounts = [.. marks] } });
        var crossed = new HashSet<long>();
        foreach (var step in life.Steps)
        {
            var before = pool.Pool;
            var decision = pool.Apply(step);
            if (!decision.IsAllowed) continue;
            var expected = new List<long>();
            // A decision has two moments: when time has been caught up with, and its end.
            Look(before, decision.Settled);
            Look(decision.Settled, decision.Pool);
            var told = decision.Events.Where(news => news.Kind == LedgerEventKind.Low).Select(news => news.Mark!.Value.Amount).ToList();
            if (!told.SequenceEqual(expected)) throw new XunitException($"{step}\n  expected [{string.Join(' ', expected)}]\n  but told [{string.Join(' ', told)}]");

            void Look(Pool from, Pool to)
            {
                if (from.LastEntry == to.LastEntry) return;
                var reached = to.Allowance.IsUnlimited ? [] : marks.Where(mark => to.Balance.Total <= mark).ToHashSet();
                var isNew = reached.Except(crossed).Any();
                if (isNew && to.Balance.Total >= from.Balance.Total) return;
                if (isNew && to.Balance.Total > 0 && from.Alert != AlertLevel.Exhausted) expected.Add(reached.Min());
                crossed = reached;
            }
        }
    });

    [Fact]
    public void A_balance_as_of_now_is_sound_also_after_a_refusal() => ForAllDecisions((_, decision) => PoolIsSound(decision.Settled));

    [Fact]
    public void Every_figure_can_be_computed_again_from_history() => ForAllLives(Lives, life =>
    {
        var (pool, verification) = (new PoolUnderTest(), new Verification());
        foreach (var step in life.Steps)
            foreach (var entry in pool.Apply(step).Entries) verification.Add(entry);
        var differences = verification.Compare(pool.Pool);
        if (!differences.IsEmpty) throw new XunitException(string.Join('\n', differences));
    });

    [Fact]
    public void Settling_twice_at_one_moment_changes_nothing() => ForAllLives(Lives, life =>
    {
        var pool = new PoolUnderTest();
        foreach (var step in life.Steps)
        {
            if (!pool.Apply(step).IsAllowed) continue;
            var again = Settlement.Decide(pool.Pool, step.Terms, step.Now);
            if (!again.Entries.IsEmpty || !again.Events.IsEmpty || again.Pool != pool.Pool) throw new XunitException($"{step}\n{again}");
        }
    });

    /// <summary>A worker may look at a pool at any time. That makes news timely; it must never make credits come or go.</summary>
    [Fact]
    public void Looking_more_often_changes_no_balance() => ForAllLives(Lives, life =>
    {
        if (life.Steps.IsEmpty) return;
        var (idle, watched) = (new PoolUnderTest(), new PoolUnderTest());
        var last = life.Steps[0] with { Operation = new Operation.Look() };
        idle.Apply(last);
        watched.Apply(last);
        foreach (var step in life.Steps.Where(step => step.Operation is not Operation.TakeBack).Select(WithoutDebt))
        {
            if (step.Now < last.Now) return;
            foreach (var look in LooksBetween(last, step)) watched.Apply(look);
            var (reply, expected) = (watched.OutcomeOf(watched.Apply(step)), idle.OutcomeOf(idle.Apply(step)));
            if (reply != expected) throw new XunitException($"{step}\n  unwatched it is {expected}\n  watched it is   {reply}");
            last = step;
        }

        Step WithoutDebt(Step step) => step with { Terms = step.Terms with { Limit = last.Terms.Limit, DebtLimit = 0 } };
    });

    [Fact]
    public void Reversing_every_use_brings_every_credit_back() => ForAllLives(Lives, life =>
    {
        var first = life.Steps[0] with { Terms = life.Steps[0].Terms with { Limit = life.Steps[0].Terms.Limit ?? 10, Frozen = false } };
        var pool = new PoolUnderTest();
        long granted = 0;
        foreach (var step in life.Steps)
        {
            if (step.Operation is Operation.TakeBack or Operation.Reverse) continue;
            var operation = step.Operation is Operation.Grant grant ? grant with { StartsIn = null, ExpiresIn = null } : step.Operation;
            if (pool.Apply(first with { Operation = operation }).IsAllowed && operation is Operation.Grant given) granted += given.Amount;
        }
        for (var hold = 0; hold < StepsOfOneLife; hold++) pool.Apply(first with { Operation = new Operation.Release(hold) });
        for (var use = pool.Uses.Count - 1; use >= 0; use--) pool.Apply(first with { Operation = new Operation.Reverse(use, null) });
        pool.Pool.Balance.Debt.ShouldBe(0);
        pool.Pool.Balance.Held.ShouldBe(0);
        pool.Pool.Balance.Available.ShouldBe(first.Terms.Limit!.Value + granted);
    });

    /// <summary>The clock may go anywhere, and the tenant's periods are recounted from the last one as the store does it.</summary>
    [Fact]
    public void Each_period_is_granted_once_whatever_the_clock_does() => Check.One(Settings(Lives), Prop.ForAll(Seeds, seed =>
    {
        const long limit = 10;
        var random = new Random(seed);
        var now = Instant.From(new DateTimeOffset(2027, 12, 31, 12, 0, 0, TimeSpan.Zero));
        var day = random.Next(1, 32);
        var period = BillingPeriod.First(now, day, TimeZoneInfo.Utc);
        var (earlier, pool, spent) = (period, Pool.Empty, new Dictionary<int, long>());
        for (var i = 0; i < StepsOfOneLife; i++)
        {
            now = now.Plus(TimeSpan.FromHours(random.Next(-40 * 24, 60 * 24)));
            var current = period.At(now, day, TimeZoneInfo.Utc);
            if (current != period) (earlier, period) = (period, current);
            // Now and then a server asks that has not heard of the newest period yet.
            var terms = new Terms { Period = random.Next(4) == 0 ? earlier : period, Limit = limit };
            var decision = Consumption.Decide(pool, terms, random.Next(1, 12), cap: true, Note.None, now);
            if (!decision.IsAllowed) continue;
            pool = decision.Pool;
            foreach (var part in decision.Main!.Draw.Parts)
                spent[(int)part.Of] = spent.GetValueOrDefault((int)part.Of) + part.Units;
        }
        spent.Values.Max().ShouldBeLessThanOrEqualTo(limit);
    }));

    /// <summary>
    /// A look half-way, if the period of that moment is known, and one just before the step. A period's calendar is not
    /// the pool's business, and of those between two far steps nothing is recorded here.
    /// </summary>
    private static IEnumerable<Step> LooksBetween(Step last, Step next)
    {
        var half = new Instant(last.Now.UnixMs + (next.Now.UnixMs - last.Now.UnixMs) / 2);
        var look = new Operation.Look();
        if (half < last.Terms.Period.End) yield return new Step(half, next.Terms with { Period = last.Terms.Period }, look);
        else if (half >= next.Terms.Period.Start) yield return new Step(half, next.Terms, look);
        yield return new Step(next.Now, next.Terms, look);
    }

    private static void ForAllDecisions(Action<Pool, LedgerDecision> check) => ForAllLives(Lives, life =>
    {
        var pool = new PoolUnderTest();
        foreach (var step in life.Steps)
        {
            var before = pool.Pool;
            check(before, pool.Apply(step));
        }
    });

    private static void ForAllLives(int count, Action<Life> check) =>
        Check.One(Settings(count), Prop.ForAll(Arb.From(Seeds.Generator.Select(seed => new Life(seed)), life => life.Shorter()), check));

    private static Arbitrary<int> Seeds => Arb.From(Gen.Choose(0, int.MaxValue - 1));

    /// <summary>FsCheck's own seed follows from one number, which every failure prints.</summary>
    private static Config Settings(int count)
    {
        var given = Environment.GetEnvironmentVariable("TOPUP_SEED");
        var seed = given is null ? (ulong)Random.Shared.NextInt64() : ulong.Parse(given, CultureInfo.InvariantCulture);
        return Config.QuickThrowOnFailure.WithMaxTest(count).WithName($"TOPUP_SEED={seed}").WithReplay(seed, 1);
    }

    /// <summary>One pool's whole story.</summary>
    private sealed record Life(int Seed, ImmutableArray<Step> Steps)
    {
        public Life(int seed) : this(seed, OperationGenerator.Steps(seed, StepsOfOneLife)) { }

        /// <summary>The same story with a part left out: halves first, then quarters, down to single steps.</summary>
        public IEnumerable<Life> Shorter()
        {
            for (var size = Steps.Length / 2; size >= 1; size /= 2)
                for (var start = 0; start + size <= Steps.Length; start += size)
                    yield return this with { Steps = Steps.RemoveRange(start, size) };
        }

        public override string ToString() => $"life {Seed}:\n  {string.Join("\n  ", Steps)}\n";
    }
}
