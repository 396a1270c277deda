using System.Collections.Frozen;
using Shouldly;
using Topup.Domain.AddOns;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;
using static Topup.Domain.Tests.AddOns.AddOnUnderTest;

namespace Topup.Domain.Tests.AddOns;

public sealed class AddOnTests
{
    [Theory]
    [InlineData("2026-04-01", 30_00)]
    [InlineData("2026-04-16", 15_00)]
    [InlineData("2026-04-30", 1_00)]
    [InlineData("2026-02-15", 15_00)]
    [InlineData("2028-02-15", 15_52)]
    [InlineData("2026-03-31", 97)]
    public void Enabling_takes_the_price_of_the_days_that_are_left_today_included(string day, long charge)
    {
        var bot = new AddOnUnderTest(day);
        bot.Grant(100_00);
        bot.Enable().Charge.ShouldBe(charge);
        (bot.State.Status, bot.Left, bot.State.Used).ShouldBe((AddOnStatus.On, 100_00 - charge, charge));
    }

    [Fact]
    public void Disabling_gives_the_unused_days_back_to_where_they_came_from_last_drawn_first()
    {
        var bot = new AddOnUnderTest("2026-04-01") { Allowance = 10_00 };
        bot.Grant(100_00);
        bot.Enable();
        (bot.Pool.Allowance.Left, bot.Pool.Purchased).ShouldBe((0, 80_00));

        bot.Today = Day("2026-04-16");
        bot.Disable().Ledger.Main!.Amount.ShouldBe(15_00);
        (bot.Pool.Allowance.Left, bot.Pool.Purchased).ShouldBe((0, 95_00), "the lot gave last");
        (bot.State.Status, bot.State.UsedOn(bot.Today)).ShouldBe((AddOnStatus.Off, 15_00));
    }

    [Fact]
    public void Whoever_leaves_and_comes_back_in_a_cycle_has_paid_for_the_days_in_between_once()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Grant(100_00);
        bot.Enable();
        bot.Today = Day("2026-04-11");
        bot.Disable();
        bot.Today = Day("2026-04-21");
        bot.Enable();
        (bot.Left, bot.State.UsedOn(bot.Today)).ShouldBe((100_00 - 20_00, 20_00));
    }

    [Fact]
    public void What_somebody_else_gave_back_is_not_given_back_again()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Grant(30_00);
        bot.Enable();
        var entry = new Entry
        {
            Id = bot.State.Entry, Previous = 0, Kind = EntryKind.Consume, Asked = 30_00, Amount = 30_00, Before = default, After = default,
            Unlimited = false, ResetsAt = Instant.Never, At = bot.Now, Draw = new Draw([new DrawPart(DrawSource.Lot, bot.Pool.Lots[0].Id, 30_00)]),
        };
        var terms = new Terms { Period = BillingPeriod.First(bot.Now, 1, bot.Zone), Limit = 0 };
        var at = new AddOnCase(bot.Pool, terms, bot.Now, bot.Today, new Tenant("tenant", null, TenantStatus.Active, 1, terms.Period));
        Disabling.Decide(bot.State, at, entry, reversed: 25_00, Note.None).Ledger.Main!.Amount.ShouldBe(5_00);
        Disabling.Decide(bot.State, at, entry, reversed: 30_00, Note.None).Ledger.Main.ShouldBeNull();
    }

    [Fact]
    public void What_is_on_cannot_be_enabled_and_what_is_off_not_disabled()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Disable().Refusal.ShouldBe(AddOnRefusal.NotOn);
        bot.Grant(30_00);
        bot.Enable();
        bot.Enable().Refusal.ShouldBe(AddOnRefusal.AlreadyOn);
        bot.Await().Refusal.ShouldBe(AddOnRefusal.AlreadyOn);
        bot.Disable();
        bot.Disable().Refusal.ShouldBe(AddOnRefusal.NotOn);
    }

    [Fact]
    public void Only_what_is_active_and_for_the_plan_can_be_enabled()
    {
        var bot = new AddOnUnderTest("2026-04-01") { Plan = "free" };
        bot.Grant(30_00);
        bot.AddOn = Bot with { Active = false };
        bot.Enable().Refusal.ShouldBe(AddOnRefusal.NotOffered);
        bot.AddOn = Bot with { Plans = FrozenSet.Create("pro") };
        bot.Enable().Refusal.ShouldBe(AddOnRefusal.NotOffered);
        bot.Plan = "pro";
        bot.Enable().Refusal.ShouldBe(AddOnRefusal.None);
    }

    [Fact]
    public void What_is_on_is_renewed_though_nobody_else_may_enable_it_at_the_price_of_that_day()
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Grant(100_00);
        bot.Enable();
        bot.AddOn = Bot with { Active = false, Price = 20_00, Plans = FrozenSet.Create("pro") };
        bot.Today = Day("2026-04-20");
        bot.Renew();
        bot.State.UnusedFrom(bot.Today).ShouldBe(11_00, "the cycle keeps the price that it was charged with");
        bot.Today = Day("2026-05-01");
        bot.Renew();
        bot.Charges[^1].ShouldBe((Day("2026-05-01"), Day("2026-06-01"), 20_00));
    }

    [Fact]
    public void Too_few_credits_refuse_with_what_is_missing()
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Grant(14_99);
        var refused = bot.Enable();
        (refused.Ledger.Refusal, refused.Missing, bot.State.Status).ShouldBe((LedgerRefusal.InsufficientCredits, 1, AddOnStatus.Off));
    }

    [Fact]
    public void A_renewal_that_cannot_be_charged_works_on_in_grace_and_is_suspended_after_it()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Grant(30_00);
        bot.Enable();
        bot.Today = Day("2026-05-01");
        bot.Renew();
        (bot.State.Status, bot.State.GraceUntil, bot.State.IsWorking).ShouldBe((AddOnStatus.Grace, Day("2026-05-04"), true));
        bot.Today = Day("2026-05-03");
        bot.Renew();
        bot.State.Status.ShouldBe(AddOnStatus.Grace);
        bot.Today = Day("2026-05-04");
        bot.Renew();
        (bot.State.Status, bot.State.IsWorking).ShouldBe((AddOnStatus.Suspended, false));
        bot.Renew();
        bot.News.ShouldBe([AddOnNews.Enabled, AddOnNews.Suspended, AddOnNews.Suspended], "once into grace, once out of it");

        bot.Today = Day("2026-05-22");
        bot.Grant(30_00);
        bot.Renew();
        (bot.State.Status, bot.State.PaidUntil, bot.Left).ShouldBe((AddOnStatus.On, Day("2026-06-01"), 30_00 - 9_68), "only the days from today");
        bot.News[^1].ShouldBe(AddOnNews.Enabled);
    }

    [Fact]
    public void Credits_that_come_in_grace_renew_the_whole_cycle()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Grant(30_00);
        bot.Enable();
        bot.Today = Day("2026-05-01");
        bot.Renew();
        bot.Today = Day("2026-05-03");
        bot.Grant(30_00);
        bot.Renew();
        bot.Charges[^1].ShouldBe((Day("2026-05-01"), Day("2026-06-01"), 30_00));
        (bot.State.Status, bot.News[^1]).ShouldBe((AddOnStatus.On, AddOnNews.Renewed));
    }

    [Fact]
    public void Without_grace_it_is_suspended_at_once_and_disabling_then_gives_nothing_back()
    {
        var bot = new AddOnUnderTest("2026-04-01") { GraceDays = 0 };
        bot.Grant(30_00);
        bot.Enable();
        bot.Today = Day("2026-05-01");
        bot.Renew();
        bot.State.Status.ShouldBe(AddOnStatus.Suspended);
        bot.Disable().Ledger.Main.ShouldBeNull();
        (bot.State.Status, bot.GivenBack).ShouldBe((AddOnStatus.Off, 0));
    }

    [Fact]
    public void A_suspended_tenant_is_as_one_without_credits()
    {
        var bot = new AddOnUnderTest("2026-04-01") { GraceDays = 0 };
        bot.Grant(100_00);
        bot.Enable();
        bot.Today = Day("2026-05-01");
        bot.Status = TenantStatus.Suspended;
        bot.RenewOnce().Obstacle.ShouldBe(LedgerRefusal.TenantSuspended);
        bot.State.Status.ShouldBe(AddOnStatus.Suspended);
        bot.Today = Day("2026-05-17");
        bot.Status = TenantStatus.Active;
        bot.Renew();
        (bot.State.Status, bot.Charges[^1].From).ShouldBe((AddOnStatus.On, Day("2026-05-17")));
    }

    [Fact]
    public void After_a_long_absence_each_cycle_is_charged_once()
    {
        var bot = new AddOnUnderTest("2026-01-15", renewalDay: 31);
        bot.Grant(1_000_00);
        bot.Enable();
        bot.Today = Day("2026-05-20");
        bot.Renew();
        bot.Charges.Select(charge => (charge.From, charge.Until)).ShouldBe(
        [
            (Day("2026-01-15"), Day("2026-01-31")), (Day("2026-01-31"), Day("2026-02-28")), (Day("2026-02-28"), Day("2026-03-31")),
            (Day("2026-03-31"), Day("2026-04-30")), (Day("2026-04-30"), Day("2026-05-31")),
        ]);
        bot.Charges.Skip(1).ShouldAllBe(charge => charge.Units == 30_00);
    }

    [Fact]
    public void A_renewal_day_that_moves_in_mid_cycle_has_no_day_paid_twice_and_none_forgotten()
    {
        var later = new AddOnUnderTest("2026-04-01");
        later.Grant(1_000_00);
        later.Enable();
        later.Today = Day("2026-04-10");
        later.Change(15);
        later.Today = Day("2026-05-20");
        later.Renew();
        later.Charges.ShouldBe(
        [
            (Day("2026-04-01"), Day("2026-05-01"), 30_00), (Day("2026-05-01"), Day("2026-05-15"), 14_00), (Day("2026-05-15"), Day("2026-06-15"), 30_00),
        ]);

        var earlier = new AddOnUnderTest("2026-04-20", renewalDay: 20);
        earlier.Grant(1_000_00);
        earlier.Enable();
        earlier.Change(5);
        earlier.Today = Day("2026-05-10");
        earlier.Renew();
        earlier.Charges.Count.ShouldBe(1, "what is paid stays paid until it is used");
        earlier.Today = Day("2026-06-05");
        earlier.Renew();
        earlier.Charges.Skip(1).ShouldBe([(Day("2026-05-20"), Day("2026-06-05"), 15_48), (Day("2026-06-05"), Day("2026-07-05"), 30_00)]);
    }

    [Fact]
    public void One_that_waits_is_enabled_when_its_purchase_is_paid_for_the_days_left_then()
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Await();
        bot.Grant(15_00);
        bot.Continue(PurchaseStanding.Open);
        (bot.State.Status, bot.State.Purchase).ShouldBe((AddOnStatus.Waiting, "order"), "whatever else there is");
        bot.Today = Day("2026-04-17");
        bot.Continue(PurchaseStanding.Credited);
        (bot.State.Status, bot.Left, bot.State.Purchase).ShouldBe((AddOnStatus.On, 1_00, ""));
    }

    [Fact]
    public void One_that_waits_goes_on_waiting_where_the_credits_went_elsewhere_and_says_what_is_missing()
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Await();
        bot.Grant(15_00);
        bot.Spend(4_00);
        var still = bot.Continue(PurchaseStanding.Credited);
        (still.Missing, still.Obstacle, bot.State.Status).ShouldBe((4_00, LedgerRefusal.InsufficientCredits, AddOnStatus.Waiting));
        bot.Grant(4_00);
        bot.Continue(PurchaseStanding.Credited);
        bot.State.Status.ShouldBe(AddOnStatus.On);
    }

    [Theory]
    [InlineData(PurchaseStanding.Over, true)]
    [InlineData(PurchaseStanding.Credited, false)]
    public void One_that_waits_in_vain_is_off_and_so_is_one_that_is_no_longer_offered(PurchaseStanding standing, bool isActive)
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Grant(30_00);
        bot.Await();
        bot.AddOn = Bot with { Active = isActive };
        bot.Continue(standing);
        (bot.State.Status, bot.Left, bot.News[^1]).ShouldBe((AddOnStatus.Off, 30_00, AddOnNews.Disabled));
    }

    [Fact]
    public void One_that_is_no_longer_in_the_catalogue_is_off_at_its_renewal()
    {
        var bot = new AddOnUnderTest("2026-04-01");
        bot.Grant(100_00);
        bot.Enable();
        bot.AddOn = null;
        bot.Today = Day("2026-05-01");
        bot.Renew();
        (bot.State.Status, bot.Left).ShouldBe((AddOnStatus.Off, 70_00));
    }

    [Fact]
    public void A_clock_that_goes_back_gives_back_no_more_than_was_charged()
    {
        var bot = new AddOnUnderTest("2026-04-16");
        bot.Grant(100_00);
        bot.Enable();
        bot.Today = Day("2026-03-20");
        bot.Disable();
        bot.Left.ShouldBe(100_00);
    }
}
