using System.Globalization;
using Shouldly;
using Xunit;

namespace Topup.Domain.Tests;

public sealed class AmountTests
{
    [Theory]
    [InlineData("1", 0, 1)]
    [InlineData("12.50", 2, 1250)]
    [InlineData("12.5", 6, 12_500_000)]
    [InlineData("0.000001", 6, 1)]
    [InlineData("1.000000000000", 0, 1)]
    [InlineData("1000000000000000", 0, Amount.Max)]
    [InlineData("1000000000", 6, Amount.Max)]
    public void An_amount_becomes_units_exactly(string value, int decimals, long expected)
    {
        Amount.TryToUnits(Of(value), decimals, out var units).ShouldBe(AmountProblem.None);
        units.ShouldBe(expected);
    }

    [Theory]
    [InlineData("-0.01", 2, AmountProblem.Negative)]
    [InlineData("-79228162514264337593543950335", 6, AmountProblem.Negative)]
    [InlineData("1000000000000001", 0, AmountProblem.TooLarge)]
    [InlineData("1000000000.000001", 6, AmountProblem.TooLarge)]
    [InlineData("79228162514264337593543950335", 6, AmountProblem.TooLarge)]
    [InlineData("0.5", 0, AmountProblem.TooFine)]
    [InlineData("1.001", 2, AmountProblem.TooFine)]
    [InlineData("0.0000000000000000000000000001", 6, AmountProblem.TooFine)]
    [InlineData("0", 2, AmountProblem.Zero)]
    [InlineData("0.000", 2, AmountProblem.Zero)]
    public void What_is_no_amount_gets_its_reason_and_no_units(string value, int decimals, AmountProblem expected)
    {
        Amount.TryToUnits(Of(value), decimals, out var units).ShouldBe(expected);
        units.ShouldBe(0);
    }

    [Fact]
    public void Units_show_exactly_the_decimals_of_their_type()
    {
        Amount.FromUnits(1250, 2).ToString(CultureInfo.InvariantCulture).ShouldBe("12.50");
        Amount.FromUnits(0, 3).ToString(CultureInfo.InvariantCulture).ShouldBe("0.000");
        Amount.FromUnits(-1, 6).ToString(CultureInfo.InvariantCulture).ShouldBe("-0.000001");
        Amount.FromUnits(Amount.PoolMax, 0).ShouldBe(Amount.PoolMax);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue + 1L)]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue + 1L)]
    [InlineData(long.MaxValue)]
    [InlineData(-long.MaxValue)]
    public void Units_of_any_size_have_a_decimal_number(long units)
    {
        Amount.FromUnits(units, 0).ShouldBe(units);
        Amount.FromUnits(units, 2).ShouldBe(units / 100m);
    }

    [Fact]
    public void Units_come_back_as_they_went()
    {
        var random = new Random(20_260_111);
        for (var run = 0; run < 100_000; run++)
        {
            var decimals = random.Next(Amount.DecimalsMax + 1);
            var units = random.NextInt64(1, Amount.Max + 1) >> random.Next(50);
            if (units == 0) continue;
            Amount.TryToUnits(Amount.FromUnits(units, decimals), decimals, out var back).ShouldBe(AmountProblem.None);
            back.ShouldBe(units);
        }
    }

    private static decimal Of(string value) => decimal.Parse(value, CultureInfo.InvariantCulture);
}
