using System.Globalization;
using Shouldly;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Tenancy;

public sealed class BillingPeriodTests
{
    private static readonly TimeZoneInfo Utc = TimeZoneInfo.Utc;
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo Beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
    private static readonly TimeZoneInfo Havana = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");

    [Fact]
    public void The_first_period_began_at_the_last_renewal_day()
    {
        BillingPeriod.First(At("2026-03-10T12:00:00Z"), 15, Utc)
            .ShouldBe(new BillingPeriod(1, At("2026-02-15T00:00:00Z"), At("2026-03-15T00:00:00Z")));
        BillingPeriod.First(At("2026-03-15T00:00:00Z"), 15, Utc)
            .ShouldBe(new BillingPeriod(1, At("2026-03-15T00:00:00Z"), At("2026-04-15T00:00:00Z")));
        BillingPeriod.First(At("2026-01-01T00:00:00Z"), 2, Utc)
            .ShouldBe(new BillingPeriod(1, At("2025-12-02T00:00:00Z"), At("2026-01-02T00:00:00Z")));
    }

    [Theory]
    [InlineData(29, 2025, "2025-02-28")]
    [InlineData(30, 2025, "2025-02-28")]
    [InlineData(31, 2025, "2025-02-28")]
    [InlineData(29, 2024, "2024-02-29")]
    [InlineData(31, 2024, "2024-02-29")]
    [InlineData(29, 2100, "2100-02-28")]
    [InlineData(29, 2000, "2000-02-29")]
    public void Days_29_to_31_fall_on_the_last_day_of_february(int day, int year, string expected)
    {
        var january = new Instant(new DateTimeOffset(year, 1, 31, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        BillingPeriod.First(january, day, Utc).End.ShouldBe(At(expected + "T00:00:00Z"));
    }

    [Fact]
    public void A_clamped_day_comes_back_in_the_next_longer_month()
    {
        var period = BillingPeriod.First(At("2026-01-31T00:00:00Z"), 31, Utc);
        var ends = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ends.Add(period.End.ToDateTimeOffset().ToString("MM-dd", CultureInfo.InvariantCulture));
            period = period.At(period.End, 31, Utc);
        }
        ends.ShouldBe(["02-28", "03-31", "04-30", "05-31", "06-30", "07-31"]);
    }

    [Fact]
    public void The_last_millisecond_belongs_to_the_old_period_and_the_next_to_the_new()
    {
        var period = BillingPeriod.First(At("2026-03-10T00:00:00Z"), 15, Utc);
        period.At(new Instant(period.End.UnixMs - 1), 15, Utc).ShouldBe(period);
        period.At(period.End, 15, Utc)
            .ShouldBe(new BillingPeriod(2, At("2026-03-15T00:00:00Z"), At("2026-04-15T00:00:00Z")));
    }

    [Fact]
    public void Months_in_which_nobody_looked_are_counted_too()
    {
        var period = BillingPeriod.First(At("2025-11-20T00:00:00Z"), 5, Utc);
        period.At(At("2026-04-05T00:00:00Z"), 5, Utc)
            .ShouldBe(new BillingPeriod(6, At("2026-04-05T00:00:00Z"), At("2026-05-05T00:00:00Z")));
    }

    [Fact]
    public void A_clock_that_jumps_back_stays_in_the_period()
    {
        var period = BillingPeriod.First(At("2026-03-10T00:00:00Z"), 15, Utc).At(At("2026-06-20T00:00:00Z"), 15, Utc);
        period.At(At("2026-03-10T00:00:00Z"), 15, Utc).ShouldBe(period);
        period.At(At("1999-01-01T00:00:00Z"), 15, Utc).ShouldBe(period);
    }

    [Fact]
    public void A_midnight_that_the_clock_skips_is_the_first_moment_after_the_gap()
    {
        // In Sao Paulo 2018-11-04 began at 01:00; in Beirut 2022-03-27 did.
        BillingPeriod.First(At("2018-10-20T00:00:00Z"), 4, SaoPaulo).End.ShouldBe(At("2018-11-04T01:00:00-02:00"));
        BillingPeriod.First(At("2022-03-20T00:00:00Z"), 27, Beirut).End.ShouldBe(At("2022-03-27T01:00:00+03:00"));
    }

    [Fact]
    public void A_period_that_ends_in_a_gap_is_followed_by_the_next_one_without_a_hole()
    {
        var period = BillingPeriod.First(At("2018-10-20T00:00:00Z"), 4, SaoPaulo);
        period.At(At("2018-11-04T02:59:59Z"), 4, SaoPaulo).ShouldBe(period);
        period.At(At("2018-11-04T03:00:00Z"), 4, SaoPaulo)
            .ShouldBe(new BillingPeriod(2, At("2018-11-04T01:00:00-02:00"), At("2018-12-04T00:00:00-02:00")));
    }

    [Fact]
    public void A_midnight_that_comes_twice_is_the_first_of_the_two()
    {
        // In Havana, 2026-11-01 01:00 went back to 00:00.
        var period = BillingPeriod.First(At("2026-10-15T00:00:00Z"), 1, Havana);
        period.End.ShouldBe(At("2026-11-01T00:00:00-04:00"));
        var next = period.At(period.End, 1, Havana);
        next.Number.ShouldBe(2);
        next.At(At("2026-11-01T00:30:00-05:00"), 1, Havana).ShouldBe(next);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Asia/Beirut")]
    [InlineData("America/Havana")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    [InlineData("Europe/Berlin")]
    public void Ten_years_of_months_are_each_counted_once(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        foreach (var day in (int[])[1, 2, 4, 15, 28, 29, 30, 31])
        {
            var first = BillingPeriod.First(At("2010-01-15T12:00:00Z"), day, zone);
            var period = first;
            for (var now = first.Start; period.Number <= 120; now = now.Plus(TimeSpan.FromHours(11)))
            {
                var next = period.At(now, day, zone);
                next.ShouldBe(first.At(now, day, zone), "as if nobody had looked before");
                if (next == period) continue;
                next.Number.ShouldBe(period.Number + 1);
                next.Start.ShouldBe(period.End);
                (next.Start < next.End).ShouldBeTrue();
                (next.End.UnixMs - next.Start.UnixMs).ShouldBeInRange(Days(27), Days(32));
                period = next;
            }
        }
    }

    [Theory]
    [InlineData(0, -3)]
    [InlineData(-3, 0)]
    [InlineData(3, 0)]
    [InlineData(-12, 14)]
    [InlineData(14, -12)]
    public void Another_time_zone_of_the_operator_turns_no_period_twice_and_passes_none_over(int before, int after)
    {
        foreach (var day in new[] { 1, 15, 28, 29, 31 })
        {
            var first = BillingPeriod.First(At("2026-01-15T18:00:00Z"), day, Hours(before));
            // Looked at every hour, and only once in three weeks, which must come to the same.
            var (often, seldom) = (first, first);
            var now = At("2026-01-15T18:00:00Z");
            for (var hour = 0; hour < 4_000; hour++, now = now.Plus(TimeSpan.FromHours(1)))
            {
                var next = often.At(now, day, Hours(after));
                if (next.Number != often.Number)
                {
                    next.Number.ShouldBe(often.Number + 1);
                    (next.End.UnixMs - next.Start.UnixMs).ShouldBeGreaterThan(Days(26), $"day {day}, at {now}");
                }
                often = next;
                if (hour % (21 * 24) == 0) seldom = seldom.At(now, day, Hours(after));
            }
            seldom = seldom.At(now, day, Hours(after));
            often = often.At(now, day, Hours(after));
            (seldom.Number, seldom.End).ShouldBe((often.Number, often.End), $"day {day}");
        }
    }

    [Fact]
    public void A_changed_renewal_day_keeps_the_number_and_ends_on_the_next_new_day()
    {
        var period = BillingPeriod.First(At("2026-03-20T00:00:00Z"), 15, Utc);
        period.WithRenewalDay(At("2026-03-20T10:00:00Z"), 15, 25, Utc)
            .ShouldBe(new BillingPeriod(1, At("2026-03-15T00:00:00Z"), At("2026-03-25T00:00:00Z")));
        period.WithRenewalDay(At("2026-03-20T10:00:00Z"), 15, 10, Utc)
            .ShouldBe(new BillingPeriod(1, At("2026-03-15T00:00:00Z"), At("2026-04-10T00:00:00Z")));
    }

    [Fact]
    public void A_renewal_day_changed_after_the_period_ended_rolls_by_the_old_day_first()
    {
        var period = BillingPeriod.First(At("2026-03-20T00:00:00Z"), 15, Utc);
        period.WithRenewalDay(At("2026-05-16T00:00:00Z"), 15, 20, Utc)
            .ShouldBe(new BillingPeriod(3, At("2026-05-15T00:00:00Z"), At("2026-05-20T00:00:00Z")));
    }

    [Fact]
    public void A_renewal_day_changed_under_a_clock_that_jumped_back_ends_after_the_period_began()
    {
        var period = BillingPeriod.First(At("2026-03-20T00:00:00Z"), 15, Utc);
        var changed = period.WithRenewalDay(At("2025-01-01T00:00:00Z"), 15, 20, Utc);
        changed.ShouldBe(new BillingPeriod(1, At("2026-03-15T00:00:00Z"), At("2026-03-20T00:00:00Z")));
    }

    [Fact]
    public void Numbers_never_fall_whatever_the_clock_and_the_renewal_day_do()
    {
        var random = new Random(20_260_310);
        for (var run = 0; run < 200; run++)
        {
            var day = random.Next(1, 32);
            var now = At("2018-01-01T00:00:00Z").Plus(TimeSpan.FromHours(random.Next(50_000)));
            var period = BillingPeriod.First(now, day, SaoPaulo);
            for (var step = 0; step < 100; step++)
            {
                now = now.Plus(TimeSpan.FromHours(random.Next(-1_000, 1_500)));
                var wanted = random.Next(5) == 0 ? random.Next(1, 32) : day;
                var next = wanted == day ? period.At(now, day, SaoPaulo) : period.WithRenewalDay(now, day, wanted, SaoPaulo);
                next.Number.ShouldBeGreaterThanOrEqualTo(period.Number);
                (next.Start >= period.Start).ShouldBeTrue();
                (next.Start < next.End).ShouldBeTrue();
                if (next.Number > period.Number) (next.Start >= period.End).ShouldBeTrue("periods do not overlap");
                (day, period) = (wanted, next);
            }
        }
    }

    private static TimeZoneInfo Hours(int fromUtc) => TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(fromUtc), null, null);

    private static long Days(int days) => (long)TimeSpan.FromDays(days).TotalMilliseconds;

    private static Instant At(string time) => Instant.From(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
}
