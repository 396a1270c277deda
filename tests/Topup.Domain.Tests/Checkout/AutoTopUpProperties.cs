using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

/// <summary>What holds for every life of a rule, whatever is spent, whenever it is looked at, and however the charges end.</summary>
public sealed class AutoTopUpProperties
{
    private const int Lives = 2_000;
    private const int StepsOfOneLife = 120;

    /// <summary>Its days and the server's are not the same.</summary>
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(-5), null, null);

    [Fact]
    public void No_month_costs_more_than_its_cap() => ForAllLives((life, order) =>
        life.Orders.Where(other => other.Counts && life.MonthOf(other.At) == life.MonthOf(order.At)).Sum(other => other.Price).ShouldBeLessThanOrEqualTo(life.Rule.MonthlyCap));

    [Fact]
    public void There_is_never_a_second_order_under_way() => ForAllLives((life, _) =>
        life.Orders.Count(other => other.Ended is null).ShouldBe(1));

    [Fact]
    public void Nothing_is_ordered_while_enough_is_there_or_under_way() => ForAllLives((life, order) =>
        order.RemainingBefore.ShouldBeLessThan(AutoTopUp.ThresholdOf(life.Rule, life.Pool)));

    [Fact]
    public void A_method_that_declined_is_left_alone_for_an_hour_and_after_three_for_good() => ForAllLives((life, order) =>
    {
        var before = life.Orders.SkipLast(1).Reverse().TakeWhile(other => other.Reason.Length > 0 && other.Ended > life.ResumedAt).ToList();
        before.Count.ShouldBeLessThan(AutoTopUp.FailuresMax);
        if (before.Count > 0) order.At.ShouldBeGreaterThanOrEqualTo(before[0].Ended!.Value.Plus(AutoTopUp.BackOff));
    });

    [Fact]
    public void An_order_never_lowers_what_is_there() => ForAllLives((_, order) => order.Credits.ShouldBeGreaterThan(0));

    [Fact]
    public void A_need_that_nothing_stands_in_the_way_of_is_ordered_for() => Check.One(Settings(), Prop.ForAll(Seeds, seed =>
    {
        var life = new Life(new Random(seed), _ => { });
        for (var i = 0; i < StepsOfOneLife; i++) life.Step();
        life.Resume();
        life.Finish("");
        life.EndMonth();
        life.Look();
        if (life.MissingNow > 0 && life.Pool.Purchased < AutoTopUp.ThresholdOf(life.Rule, life.Pool) && life.PriceOf(life.MissingNow) <= life.Rule.MonthlyCap)
            life.State.Attempt.ShouldNotBeNull();
    }));

    private static void ForAllLives(Action<Life, Order> checkAfterOrder) => Check.One(Settings(), Prop.ForAll(Seeds, seed =>
    {
        Life? life = null;
        life = new Life(new Random(seed), order => checkAfterOrder(life!, order));
        for (var i = 0; i < StepsOfOneLife; i++) life.Step();
    }));

    private static Arbitrary<int> Seeds => Arb.From(Gen.Choose(0, int.MaxValue - 1));

    private static Config Settings() => Config.QuickThrowOnFailure.WithMaxTest(Lives);

    private sealed record Order(Instant At, long Price, long Credits, long RemainingBefore)
    {
        public Instant? Ended { get; init; }

        /// <summary>Why it failed; empty: it did not, or not yet.</summary>
        public string Reason { get; init; } = "";

        public bool Counts => Reason.Length == 0;
    }

    /// <summary>One rule and its pool, kept as a store would keep them.</summary>
    private sealed class Life
    {
        private readonly Random random;
        private readonly Action<Order> ordered;
        private readonly long packCredits;
        private readonly long packPrice;
        private long boughtByPeople;
        private Instant now = Instant.From(new DateTimeOffset(2026, 1, 31, 20, 0, 0, TimeSpan.Zero));

        public Life(Random random, Action<Order> ordered)
        {
            (this.random, this.ordered) = (random, ordered);
            var threshold = random.Next(1, 50);
            packCredits = random.Next(threshold, 200);
            packPrice = random.Next(1, 20_00);
            Rule = new AutoTopUpRule
            {
                Threshold = threshold, Target = random.Next(2) == 0 ? null : threshold + random.Next(1, 100), Pack = "pack", Method = PaymentMethod.Balance,
                MonthlyCap = random.Next(1, 100_00), Currency = "USD", Consent = new Consent("user", "words", now),
            };
            Pool = Pool.Empty with { Purchased = random.Next(0, 100) };
        }

        public AutoTopUpRule Rule { get; }

        public AutoTopUpState State { get; private set; } = new();

        public Pool Pool { get; private set; }

        public List<Order> Orders { get; } = [];

        public Instant ResumedAt { get; private set; } = Instant.Always;

        public long MissingNow => AutoTopUp.Missing(Rule, Pool, Pending);

        private long Pending => boughtByPeople + Orders.Where(order => order.Ended is null).Sum(order => order.Credits);

        public Instant MonthOf(Instant at) => BillingPeriod.First(at, BillingPeriod.RenewalDayMin, Zone).Start;

        public long PriceOf(long credits) => Rule.Target is null ? packPrice : credits * packPrice / packCredits + 1;

        public void Step()
        {
            switch (random.Next(10))
            {
                case < 3:
                    Pool = Pool with { Purchased = Math.Max(Pool.Purchased - random.Next(1, 60), 0) };
                    break;
                case < 5:
                    now = now.Plus(TimeSpan.FromMinutes(random.Next(1, 3) switch { 1 => random.Next(1, 90), _ => random.Next(1, 20 * 24 * 60) }));
                    break;
                case < 7:
                    Finish(random.Next(3) switch { 0 => "card_declined", 1 when random.Next(8) == 0 => "expired_card", _ => "" });
                    break;
                case 7 when random.Next(5) == 0:
                    Resume();
                    break;
                case 8 when random.Next(3) == 0:
                    // Their money is under way, comes, or never does.
                    if (random.Next(2) == 0) Pool = Pool with { Purchased = Pool.Purchased + boughtByPeople };
                    boughtByPeople = random.Next(2) * random.Next(60);
                    break;
                default:
                    Look();
                    break;
            }
        }

        public void Look()
        {
            var month = BillingPeriod.First(now, BillingPeriod.RenewalDayMin, Zone);
            var spent = Orders.Where(order => order.Counts && order.At >= month.Start).Sum(order => order.Price);
            var price = PriceOf(MissingNow);
            var decision = AutoTopUp.Decide(Rule, State, MissingNow, price, spent, month, null, now);
            if (decision.Step != AutoTopUpStep.Order) return;
            var order = new Order(now, price, Rule.Target is null ? packCredits : MissingNow, Pool.Purchased + Pending);
            State = State with { Attempt = new AutoTopUpAttempt("key", "pack", price, Rule.Target is not null, "USD", Rule.Method, null, now) };
            Orders.Add(order);
            ordered(order);
        }

        /// <summary>The order under way ends.</summary>
        public void Finish(string reason)
        {
            if (State.Attempt is null) return;
            Orders[^1] = Orders[^1] with { Ended = now, Reason = reason };
            if (reason.Length == 0) Pool = Pool with { Purchased = Pool.Purchased + Orders[^1].Credits };
            State = AutoTopUp.After(State, reason.Length == 0 ? AutoTopUpOutcome.Succeeded : AutoTopUpOutcome.Declined(reason), now).State;
        }

        public void Resume() => (State, ResumedAt) = (AutoTopUp.Resume(State), now);

        public void EndMonth() => now = BillingPeriod.First(now, BillingPeriod.RenewalDayMin, Zone).End;
    }
}
