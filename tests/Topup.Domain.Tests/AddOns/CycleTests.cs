using System.Globalization;
using Shouldly;
using Topup.Domain.AddOns;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.AddOns;

public sealed class CycleTests
{
    [Theory]
    [InlineData("2026-04-01", 1, "2026-04-01", "2026-05-01", 30)]
    [InlineData("2026-04-30", 1, "2026-04-01", "2026-05-01", 30)]
    [InlineData("2026-04-14", 15, "2026-03-15", "2026-04-15", 31)]
    [InlineData("2026-04-15", 15, "2026-04-15", "2026-05-15", 30)]
    [InlineData("2026-02-10", 31, "2026-01-31", "2026-02-28", 28)]
    [InlineData("2026-02-28", 31, "2026-02-28", "2026-03-31", 31)]
    [InlineData("2028-02-29", 31, "2028-02-29", "2028-03-31", 31)]
    [InlineData("2028-02-28", 30, "2028-01-30", "2028-02-29", 30)]
    [InlineData("2027-12-31", 15, "2027-12-15", "2028-01-15", 31)]
    [InlineData("2028-01-01", 31, "2027-12-31", "2028-01-31", 31)]
    [InlineData("2028-02-10", 10, "2028-02-10", "2028-03-10", 29)]
    public void A_day_is_in_the_month_between_two_renewal_days(string day, int renewalDay, string start, string end, int days)
    {
        var cycle = Cycle.Of(Day(day), renewalDay);
        cycle.ShouldBe(new Cycle(Day(start), Day(end)));
        cycle.Days.ShouldBe(days);
    }

    [Fact]
    public void Cycles_of_every_renewal_day_follow_each_other_without_gap_for_a_century_and_have_28_to_31_days()
    {
        for (var renewalDay = 1; renewalDay <= 31; renewalDay++)
        {
            var cycle = Cycle.Of(Day("2020-01-31"), renewalDay);
            while (cycle.End.Year < 2120)
            {
                cycle.Days.ShouldBeInRange(28, 31);
                Cycle.Of(cycle.Start, renewalDay).ShouldBe(cycle);
                Cycle.Of(cycle.End.AddDays(-1), renewalDay).ShouldBe(cycle);
                var next = Cycle.Of(cycle.End, renewalDay);
                next.Start.ShouldBe(cycle.End);
                cycle = next;
            }
        }
    }

    /// <summary>An add-on is renewed on the day on which the allowance comes back, also where that day begins at one o'clock.</summary>
    [Theory]
    [InlineData("UTC")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Havana")]
    [InlineData("Pacific/Auckland")]
    public void A_cycle_ends_on_the_date_on_which_the_period_of_the_allowance_ends(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        for (var renewalDay = 1; renewalDay <= 31; renewalDay++)
            for (var at = new DateTimeOffset(2016, 1, 1, 0, 30, 0, TimeSpan.Zero); at.Year < 2020; at = at.AddHours(37))
            {
                var period = BillingPeriod.First(Instant.From(at), renewalDay, zone);
                Cycle.Of(LocalTime.DateOf(Instant.From(at), zone), renewalDay).ShouldBe(new Cycle(LocalTime.DateOf(period.Start, zone), LocalTime.DateOf(period.End, zone)));
                LocalTime.StartOf(LocalTime.DateOf(period.End, zone), zone).ShouldBe(period.End);
            }
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
