using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Ledger;

public sealed class EstimateTests
{
    private static readonly Instant Now = new(1_800_000_000_000);

    private static readonly Terms Open = new() { Period = new BillingPeriod(1, Now, Now.Plus(TimeSpan.FromDays(30))), Limit = 40_000 };

    [Theory]
    [InlineData(50, 0, 800L)]
    [InlineData(25, 0, 1_600L)]
    [InlineData(50, 39_951, 0L)]
    [InlineData(50, 39_950, 1L)]
    [InlineData(0, 0, null)]
    [InlineData(0, 40_000, null)]
    public void As_many_uses_are_left_as_the_pool_pays_for(long price, long used, long? left)
    {
        var pool = Settlement.Decide(Pool.Empty, Open, Now).Pool;
        if (used > 0) pool = Consumption.Decide(pool, Open, used, cap: false, Note.None, Now).Pool;
        Estimate.UsesLeft(Rate(price), pool, Open).ShouldBe(left);
    }

    [Fact]
    public void What_was_bought_counts_and_what_is_on_hold_does_not()
    {
        var pool = Grant.Decide(Pool.Empty, Open, 5_000, LotSource.Purchase, Lot.PriorityDefault, Now, Instant.Never, Note.None, Now).Pool;
        Estimate.UsesLeft(Rate(50), pool, Open).ShouldBe(900);
        pool = Hold.Place(pool, Open, 44_975, cap: false, Now.Plus(TimeSpan.FromHours(1)), Note.None, Now).Pool;
        Estimate.UsesLeft(Rate(50), pool, Open).ShouldBe(0);
        Estimate.UsesLeft(Rate(25), pool, Open).ShouldBe(1);
    }

    [Fact]
    public void Of_an_unlimited_allowance_there_is_no_end()
    {
        var terms = Open with { Limit = null };
        Estimate.UsesLeft(Rate(50), Settlement.Decide(Pool.Empty, terms, Now).Pool, terms).ShouldBeNull();
    }

    [Fact]
    public void Where_nothing_may_be_spent_nothing_is_left_not_even_of_what_is_free()
    {
        foreach (var terms in new[] { Open with { Frozen = true }, Open with { TypeDisabled = true }, Open with { TenantSuspended = true, Limit = null } })
        {
            var pool = Settlement.Decide(Pool.Empty, terms, Now).Pool;
            Estimate.UsesLeft(Rate(50), pool, terms).ShouldBe(0);
            Estimate.UsesLeft(Rate(0), pool, terms).ShouldBe(0);
        }
    }

    private static Rate Rate(long price) => new() { UsageType = "ai_session", Type = "sessions", Price = price };
}
