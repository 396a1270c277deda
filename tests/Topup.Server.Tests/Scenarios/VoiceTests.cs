using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class VoiceOnSqlite(SqliteHost host) : VoiceTests(host), IClassFixture<SqliteHost>;

public sealed class VoiceOnPostgres(PostgresHost host) : VoiceTests(host), IClassFixture<PostgresHost>;

/// <summary>Calls have a pool of their own on every plan, the free tier included: one credit is one call of at most five minutes.</summary>
public abstract class VoiceTests(HostFixture fixture) : ServerTests(fixture)
{
    private const decimal Included = 3;

    [Fact]
    public async Task A_call_that_ends_is_one_credit_and_was_told_how_long_it_may_last()
    {
        var (tenant, voice) = await OnFreeTier();

        var hold = await Place(tenant, "campaign-7");

        (hold.Allowed, hold.AllowedSeconds, hold.Amount, hold.Price!.Type, hold.Price.Rate, hold.Price.Quantity, hold.Remaining.Held)
            .ShouldBe((true, 300, 1, voice, 1, 1, 1));
        Host.Clock.Advance(TimeSpan.FromMinutes(4));
        var captured = await Client.CaptureHold(hold.Hold!, new CaptureRequest { Reference = "call 1" }, stop: Stop);
        (captured.Captured, captured.Drawn.Allowance, captured.Remaining.Total, captured.Remaining.Held).ShouldBe((1, 1, Included - 1, 0));
        var entry = (await All(Client.ListEntries(tenant, stop: Stop)))[0];
        (entry.Kind, entry.UsageType, entry.Subject, entry.Quantity, entry.Rate).ShouldBe(("capture", "call", "campaign-7", 1, 1m));
    }

    [Fact]
    public async Task A_call_that_never_started_costs_nothing()
    {
        var (tenant, voice) = await OnFreeTier();
        var hold = await Place(tenant);

        (await Client.ReleaseHold(hold.Hold!, stop: Stop)).Released.ShouldBe(1);

        (await Client.GetPool(tenant, voice, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(Included), left => left.Held.ShouldBe(0));
        await Refused(Client.CaptureHold(hold.Hold!, new CaptureRequest(), stop: Stop), 409, "hold_closed");
    }

    [Fact]
    public async Task A_call_of_which_nobody_says_anything_gives_its_credit_back_in_time()
    {
        var (tenant, voice) = await OnFreeTier();
        var hold = await Place(tenant, expiresIn: 600);
        Host.Clock.Advance(TimeSpan.FromSeconds(599));
        (await Client.GetPool(tenant, voice, Stop)).Remaining.Held.ShouldBe(1);

        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Host.Settle();

        (await Client.GetPool(tenant, voice, Stop)).Remaining.ShouldSatisfyAllConditions(left => left.Total.ShouldBe(Included), left => left.Held.ShouldBe(0));
        (await Client.GetHold(hold.Hold!, Stop)).Status.ShouldBe("expired");
        (await Host.Events(tenant)).Count(news => news.Type == "hold.expired").ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_calls_on_the_same_credit_twice_and_other_pools_do_not_help()
    {
        var (tenant, voice) = await OnFreeTier();
        var sms = await Host.NewType();
        await Host.Grant(tenant, sms, 100);
        for (var i = 0; i < Included; i++) (await Place(tenant)).Allowed.ShouldBeTrue();

        var refused = await Place(tenant);

        (refused.Allowed, refused.Reason, refused.Shortfall, refused.Hold).ShouldBe((false, "insufficient_credits", 1, null));
        await Host.Grant(tenant, voice, 1);
        (await Place(tenant)).Drawn.Purchased.ShouldBe(1);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Total.ShouldBe(100);
    }

    [Fact]
    public async Task A_longer_call_is_held_and_captured_as_several()
    {
        var (tenant, _) = await OnFreeTier();
        var hold = await Client.PlaceHold(new HoldRequest { Tenant = tenant, UsageType = "call", Quantity = 3 }, stop: Stop);
        (hold.AllowedSeconds, hold.Amount).ShouldBe((900, 3));

        var captured = await Client.CaptureHold(hold.Hold!, new CaptureRequest { Quantity = 2 }, stop: Stop);

        (captured.Captured, captured.Remaining.Total).ShouldBe((2, Included - 2));
    }

    [Fact]
    public async Task A_price_that_changes_while_a_call_lasts_does_not_touch_it()
    {
        var (tenant, voice) = await OnFreeTier();
        var plan = (await Client.GetTenant(tenant, Stop)).Plan!;
        var hold = await Place(tenant);
        await Client.SaveRateCard(plan + "-2", Card(plan, voice, price: 2) with { EffectiveFrom = Host.Clock.GetUtcNow().AddSeconds(30) }, stop: Stop);
        Host.Clock.Advance(TimeSpan.FromMinutes(1));

        (await Client.CaptureHold(hold.Hold!, new CaptureRequest(), stop: Stop)).Captured.ShouldBe(1);
        (await Place(tenant)).Amount.ShouldBe(2);
    }

    private Task<HoldReply> Place(string tenant, string? subject = null, int? expiresIn = null) =>
        Client.PlaceHold(new HoldRequest { Tenant = tenant, UsageType = "call", Subject = subject, ExpiresIn = expiresIn }, stop: Stop);

    private async Task<(string Tenant, string Voice)> OnFreeTier()
    {
        var (voice, plan) = (await Host.NewType(), Host.NewName("plan"));
        await Client.SavePlan(plan, new PlanRequest { Name = "Free", Allowances = new Dictionary<string, decimal> { [voice] = Included }, TopUp = [] }, stop: Stop);
        await Client.SaveRateCard(plan, Card(plan, voice, price: 1), stop: Stop);
        return (await Host.NewTenant(plan), voice);
    }

    private static RateCardRequest Card(string plan, string voice, decimal price) =>
        new() { Plan = plan, Rates = [new RateTerms { UsageType = "call", Type = voice, Price = price, Seconds = 300 }] };
}
