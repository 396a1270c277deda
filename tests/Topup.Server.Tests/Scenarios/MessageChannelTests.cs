using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class MessageChannelOnSqlite(SqliteHost host) : MessageChannelTests(host), IClassFixture<SqliteHost>;

public sealed class MessageChannelOnPostgres(PostgresHost host) : MessageChannelTests(host), IClassFixture<PostgresHost>;

/// <summary>Messages priced by the segment and by where they go, out of a monthly allowance and then out of packs.</summary>
public abstract class MessageChannelTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_message_costs_what_its_country_and_its_segments_say()
    {
        var (tenant, sms, _) = await Open();

        (await Send(tenant, 1)).Price.ShouldBe(new UsePrice { Type = sms, Rate = 1, Quantity = 1, Cost = 1 });
        (await Send(tenant, 3)).Price!.Cost.ShouldBe(3);
        (await Send(tenant, 3, ("country", "BR"))).Price!.Cost.ShouldBe(6);
        (await Send(tenant, 3, ("country", "US"))).Price!.Cost.ShouldBe(3);
        (await Send(tenant, 1, ("country", "BR"), ("route", "fast"))).Price!.Cost.ShouldBe(5);
        (await Send(tenant, 1, ("route", "fast"))).Price!.Cost.ShouldBe(1);
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Total.ShouldBe(100 - 19);
        (await Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = sms, Amount = 2, UsageType = "sms" }, stop: Stop)).Price.ShouldBeNull();
    }

    [Fact]
    public async Task The_allowance_is_used_first_then_what_was_bought_and_at_zero_the_refusal_says_how_much_is_missing()
    {
        var (tenant, sms, pack) = await Open();
        await Host.Grant(tenant, await Host.NewType(2, "USD"), 10);
        await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, stop: Stop);

        var used = await Send(tenant, 60, ("country", "BR"));
        (used.Drawn.Allowance, used.Drawn.Purchased, used.Remaining.Total).ShouldBe((100, 20, 30));
        var refused = await Send(tenant, 16, ("country", "BR"));
        (refused.Allowed, refused.Reason, refused.Shortfall, refused.Price!.Cost).ShouldBe((false, "insufficient_credits", 2, 32));
        (await Client.GetTenantRates(tenant, stop: Stop)).Rates.Select(rate => rate.UsesLeft).ShouldBe([30, 15, 6]);
        (await Send(tenant, 15, ("country", "BR"))).Remaining.Total.ShouldBe(0);
    }

    [Fact]
    public async Task As_much_as_there_is_is_sent_in_whole_messages_when_the_caller_says_so()
    {
        var (tenant, sms, _) = await Open();
        await Host.Consume(tenant, sms, 91);

        var capped = await Client.ConsumeCredits(new ConsumeRequest
        {
            Tenant = tenant, UsageType = "sms", Quantity = 10, OnShortage = "cap", Dimensions = new Dictionary<string, string> { ["country"] = "BR" },
        }, stop: Stop);

        (capped.Allowed, capped.Price!.Quantity, capped.Price.Cost, capped.Remaining.Total).ShouldBe((true, 4, 8, 1));
    }

    [Fact]
    public async Task A_message_sent_again_under_its_key_is_spent_once()
    {
        var (tenant, sms, _) = await Open();
        var request = new ConsumeRequest { Tenant = tenant, UsageType = "sms", Quantity = 2, Dimensions = new Dictionary<string, string> { ["country"] = "BR" } };
        var first = await Client.ConsumeCredits(request, "message-1", Stop);

        (await Client.ConsumeCredits(request, "message-1", Stop)).ShouldSatisfyAllConditions(
            again => again.Replayed.ShouldBeTrue(), again => again.Price.ShouldBe(first.Price), again => again.Entry.ShouldBe(first.Entry));
        await Refused(Client.ConsumeCredits(request with { Quantity = 3 }, "message-1", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        await Refused(Client.ConsumeCredits(request with { Dimensions = null }, "message-1", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        (await Client.GetPool(tenant, sms, Stop)).Remaining.Total.ShouldBe(96);
    }

    private Task<ConsumeReply> Send(string tenant, long segments, params (string Name, string Value)[] dimensions) =>
        Client.ConsumeCredits(new ConsumeRequest
        {
            Tenant = tenant, UsageType = "sms", Quantity = segments,
            Dimensions = dimensions.Length == 0 ? null : dimensions.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        }, stop: Stop);

    /// <summary>100 messages a month; 2 credits for each to Brazil and 5 by the fast route, 1 for any other; 50 more for 5 USD.</summary>
    private async Task<(string Tenant, string Sms, string Pack)> Open()
    {
        var sms = await Host.NewType();
        var plan = await Host.NewPlan((sms, 100));
        RateTerms Rate(decimal price, params (string Name, string Value)[] dimensions) => new()
        {
            UsageType = "sms", Type = sms, Price = price, Dimensions = dimensions.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        };
        await Client.SaveRateCard(plan, new RateCardRequest
        {
            Plan = plan, Rates = [Rate(1), Rate(2, ("country", "BR")), Rate(5, ("country", "BR"), ("route", "fast"))],
        }, stop: Stop);
        return (await Host.NewTenant(plan), sms, await Host.NewPack(sms, 50, 5, "USD"));
    }
}
