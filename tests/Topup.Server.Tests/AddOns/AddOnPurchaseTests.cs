using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Checkout;
using Xunit;

namespace Topup.Server.Tests.AddOns;

public sealed class AddOnPurchasesOnSqlite(SqliteAddOns host) : AddOnPurchaseTests(host), IClassFixture<SqliteAddOns>;

public sealed class AddOnPurchasesOnPostgres(PostgresAddOns host) : AddOnPurchaseTests(host), IClassFixture<PostgresAddOns>;

/// <summary>Add-ons whose missing credits are bought. The pack sells credits at a dollar each, from 5 dollars on.</summary>
public abstract class AddOnPurchaseTests(HostFixture fixture) : AddOnServerTests(fixture)
{
    private static readonly EnableAddOnRequest Buying = new() { OnShortage = "purchase", Method = "sandbox", ReturnUrl = "https://app.example.com/addons" };

    [Fact]
    public async Task Just_what_is_missing_is_ordered_and_the_add_on_is_enabled_when_it_is_paid()
    {
        var (tenant, type, bot) = await Shop(4);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, "k", Stop);
        (waiting.Status, waiting.Charge, waiting.Missing, waiting.MinimumPurchase, waiting.Entry).ShouldBe(("waiting", 15m, 11m, null, null));
        waiting.Purchase.ShouldNotBeNull().ShouldSatisfyAllConditions(
            order => order.Credits.ShouldBe(11), order => order.Price.ShouldBe(11), order => order.Type.ShouldBe(type), order => order.CheckoutUrl.ShouldNotBeNull(),
            order => order.Reference.ShouldBe("addon:" + bot));
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("waiting"), shown => shown.Purchase.ShouldBe(waiting.Purchase!.Id));
        await Work();
        (await Left(tenant, type)).ShouldBe(4);

        await Press(waiting, "pay");
        await Task.WhenAll(Work(), Work());
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("on"), shown => shown.Purchase.ShouldBeNull());
        (await Left(tenant, type)).ShouldBe(0);
        var replay = await Client.EnableAddOn(tenant, bot, Buying, "k", Stop);
        (replay.Status, replay.Replayed, replay.Purchase!.Id).ShouldBe(("waiting", true, waiting.Purchase!.Id));
        (await News(tenant)).ShouldBe(["addon.enabled waiting>on 15"]);
        (await Charges(tenant, bot)).ShouldBe(["2026-04-16/2026-05-01 15"]);
    }

    [Fact]
    public async Task Where_the_pack_sells_no_less_the_least_is_ordered_and_the_reply_says_so()
    {
        var (tenant, type, bot) = await Shop(14);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        (waiting.Missing, waiting.MinimumPurchase, waiting.Purchase!.Credits).ShouldBe((1m, true, 5m));
        await Press(waiting, "pay");
        await Work();
        (await Left(tenant, type)).ShouldBe(4);
    }

    [Fact]
    public async Task Paid_from_the_balance_it_is_on_at_once()
    {
        var (tenant, type, bot) = await Shop(4);
        var money = (await All(Client.ListCreditTypes(Stop))).FirstOrDefault(one => one.Currency == "USD")?.Code ?? await Host.NewType(2, "USD");
        var buying = new EnableAddOnRequest { OnShortage = "purchase", Method = "balance" };
        var refused = await Refused(Client.EnableAddOn(tenant, bot, buying, "k", Stop), 402, "insufficient_balance");
        refused.Problem.Extensions!["missing"].GetDecimal().ShouldBe(11m);
        (await Shown(tenant, bot)).Status.ShouldBe("off");

        await Host.Grant(tenant, money, 20);
        var on = await Client.EnableAddOn(tenant, bot, buying, "k", Stop);
        (on.Status, on.Charge, on.Purchase!.Status, on.Purchase.Credits, on.Missing).ShouldBe(("on", 15m, "credited", 11m, null));
        ((await Left(tenant, type)), await Left(tenant, money)).ShouldBe((0m, 9m));
        (await Client.EnableAddOn(tenant, bot, buying, "k", Stop)).ShouldSatisfyAllConditions(again => again.Replayed.ShouldBeTrue(), again => again.Entry.ShouldBe(on.Entry));
        (await Client.ListPurchasesPage(tenant, stop: Stop)).Data.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Enough_credits_need_no_purchase()
    {
        var (tenant, _, bot) = await Shop(15);
        (await Client.EnableAddOn(tenant, bot, Buying, stop: Stop)).ShouldSatisfyAllConditions(on => on.Status.ShouldBe("on"), on => on.Purchase.ShouldBeNull());
    }

    [Fact]
    public async Task What_no_pack_sells_by_the_amount_is_refused_and_so_is_more_than_the_pack_sells()
    {
        var (tenant, type, bot) = await Workspace(0);
        await Refused(Client.EnableAddOn(tenant, bot, Buying, stop: Stop), 409, "pack_not_for_sale", "on_shortage");
        await SavePack(type, max: 10);
        await Refused(Client.EnableAddOn(tenant, bot, Buying, stop: Stop), 409, "pack_not_for_sale", "on_shortage");
        await SavePack(type, max: 500);
        await Refused(Client.EnableAddOn(tenant, bot, Buying with { Method = "gold" }, stop: Stop), 400, "method_unknown", "method");
        await Refused(Client.EnableAddOn(tenant, bot, Buying with { Method = "stripe" }, stop: Stop), 409, "method_not_offered", "method");
        (await Shown(tenant, bot)).Status.ShouldBe("off");
    }

    [Fact]
    public async Task Two_calls_for_one_add_on_make_one_order_and_two_add_ons_make_two()
    {
        var (tenant, type, bot) = await Shop(0);
        var other = await NewAddOn(type);
        var first = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        var second = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        var third = await Client.EnableAddOn(tenant, other, Buying, stop: Stop);
        second.Purchase!.Id.ShouldBe(first.Purchase!.Id);
        third.Purchase!.Id.ShouldNotBe(first.Purchase.Id);
        await Press(first, "pay");
        await Press(third, "pay");
        await Work();
        (await Client.GetTenantAddOns(tenant, Stop)).Addons.Where(shown => shown.Type == type).ShouldAllBe(shown => shown.Status == "on");
        (await Left(tenant, type)).ShouldBe(0);
    }

    [Fact]
    public async Task Paid_after_midnight_it_is_charged_for_the_days_left_then()
    {
        var (tenant, type, bot) = await Shop(0);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        Host.Clock.Set("2026-04-17T00:00:01Z");
        await Press(waiting, "pay");
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("on");
        (await Left(tenant, type)).ShouldBe(1);
    }

    [Fact]
    public async Task Spent_elsewhere_it_waits_and_says_what_is_missing_until_that_comes()
    {
        var (tenant, type, bot) = await Shop(10);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        await Host.Consume(tenant, type, 10);
        await Press(waiting, "pay");
        await Work();
        (await Shown(tenant, bot)).ShouldSatisfyAllConditions(shown => shown.Status.ShouldBe("waiting"), shown => shown.Missing.ShouldBe(10));
        await Host.Grant(tenant, type, 10);
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("on");
    }

    [Fact]
    public async Task A_waiting_add_on_can_be_enabled_with_credits_from_elsewhere_or_called_off()
    {
        var (tenant, type, bot) = await Shop(0);
        await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        await Host.Grant(tenant, type, 15);
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("waiting", "it was agreed to wait for the purchase");
        (await Client.EnableAddOn(tenant, bot, stop: Stop)).Status.ShouldBe("on");
        await Client.DisableAddOn(tenant, bot, stop: Stop);

        await Host.Consume(tenant, type, 15);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        await Refused(Client.DeleteAddOn(bot, stop: Stop), 409, "in_use", "code");
        (await Client.DisableAddOn(tenant, bot, stop: Stop)).GivenBack.ShouldBe(0);
        await Press(waiting, "pay");
        await Work();
        ((await Shown(tenant, bot)).Status, await Left(tenant, type)).ShouldBe(("off", 15m));
    }

    [Theory]
    [InlineData("fail", "purchase_failed")]
    [InlineData("", "purchase_expired")]
    public async Task A_purchase_that_comes_to_nothing_ends_the_waiting_and_it_is_told(string action, string reason)
    {
        var (tenant, _, bot) = await Shop(0);
        var waiting = await Client.EnableAddOn(tenant, bot, Buying, stop: Stop);
        if (action.Length > 0) await Press(waiting, action);
        else
        {
            Host.Clock.Advance(TimeSpan.FromHours(2));
            await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
        }
        await Work();
        (await Shown(tenant, bot)).Status.ShouldBe("off");
        var told = (await Host.Events(tenant)).Single(told => told.Type == "addon.disabled").Data;
        (told.GetProperty("previous").GetString(), told.GetProperty("reason").GetString(), told.GetProperty("purchase").GetString()).ShouldBe(("waiting", reason, waiting.Purchase!.Id));
    }

    /// <summary>Also where the answer was lost after the order was made: the same request finds it, and orders nothing more.</summary>
    [Fact]
    public async Task Many_of_the_same_request_at_once_order_once()
    {
        var (tenant, type, bot) = await Shop(0);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.EnableAddOn(tenant, bot, Buying, "k", Stop)));
        replies.Select(reply => reply.Purchase!.Id).Distinct().Count().ShouldBe(1);
        (await Client.ListPurchasesPage(tenant, stop: Stop)).Data.Count.ShouldBe(1);
        await Press(replies[0], "pay");
        await Work();
        ((await Shown(tenant, bot)).Status, await Left(tenant, type)).ShouldBe(("on", 0m));
    }

    private async Task<(string Tenant, string Type, string AddOn)> Shop(decimal credits)
    {
        var shop = await Workspace(credits);
        await SavePack(shop.Type, max: 500);
        return shop;
    }

    private Task<PackView> SavePack(string type, decimal max) => Client.SavePack(type + "-any", new PackRequest
    {
        Type = type, Name = type, Credits = 1, Price = 1, Currency = "USD", Custom = new CustomAmountTerms { MinPrice = 5, MaxPrice = max },
    }, stop: Stop);

    private async Task Press(EnableAddOnReply waiting, string action)
    {
        using var http = Host.NewHttp("");
        (await http.PostAsync(new Uri(waiting.Purchase!.CheckoutUrl + "/" + action), null, Stop)).EnsureSuccessStatusCode();
    }
}
