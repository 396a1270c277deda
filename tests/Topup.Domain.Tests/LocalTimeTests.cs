using Shouldly;
using Xunit;

namespace Topup.Domain.Tests;

public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("2026-03-12T02:59:59Z", "2026-03-11")]
    [InlineData("2026-03-12T03:00:00Z", "2026-03-12")]
    public void A_day_begins_at_midnight_of_the_operator(string moment, string date)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
        var day = LocalTime.DayOf(Instant.From(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)), zone);
        LocalTime.DateOf(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(date);
    }

    [Fact]
    public void Days_are_counted_from_the_first_of_january_1970_a_thursday()
    {
        LocalTime.DayOf(Instant.Always, TimeZoneInfo.Utc).ShouldBe(0);
        LocalTime.WeekdayOf(0).ShouldBe(3);
        for (var day = -10; day < 400; day++)
            LocalTime.WeekdayOf(day).ShouldBe(((int)LocalTime.DateOf(day).DayOfWeek + 6) % 7);
    }
}
