using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class PricedUseOnSqlite(SqliteHost host) : PricedUseTests(host), IClassFixture<SqliteHost>;

public sealed class PricedUseOnPostgres(PostgresHost host) : PricedUseTests(host), IClassFixture<PostgresHost>;

/// <summary>Uses that the rate card of the tenant's plan prices.</summary>
public abstract class PricedUseTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_use_is_priced_by_the_tenants_plan_and_its_entry_keeps_the_rate()
    {
        var pool = await Host.NewType(decimals: 3);
        var (starter, premium) = (await NewPlan(pool, 40, 0.05m), await NewPlan(pool, 280, 0.04m));
        var (small, large) = (await Host.NewTenant(starter), await Host.NewTenant(premium));

        var first = await Use(small, 3);
        var second = await Use(large, 3);

        first.Price.ShouldBe(new UsePrice { Type = pool, Rate = 0.05m, Quantity = 3, Cost = 0.15m });
        (first.Drawn.Allowance, first.Remaining.Total).ShouldBe((0.15m, 39.85m));
        (second.Price!.Cost, second.Remaining.Total).ShouldBe((0.12m, 279.88m));
        var entry = (await All(Client.ListEntries(small, new Topup.Client.EntryFilter { Kind = "consume" }, Stop))).ShouldHaveSingleItem();
        (entry.UsageType, entry.Quantity, entry.Rate, entry.Amount).ShouldBe(("ai_session", 3, 0.05m, 0.15m));
    }

    [Fact]
    public async Task A_new_card_prices_what_comes_after_it_and_never_what_was_before()
    {
        var pool = await Host.NewType(decimals: 3);
        var plan = await NewPlan(pool, 40, 0.05m);
        var tenant = await Host.NewTenant(plan);
        await Client.SaveRateCard(Host.NewName("card"), Card(plan, pool, 0.10m) with { EffectiveFrom = Host.Clock.GetUtcNow().AddDays(1) }, stop: Stop);
        const string Key = "the-same-use";

        var before = await Client.ConsumeCredits(Asked(tenant, 1), Key, Stop);
        Host.Clock.Advance(TimeSpan.FromDays(2));
        var again = await Client.ConsumeCredits(Asked(tenant, 1), Key, Stop);
        var after = await Use(tenant, 1);

        (before.Price!.Rate, again.Price!.Rate, again.Replayed, after.Price!.Rate).ShouldBe((0.05m, 0.05m, true, 0.10m));
        again.Entry.ShouldBe(before.Entry);
    }

    [Fact]
    public async Task A_use_that_the_plan_does_not_sell_is_refused_or_priced_as_the_card_says()
    {
        var pool = await Host.NewType();
        var plan = await NewPlan(pool, 40, 1);
        var tenant = await Host.NewTenant(plan);
        var unknown = new ConsumeRequest { Tenant = tenant, UsageType = "fax" };
        await Refused(Client.ConsumeCredits(unknown, stop: Stop), 404, "usage_type_unknown", "usage_type");
        await Refused(Client.CheckCredits(unknown, Stop), 404, "usage_type_unknown", "usage_type");

        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Client.SaveRateCard(Host.NewName("card"), Card(plan, pool, 1) with { Unknown = new UnknownRateTerms { Type = pool, Price = 2 } }, stop: Stop);

        (await Client.ConsumeCredits(unknown, stop: Stop)).Price!.Cost.ShouldBe(2);
    }

    [Fact]
    public async Task The_rate_of_the_most_dimensions_that_apply_holds()
    {
        var pool = await Host.NewType();
        var plan = await Host.NewPlan((pool, 100));
        var tenant = await Host.NewTenant(plan);
        await Client.SaveRateCard(Host.NewName("card"), new RateCardRequest
        {
            Plan = plan,
            Rates =
            [
                new RateTerms { UsageType = "segment", Type = pool, Price = 1 },
                new RateTerms { UsageType = "segment", Type = pool, Price = 5, Dimensions = new Dictionary<string, string> { ["country"] = "BR" } },
            ],
        }, stop: Stop);

        (await Segment("BR")).Price!.Cost.ShouldBe(10);
        (await Segment("US")).Price!.Cost.ShouldBe(2);

        Task<ConsumeReply> Segment(string country) => Client.ConsumeCredits(
            new ConsumeRequest { Tenant = tenant, UsageType = "segment", Quantity = 2, Dimensions = new Dictionary<string, string> { ["country"] = country } },
            stop: Stop);
    }

    [Fact]
    public async Task Plans_may_pay_for_the_same_use_out_of_different_pools()
    {
        var (money, calls) = (await Host.NewType(decimals: 2), await Host.NewType());
        var (rich, poor) = (await Host.NewPlan((money, 10)), await Host.NewPlan((calls, 10)));
        await Client.SaveRateCard(Host.NewName("card"), Card(rich, money, 0.5m), stop: Stop);
        await Client.SaveRateCard(Host.NewName("card"), Card(poor, calls, 1), stop: Stop);

        (await Use(await Host.NewTenant(rich), 1)).Price.ShouldBe(new UsePrice { Type = money, Rate = 0.5m, Quantity = 1, Cost = 0.5m });
        (await Use(await Host.NewTenant(poor), 1)).Price.ShouldBe(new UsePrice { Type = calls, Rate = 1, Quantity = 1, Cost = 1 });
    }

    [Fact]
    public async Task A_shortage_says_what_is_missing_and_a_cap_takes_whole_uses()
    {
        var pool = await Host.NewType(decimals: 2);
        var tenant = await Host.NewTenant(await NewPlan(pool, 1.2m, 0.5m));

        var refused = await Use(tenant, 3);
        var capped = await Client.ConsumeCredits(Asked(tenant, 3) with { OnShortage = "cap" }, stop: Stop);

        (refused.Allowed, refused.Reason, refused.Shortfall, refused.Price!.Cost).ShouldBe((false, "insufficient_credits", 0.3m, 1.5m));
        (capped.Allowed, capped.Price!.Quantity, capped.Price.Cost, capped.Remaining.Total).ShouldBe((true, 2, 1, 0.2m));
    }

    [Fact]
    public async Task A_hold_says_how_long_the_call_may_last_and_is_captured_by_uses()
    {
        var voice = await Host.NewType();
        var plan = await Host.NewPlan((voice, 5));
        var tenant = await Host.NewTenant(plan);
        await Client.SaveRateCard(Host.NewName("card"), new RateCardRequest
        {
            Plan = plan, Rates = [new RateTerms { UsageType = "call", Type = voice, Price = 1, Seconds = 300 }],
        }, stop: Stop);
        var asked = new HoldRequest { Tenant = tenant, UsageType = "call", Subject = "line 1" };

        var hold = await Client.PlaceHold(asked, "call-1", Stop);
        var again = await Client.PlaceHold(asked, "call-1", Stop);
        var captured = await Client.CaptureHold(hold.Hold!, new CaptureRequest { Quantity = 2 }, stop: Stop);

        (hold.AllowedSeconds, hold.Price!.Cost, hold.Remaining.Total).ShouldBe((300, 1, 4));
        (again.AllowedSeconds, again.Replayed, again.Hold).ShouldBe((300, true, hold.Hold));
        (captured.Captured, captured.Remaining.Total).ShouldBe((2, 3));
        var all = await Client.PlaceHold(asked, stop: Stop);
        (await Client.CaptureHold(all.Hold!, new CaptureRequest(), stop: Stop)).Captured.ShouldBe(1);
        await Host.Grant(tenant, voice, 1);
        var plain = await Client.PlaceHold(new HoldRequest { Tenant = tenant, Type = voice }, stop: Stop);
        await Refused(Client.CaptureHold(plain.Hold!, new CaptureRequest { Quantity = 1 }, stop: Stop), 409, "hold_not_priced", "quantity");
    }

    [Fact]
    public async Task A_free_use_is_held_and_used_for_nothing_and_counted()
    {
        var pool = await Host.NewType();
        var tenant = await Host.NewTenant(await NewPlan(pool, 0, 0));

        (await Use(tenant, 7)).Price!.Cost.ShouldBe(0);
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, UsageType = "ai_session" }, stop: Stop);
        hold.Allowed.ShouldBeTrue();
        (await Client.CaptureHold(hold.Hold!, new CaptureRequest(), stop: Stop)).Captured.ShouldBe(0);
    }

    [Theory]
    [InlineData(null, "ai_session", 1.0, null, 400, "invalid_field", "amount")]
    [InlineData(null, null, null, null, 400, "missing_field", "type")]
    [InlineData(null, "ai_session", null, 0L, 400, "invalid_field", "quantity")]
    [InlineData(null, "ai_session", null, 1_000_000_001L, 400, "invalid_field", "quantity")]
    [InlineData("any", "ai_session", null, 1L, 400, "invalid_field", "quantity")]
    [InlineData(null, "ai_session", null, 1_000_000_000L, 400, "invalid_field", "quantity")]
    public async Task What_cannot_be_priced_is_refused_by_name(
        string? type, string? usageType, double? amount, long? quantity, int status, string code, string field)
    {
        var pool = await Host.NewType(decimals: 6);
        var tenant = await Host.NewTenant(await NewPlan(pool, 40, 5_000_000));
        var asked = new ConsumeRequest { Tenant = tenant, Type = type is null ? null : pool, UsageType = usageType, Amount = (decimal?)amount, Quantity = quantity };

        await Refused(Client.ConsumeCredits(asked, stop: Stop), status, code, field);
        await Refused(Client.CheckCredits(asked, Stop), status, code, field);
        (await All(Client.ListEntries(tenant, new Topup.Client.EntryFilter { Kind = "consume" }, Stop))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_check_says_what_a_use_costs()
    {
        var pool = await Host.NewType(decimals: 3);
        var tenant = await Host.NewTenant(await NewPlan(pool, 40, 0.05m));

        var check = await Client.CheckCredits(Asked(tenant, 801), Stop);

        (check.Allowed, check.Price!.Cost, check.Shortfall).ShouldBe((false, 40.05m, 0.05m));
    }

    private async Task<string> NewPlan(string pool, decimal allowance, decimal price)
    {
        var plan = await Host.NewPlan((pool, allowance));
        await Client.SaveRateCard(Host.NewName("card"), Card(plan, pool, price), stop: Stop);
        return plan;
    }

    private static RateCardRequest Card(string plan, string pool, decimal price) => new()
    {
        Plan = plan, Rates = [new RateTerms { UsageType = "ai_session", Type = pool, Price = price }],
    };

    private static ConsumeRequest Asked(string tenant, long quantity) => new() { Tenant = tenant, UsageType = "ai_session", Quantity = quantity };

    private Task<ConsumeReply> Use(string tenant, long quantity) => Client.ConsumeCredits(Asked(tenant, quantity), stop: Stop);
}
