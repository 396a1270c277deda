using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.AddOns;
using Xunit;

namespace Topup.Domain.Tests.AddOns;

/// <summary>What holds for every add-on, whatever its price, whenever it is switched, and however long nobody looks.</summary>
public sealed class AddOnProperties
{
    private const int Lives = 1_000;
    private const int Years = 10;

    private static readonly DateOnly First = new(2026, 1, 1);

    [Fact]
    public void Enabling_and_disabling_on_the_same_day_costs_nothing() => ForAll(random =>
    {
        var bot = NewBot(random);
        var before = bot.Left;
        bot.Enable();
        bot.Time = TimeSpan.FromHours(23);
        bot.Disable();
        (bot.Left, bot.State.Status, bot.State.Used).ShouldBe((before, AddOnStatus.Off, 0));
    });

    [Fact]
    public void However_often_it_is_switched_each_day_is_paid_once_or_not_at_all_and_all_of_them_cost_the_price() => ForAll(random =>
    {
        var bot = NewBot(random);
        var cycle = Cycle.Of(bot.Today, bot.RenewalDay);
        var before = bot.Left;
        // Somebody who has it at the end of every day of the cycle has paid its price, whatever was switched in between.
        for (bot.Today = cycle.Start; bot.Today < cycle.End; bot.Today = bot.Today.AddDays(1))
        {
            if (bot.State.Status == AddOnStatus.Off) bot.Enable();
            for (var i = random.Next(3); i > 0; i--)
            {
                bot.Disable();
                bot.Enable();
            }
        }
        (before - bot.Left).ShouldBe(bot.AddOn!.Price);
    });

    [Fact]
    public void Ten_years_of_renewals_with_random_downtime_charge_each_cycle_once() => ForAll(random =>
    {
        var bot = NewBot(random);
        bot.Enable();
        var end = bot.Today.AddYears(Years);
        while (bot.Today < end)
        {
            bot.Today = bot.Today.AddDays(random.Next(8) == 0 ? random.Next(400) : random.Next(1, 20));
            bot.Time = TimeSpan.FromMinutes(random.Next(24 * 60));
            bot.Renew();
            bot.State.PaidUntil.ShouldBeGreaterThan(bot.Today);
        }
        for (var i = 1; i < bot.Charges.Count; i++)
        {
            var (from, until, units) = bot.Charges[i];
            from.ShouldBe(bot.Charges[i - 1].Until);
            Cycle.Of(from, bot.RenewalDay).ShouldBe(new Cycle(from, until));
            units.ShouldBe(bot.AddOn!.Price);
        }
        bot.Charges.Count.ShouldBeInRange(Years * 12, Years * 12 + 16);
    });

    /// <summary>Also where the tenant's renewal day moves and credits run out.</summary>
    [Fact]
    public void Whatever_happens_no_day_is_charged_twice_and_what_is_given_back_was_charged() => ForAll(random =>
    {
        var bot = NewBot(random);
        bot.GraceDays = random.Next(31);
        var end = bot.Today.AddYears(3);
        while (bot.Today < end)
        {
            switch (random.Next(12))
            {
                case 0: bot.Change(random.Next(1, 32)); break;
                case 1: bot.Spend(bot.Left); break;
                case 2: bot.Grant(bot.AddOn!.Price * 20); break;
                case 3: bot.Disable(); break;
                case 4 or 5: if (!bot.State.IsWorking) bot.Enable(); break;
            }
            bot.Today = bot.Today.AddDays(random.Next(10));
            bot.Renew();
            if (bot.State.Status == AddOnStatus.On) bot.State.PaidUntil.ShouldBeGreaterThan(bot.Today);
        }
        bot.GivenBack.ShouldBeLessThanOrEqualTo(bot.Charges.Sum(charge => charge.Units));
        bot.Charges.ShouldAllBe(charge => charge.Units <= bot.AddOn!.Price && charge.From < charge.Until);
        for (var i = 1; i < bot.Used.Count; i++) bot.Used[i].From.ShouldBeGreaterThanOrEqualTo(bot.Used[i - 1].Until);
    });

    private static AddOnUnderTest NewBot(Random random)
    {
        var bot = new AddOnUnderTest(First.AddDays(random.Next(366 * 4)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), random.Next(1, 32))
        {
            AddOn = AddOnUnderTest.Bot with { Price = random.NextInt64(1, 1L << random.Next(1, 40)) },
        };
        bot.Grant(bot.AddOn.Price * 200);
        return bot;
    }

    private static void ForAll(Action<Random> life) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Lives), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed => life(new Random(seed))));
}
