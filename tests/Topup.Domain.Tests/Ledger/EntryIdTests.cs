using Shouldly;
using Topup.Domain.Ledger;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class EntryIdTests
{
    private static readonly Instant Noon = At(2026, 3, 1, 12);

    [Fact]
    public void Numbers_sort_by_time()
    {
        EntryId.Next(0, Noon).ShouldBe(EntryId.FirstAt(Noon));
        EntryId.FirstAt(Noon.Plus(TimeSpan.FromMilliseconds(1))).ShouldBeGreaterThan(EntryId.FirstAt(Noon));
    }

    [Fact]
    public void Numbers_of_one_moment_count_on()
    {
        var first = EntryId.Next(0, Noon);
        EntryId.Next(first, Noon).ShouldBe(first + 1);
    }

    [Fact]
    public void A_million_numbers_fit_into_a_millisecond() =>
        EntryId.FirstAt(Noon.Plus(TimeSpan.FromMilliseconds(1))).ShouldBe(EntryId.FirstAt(Noon) + 1_048_576);

    [Fact]
    public void Numbers_go_on_upwards_when_the_clock_goes_back()
    {
        var late = EntryId.Next(0, Noon);
        EntryId.Next(late, Noon.Plus(TimeSpan.FromDays(-300))).ShouldBe(late + 1);
    }

    [Fact]
    public void Numbers_are_above_zero_even_before_their_epoch()
    {
        EntryId.Next(0, At(1970, 1, 1, 0)).ShouldBeGreaterThan(0);
        EntryId.FirstAt(At(2024, 12, 31, 23)).ShouldBe(EntryId.FirstAt(At(1970, 1, 1, 0)));
    }

    [Fact]
    public void Numbers_last_until_the_year_2303() =>
        EntryId.FirstAt(At(2303, 1, 1, 0)).ShouldBeGreaterThan(EntryId.FirstAt(At(2302, 1, 1, 0)));

    private static Instant At(int year, int month, int day, int hour) =>
        Instant.From(new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero));
}
