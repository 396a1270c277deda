using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Usage;
using Xunit;

namespace Topup.Domain.Tests.Usage;

public sealed class ForecastTests
{
    /// <summary>A Thursday.</summary>
    private static readonly int Today = LocalTime.DayOf(new DateOnly(2026, 3, 12));

    [Fact]
    public void Under_a_week_of_data_it_says_how_much_there_is_and_nothing_else()
    {
        var forecast = Forecast.Of(Past(10, 10, 10, 10, 10, 10), Bought(100));
        forecast.ShouldBe(new Forecast { DaysOfData = 6 });
        Forecast.Of(Past(10, 10, 10, 10, 10, 10, 10), Bought(100)).RunsOutFrom.ShouldNotBeNull();
    }

    [Fact]
    public void Ten_a_day_take_a_hundred_in_ten_days_today_included()
    {
        var forecast = Forecast.Of(Past([.. Enumerable.Repeat(10L, 14)]), Bought(100));
        (forecast.RunsOutFrom, forecast.RunsOutTo).ShouldBe((Today + 9, Today + 9));
        (forecast.Last7, forecast.Last30).ShouldBe((new BurnRate(70, 7), new BurnRate(140, 14)));
    }

    [Fact]
    public void What_was_used_today_is_not_expected_again()
    {
        var use = Past([.. Enumerable.Repeat(10L, 14)]) with { UsedToday = 10 };
        Forecast.Of(use, Bought(90)).RunsOutFrom.ShouldBe(Today + 9);
        Forecast.Of(use with { UsedToday = 25 }, Bought(75)).RunsOutFrom.ShouldBe(Today + 8);
    }

    [Fact]
    public void A_fast_week_after_slow_ones_makes_a_range()
    {
        var forecast = Forecast.Of(Past([.. Enumerable.Repeat(10L, 21), .. Enumerable.Repeat(50L, 7)]), Bought(1_000));
        forecast.RunsOutFrom.ShouldBe(Today + 19);
        forecast.RunsOutTo.ShouldBe(Today + 49);
    }

    [Fact]
    public void Use_on_working_days_only_is_known_by_the_pattern_of_the_week()
    {
        var days = Enumerable.Range(1, 28).Reverse().Select(back => LocalTime.WeekdayOf(Today - back) < 5 ? 10L : 0L).ToArray();
        var forecast = Forecast.Of(Past(days), Bought(25));
        forecast.ByWeekday.ShouldBe([40, 40, 40, 40, 40, 0, 0]);
        // By the average of all days on Sunday; but then nobody works, so it is Monday.
        (forecast.RunsOutFrom, forecast.RunsOutTo).ShouldBe((Today + 3, Today + 4));
    }

    [Fact]
    public void Nothing_runs_out_where_nothing_is_used_or_the_allowance_is_unlimited()
    {
        Forecast.Of(Past(0, 0, 0, 0, 0, 0, 0), Bought(5)).RunsOutFrom.ShouldBeNull();
        var unlimited = Forecast.Of(Past(9, 9, 9, 9, 9, 9, 9), new Supply { IsUnlimited = true });
        (unlimited.RunsOutFrom, unlimited.Missing, unlimited.Last7).ShouldBe((null, 0, new BurnRate(63, 7)));
    }

    [Fact]
    public void An_allowance_that_comes_back_in_time_never_runs_out_and_one_that_does_not_is_told_with_its_day()
    {
        var resets = Enumerable.Range(1, 12).Select(month => Today - 11 + 30 * month).ToImmutableArray();
        var use = Past([.. Enumerable.Repeat(10L, 14)]);
        var enough = Forecast.Of(use, new Supply { AllowanceLeft = 200, Limit = 400, ResetDays = resets });
        (enough.RunsOutFrom, enough.ExceedsAllowanceOn, enough.Missing).ShouldBe((null, null, 0));

        var tight = Forecast.Of(use, new Supply { AllowanceLeft = 100, Limit = 400, ResetDays = resets });
        (tight.RunsOutFrom, tight.ExceedsAllowanceOn, tight.Missing).ShouldBe((Today + 9, Today + 10, 90));
        var bought = Forecast.Of(use, new Supply { AllowanceLeft = 100, Limit = 400, ResetDays = resets, Lots = [new SupplyLot(500, 0, int.MaxValue)] });
        (bought.RunsOutFrom, bought.ExceedsAllowanceOn, bought.Missing).ShouldBe((null, Today + 10, 0));
    }

    [Fact]
    public void A_lot_counts_from_its_first_day_to_its_last()
    {
        var use = Past([.. Enumerable.Repeat(10L, 14)]);
        Forecast.Of(use, new Supply { Lots = [new SupplyLot(1_000, 0, Today + 4)] }).RunsOutFrom.ShouldBe(Today + 5);
        var later = new Supply { Lots = [new SupplyLot(30, 0, int.MaxValue), new SupplyLot(50, Today + 2, int.MaxValue)] };
        Forecast.Of(use, later).RunsOutFrom.ShouldBe(Today + 7);
    }

    [Fact]
    public void The_smallest_pack_that_lasts_is_suggested_else_the_largest()
    {
        var forecast = Forecast.Of(Past([.. Enumerable.Repeat(10L, 14)]), Bought(100));
        forecast.Missing.ShouldBe(200);
        forecast.Suggest([Pack("s", 100), Pack("l", 500), Pack("m", 200)])!.Code.ShouldBe("m");
        forecast.Suggest([Pack("s", 100), Pack("m", 150)])!.Code.ShouldBe("m");
        forecast.Suggest([]).ShouldBeNull();
        Forecast.Of(Past([.. Enumerable.Repeat(10L, 14)]), Bought(300)).Suggest([Pack("s", 100)]).ShouldBeNull();
        Forecast.Of(Past([.. Enumerable.Repeat(10L, 14)]), new Supply { Debt = 40 }).Missing.ShouldBe(340);
    }

    [Fact]
    public void The_largest_amounts_do_not_overflow()
    {
        var forecast = Forecast.Of(Past([.. Enumerable.Repeat(Amount.Max, 30)]), Bought(Amount.PoolMax));
        forecast.RunsOutFrom.ShouldBe(Today + 6);
        forecast.Missing.ShouldBe(Amount.Max);
    }

    /// <summary>Whoever uses the same every day runs out on the very day that was forecast, on whichever day it is asked.</summary>
    [Fact]
    public void A_forecast_on_constant_use_is_exact() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var random = new Random(seed);
        var perDay = random.NextInt64(1, 1_000);
        var limit = random.Next(3) == 0 ? 0 : random.NextInt64(1, 40 * perDay);
        var left = limit == 0 ? 0 : random.NextInt64(0, limit + 1);
        var lot = random.NextInt64(0, 90 * perDay);
        var resets = Enumerable.Range(0, 13).Select(month => Today + 1 + random.Next(0, 2) + 30 * month).Order().ToImmutableArray();
        var (asked, days) = (random.Next(0, 5), random.Next(7, 31));

        // The life of the pool, day by day, as it will be.
        for (var day = Today; ; day++)
        {
            if (limit > 0 && day > Today && resets.Contains(day)) left = limit;
            if (day == Today + asked)
            {
                var supply = new Supply { AllowanceLeft = left, Limit = limit, ResetDays = resets, Lots = [new SupplyLot(lot, 0, int.MaxValue)] };
                var forecast = Forecast.Of(new PastUse(day, [.. Enumerable.Repeat(perDay, days)], 0), supply);
                var (end, from) = (RunsOut(left, lot, day), forecast.RunsOutFrom);
                if (from != end || forecast.RunsOutTo != end)
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"it ran out on {end}, not on {from} to {forecast.RunsOutTo}"));
                return;
            }
            var fromAllowance = Math.Min(perDay, left);
            left -= fromAllowance;
            lot -= Math.Min(perDay - fromAllowance, lot);
        }

        int? RunsOut(long allowance, long bought, int first)
        {
            for (var day = first; day < first + Forecast.DaysAheadMax; day++)
            {
                if (limit > 0 && day > first && resets.Contains(day)) allowance = limit;
                for (var used = 0L; used < perDay && allowance + bought > 0; used++)
                {
                    if (allowance > 0) allowance--;
                    else bought--;
                }
                if (allowance + bought == 0) return day;
            }
            return null;
        }
    }));

    private static PastUse Past(params long[] days) => new(Today, [.. days], 0);

    private static Supply Bought(long units) => new() { Lots = [new SupplyLot(units, 0, int.MaxValue)] };

    private static Pack Pack(string code, long credits) =>
        new() { Code = code, Type = "sms", Name = code, Price = credits, Currency = "USD", Credits = credits, Active = true };
}
