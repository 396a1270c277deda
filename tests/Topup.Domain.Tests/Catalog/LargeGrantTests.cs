using Shouldly;
using Topup.Domain.Catalog;
using Xunit;

namespace Topup.Domain.Tests.Catalog;

public sealed class LargeGrantTests
{
    private static readonly CreditType Sms = new() { Code = "sms", Name = "SMS", Unit = "message", Decimals = 2, Enabled = true, NeedsActivePlan = false, DebtLimit = 0 };

    private static readonly Pack Small = new() { Code = "small", Type = "sms", Name = "Small", Price = 1_00, Currency = "USD", Credits = 100_00, Active = true };

    private static readonly Pack Large = Small with { Code = "large", Credits = 5_000_00 };

    [Theory]
    [InlineData(5_000_00, false)]
    [InlineData(5_000_01, true)]
    public void More_than_the_largest_pack_is_large(long units, bool isLarge) => LargeGrant.Is(units, Sms, [Small, Large]).ShouldBe(isLarge);

    [Theory]
    [InlineData(1_000_00, false)]
    [InlineData(1_000_01, true)]
    public void Where_nothing_is_sold_a_thousand_credits_are_the_measure(long units, bool isLarge) => LargeGrant.Is(units, Sms, []).ShouldBe(isLarge);

    [Fact]
    public void What_is_not_for_sale_is_of_another_type_or_has_no_size_of_its_own_measures_nothing() => LargeGrant.Is(100_01, Sms,
    [
        Small, Large with { Active = false }, Large with { Type = "email" }, Large with { Custom = new CustomAmount(1_00, 500_00, []) },
    ]).ShouldBeTrue();
}
