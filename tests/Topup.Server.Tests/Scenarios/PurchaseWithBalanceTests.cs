using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Scenarios;

public sealed class PurchaseWithBalanceOnSqlite(SqliteHost host) : PurchaseWithBalanceTests(host), IClassFixture<SqliteHost>;

public sealed class PurchaseWithBalanceOnPostgres(PostgresHost host) : PurchaseWithBalanceTests(host), IClassFixture<PostgresHost>;

public abstract class PurchaseWithBalanceTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task The_price_is_taken_and_the_credits_are_there()
    {
        var shop = await Open("USD", price: 12.50m, credits: 500);
        await Host.Grant(shop.Tenant, shop.Money, 20);

        var bought = await Client.StartPurchase(shop.Buy() with { Reference = "order 7" }, "buy-1", Stop);

        (bought.Status, bought.Credits, bought.Price, bought.Currency, bought.Reference, bought.Replayed)
            .ShouldBe(("credited", 500, 12.50m, "USD", "order 7", false));
        (await Left(shop.Tenant, shop.Money), await Left(shop.Tenant, shop.Type)).ShouldBe((7.50m, 500));
        (await Client.GetPurchase(bought.Id, Stop)).ShouldBe(bought);
        (await All(Client.ListPurchases(shop.Tenant, Stop))).ShouldBe([bought]);
        (await All(Client.ListGrants(shop.Tenant, shop.Type, Stop))).Single().ShouldSatisfyAllConditions(
            lot => lot.Id.ShouldBe(bought.Lot), lot => lot.Source.ShouldBe("purchase"), lot => lot.ExpiresAt.ShouldBeNull());
        var entries = await All(Client.ListEntries(shop.Tenant, stop: Stop));
        entries.Single(entry => entry.Kind == "payment").ShouldSatisfyAllConditions(
            entry => entry.Id.ShouldBe(bought.Payment), entry => entry.Amount.ShouldBe(12.50m), entry => entry.At.ShouldBe(bought.CreatedAt));
        entries.Single(entry => entry.Kind == "purchase").At.ShouldBe(bought.CreatedAt);
        var news = (await Host.Events(shop.Tenant)).Select(news => news.Type).ToList();
        news.Count(type => type == "credits.purchased").ShouldBe(1);
        news.Count(type => type == "purchase.paid").ShouldBe(1);
        news.Count(type => type == "balance.credited").ShouldBe(1);
    }

    [Theory]
    [InlineData("deactivated", "EUR")]
    [InlineData("deleted", "GBP")]
    public async Task A_replay_gives_the_first_purchase_also_when_the_pack_was(string change, string currency)
    {
        var shop = await Open(currency, price: 10, credits: 100);
        await Host.Grant(shop.Tenant, shop.Money, 100);
        var bought = await Client.StartPurchase(shop.Buy(), "buy-1", Stop);
        if (change == "deleted") await Client.DeletePack(shop.Pack, stop: Stop);
        else await Client.SavePack(shop.Pack, shop.Request with { Active = false }, stop: Stop);

        (await Client.StartPurchase(shop.Buy(), "buy-1", Stop)).ShouldBe(bought with { Replayed = true });
        await Refused(Client.StartPurchase(shop.Buy() with { Reference = "other" }, "buy-1", Stop), 409, "idempotency_key_reused", "Idempotency-Key");
        if (change == "deleted") await Refused(Client.StartPurchase(shop.Buy(), stop: Stop), 404, "pack_unknown", "pack");
        else await Refused(Client.StartPurchase(shop.Buy(), stop: Stop), 409, "pack_not_for_sale", "pack");

        (await Left(shop.Tenant, shop.Money), await Left(shop.Tenant, shop.Type)).ShouldBe((90, 100));
    }

    [Fact]
    public async Task Too_little_money_is_refused_with_the_exact_amount_that_is_missing()
    {
        var shop = await Open("BRL", price: 10, credits: 100);
        await Host.Grant(shop.Tenant, shop.Money, 9.58m);

        var refused = await Refused(Client.StartPurchase(shop.Buy(), "buy-1", Stop), 402, "insufficient_balance");

        refused.Problem.Extensions!["missing"].GetDecimal().ShouldBe(0.42m);
        refused.Problem.Extensions!["currency"].GetString().ShouldBe("BRL");
        (await Left(shop.Tenant, shop.Money), await Left(shop.Tenant, shop.Type)).ShouldBe((9.58m, 0));
        (await All(Client.ListPurchases(shop.Tenant, Stop))).ShouldBeEmpty();
        await Host.Grant(shop.Tenant, shop.Money, 0.42m);
        (await Client.StartPurchase(shop.Buy(), "buy-1", Stop)).Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task Parallel_purchases_never_take_more_money_than_there_is()
    {
        var shop = await Open("MXN", price: 10, credits: 100);
        await Host.Grant(shop.Tenant, shop.Money, 35);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                return (await Client.StartPurchase(shop.Buy(), $"buy-{i % 10}", Stop)).Id;
            }
            catch (TopupException refused) when (refused.Code == "insufficient_balance")
            {
                return null;
            }
        }));

        outcomes.OfType<string>().Distinct().Count().ShouldBe(3);
        (await Left(shop.Tenant, shop.Money), await Left(shop.Tenant, shop.Type)).ShouldBe((5, 300));
        (await All(Client.ListPurchases(shop.Tenant, Stop))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Only_plans_that_may_buy_the_pack_and_top_up_the_type_can_buy()
    {
        var shop = await Open("COP", price: 10, credits: 100);
        await Host.Grant(shop.Tenant, shop.Money, 100);
        var (yes, no) = (await Host.NewPlan(), await Host.NewPlan());
        await Client.SavePack(shop.Pack, shop.Request with { Plans = [yes] }, stop: Stop);
        await Client.SavePlan(no, new PlanRequest { Name = no, Allowances = new Dictionary<string, decimal>(), TopUp = [] }, stop: Stop);

        await Refused(Client.StartPurchase(shop.Buy(), stop: Stop), 409, "pack_not_for_sale", "pack");
        await Host.SaveTenant(shop.Tenant, yes);
        await Client.StartPurchase(shop.Buy(), stop: Stop);
        await Client.SavePack(shop.Pack, shop.Request, stop: Stop);
        await Host.SaveTenant(shop.Tenant, no);
        await Refused(Client.StartPurchase(shop.Buy(), stop: Stop), 409, "pack_not_for_sale", "pack");
    }

    [Fact]
    public async Task Money_of_another_currency_pays_nothing()
    {
        var shop = await Open("ARS", price: 10, credits: 100);
        var pack = await Host.NewPack(shop.Type, 5, 5, "CLP");
        await Refused(Client.StartPurchase(shop.Buy() with { Pack = pack }, stop: Stop), 409, "no_balance", "method");
        await Refused(Client.StartPurchase(shop.Buy() with { Method = "cash" }, stop: Stop), 400, "method_unknown", "method");
    }

    private async Task<decimal> Left(string tenant, string type) => (await Client.GetPool(tenant, type, Stop)).Remaining.Total;

    private async Task<Shop> Open(string currency, decimal price, decimal credits)
    {
        var (type, money) = (await Host.NewType(), await Host.NewType(2, currency));
        var request = new PackRequest { Type = type, Name = "pack", Price = price, Currency = currency, Credits = credits };
        var pack = Host.NewName("pack");
        await Client.SavePack(pack, request, stop: Stop);
        return new Shop(await Host.NewTenant(), type, money, pack, request);
    }

    private sealed record Shop(string Tenant, string Type, string Money, string Pack, PackRequest Request)
    {
        public PurchaseRequest Buy() => new() { Tenant = Tenant, Pack = Pack, Method = "balance" };
    }
}
