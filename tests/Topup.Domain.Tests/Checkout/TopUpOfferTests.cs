using System.Collections.Frozen;
using Shouldly;
using Topup.Domain.Catalog;
using Topup.Domain.Checkout;
using Topup.Domain.Ledger;
using Topup.Domain.Tenancy;
using Xunit;

namespace Topup.Domain.Tests.Checkout;

public sealed class TopUpOfferTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    private static readonly CreditType Sms = new() { Code = "sms", Name = "SMS", Unit = "message", Decimals = 0, Enabled = true, NeedsActivePlan = false, DebtLimit = 0 };

    private static readonly CreditType Balance = Sms with { Code = "balance", Decimals = 2, Currency = "USD" };

    private static readonly Terms Fine = new() { Period = BillingPeriod.First(Now, BillingPeriod.RenewalDayMin, TimeZoneInfo.Utc), Limit = 500 };

    private static readonly Pack Pack = new() { Code = "sms-500", Type = "sms", Name = "500 SMS", Price = 10_00, Currency = "USD", Credits = 500, Active = true };

    [Fact]
    public void Credits_are_offered_when_nothing_is_in_the_way() => Of().IsMade.ShouldBeTrue();

    [Fact]
    public void Each_thing_in_the_way_is_named_alone_and_withdraws_the_offer()
    {
        Missing(Of(terms: Fine with { TypeDisabled = true })).ShouldBe([TopUpNeed.TypeEnabled]);
        Missing(Of(terms: Fine with { TenantSuspended = true })).ShouldBe([TopUpNeed.TenantNotSuspended]);
        Missing(Of(terms: Fine with { Frozen = true })).ShouldBe([TopUpNeed.PlanNotLapsed]);
        Missing(Of(driver: DriverState.Broken)).ShouldBe([TopUpNeed.DriverWorks]);
        Missing(Of(terms: Fine with { NotForSale = true })).ShouldBe([TopUpNeed.PlanAllows]);
        Missing(Of(terms: Fine with { Limit = null })).ShouldBe([TopUpNeed.NotUnlimited]);
        Missing(Of(packs: [])).ShouldBe([TopUpNeed.PackForSale]);
        Missing(Of(methods: [])).ShouldBe([TopUpNeed.MethodReady]);
        Of(methods: []).IsMade.ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_in_the_way_at_once_is_all_named() =>
        Missing(Of(terms: Fine with { Limit = null, TenantSuspended = true }, packs: [], methods: []))
            .ShouldBe([TopUpNeed.TenantNotSuspended, TopUpNeed.NotUnlimited, TopUpNeed.PackForSale, TopUpNeed.MethodReady]);

    [Fact]
    public void What_the_platform_sends_by_itself_needs_no_driver() => Of(driver: DriverState.None).IsMade.ShouldBeTrue();

    [Fact]
    public void A_pack_counts_only_if_it_is_active_of_the_type_and_sold_to_the_plan()
    {
        Of(packs: [Pack with { Active = false }]).IsMade.ShouldBeFalse();
        Of(packs: [Pack with { Type = "email" }]).IsMade.ShouldBeFalse();
        Of(packs: [Pack with { Plans = FrozenSet.Create("premium") }]).IsMade.ShouldBeFalse();
        Of(packs: [Pack with { Plans = FrozenSet.Create("starter") }]).IsMade.ShouldBeTrue();
    }

    [Fact]
    public void Money_needs_no_pack_and_is_not_paid_from_the_balance()
    {
        Of(Balance, packs: [], methods: [PaymentMethod.Stripe]).IsMade.ShouldBeTrue();
        Missing(Of(Balance, packs: [], methods: [PaymentMethod.Balance])).ShouldBe([TopUpNeed.MethodReady]);
        Of(Sms, methods: [PaymentMethod.Balance]).IsMade.ShouldBeTrue();
    }

    private static TopUpOffer Of(
        CreditType? type = null, Terms? terms = null, DriverState driver = DriverState.Works, Pack[]? packs = null, string[]? methods = null) =>
        TopUpOffer.Of(type ?? Sms, terms ?? Fine, "starter", driver, packs ?? [Pack], methods ?? [PaymentMethod.Stripe]);

    private static IEnumerable<TopUpNeed> Missing(TopUpOffer offer) => offer.Conditions.Where(condition => !condition.Holds).Select(condition => condition.Need);
}
