using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class PaymentFallbackOnSqlite(SqlitePayments payments) : PaymentFallbackTests(payments), IClassFixture<SqlitePayments>;

public sealed class PaymentFallbackOnPostgres(PostgresPayments payments) : PaymentFallbackTests(payments), IClassFixture<PostgresPayments>;

/// <summary>What may no longer be sold when its money arrives: the money is the tenant's, on the balance, or a person decides.</summary>
public abstract class PaymentFallbackTests(PaymentsFixture fixture) : PaymentTests(fixture)
{
    private const int OpenLotsMax = 1_000;

    public static MatrixTheoryData<string, string> Changes => new(["stripe", "mercadopago"], ["disabled", "suspended", "lapsed", "not sold by the plan"]);

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_may_no_longer_be_sold_puts_its_money_on_the_balance_once(string method, string change)
    {
        var till = TillOf(method);
        var money = await Money(till);
        var type = await Host.NewType(needsActivePlan: change == "lapsed");
        var plan = await Host.NewPlan((type, 0));
        var shop = new Shop(till, await Host.NewTenant(plan), type, await Host.NewPack(type, Credits, Price, till.Currency));
        var order = await Buy(shop);
        var payment = "";
        var news = till.NewsOf(() => payment = till.Pay(order.Number));
        await Make(change, shop, plan);

        await Deliver(till, [.. news, .. news.Select(till.Twin)]);
        await Return(order);
        await Reconcile();
        (await Left(order), await Left(order, money)).ShouldBe((0, Price));
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("credited"), seen => seen.Paid.ShouldBe(Price));
        (await Client.ListPurchaseSteps(order.Id, stop: Stop)).Data.ShouldContain(step => step.Words.Contains("balance", StringComparison.Ordinal));

        // A refund takes it from the balance again, and once.
        await Deliver(till, till.NewsOf(() => till.Refund(payment)));
        (await Left(order, money)).ShouldBe(0);
        (await See(order)).Status.ShouldBe("refunded");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_pack_that_is_deleted_meanwhile_was_bought_all_the_same(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        var news = till.NewsOf(() => till.Pay(order.Number));
        await Client.DeletePack(order.Shop.Pack, stop: Stop);
        await Deliver(till, news);
        (await Left(order)).ShouldBe(Credits);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_credit_type_stays_while_somebody_may_still_pay_for_it(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        await Client.DeletePack(order.Shop.Pack, stop: Stop);
        await Refused(Client.DeleteCreditType(order.Shop.Type, stop: Stop), 409, "in_use", "code");
        await Deliver(till, till.NewsOf(() => till.Pay(order.Number)));
        (await Left(order)).ShouldBe(Credits);
    }

    [Theory]
    [InlineData("stripe", "SEK")]
    [InlineData("mercadopago", "UYU")]
    public async Task Without_a_balance_of_the_currency_a_person_decides(string method, string currency)
    {
        var till = TillOf(method);
        var order = await Buy(await NewShop(till, currency: currency));
        await Client.SaveCreditType(order.Shop.Type, new CreditTypeRequest { Name = "x", Unit = "credit", Decimals = 0, Enabled = false }, stop: Stop);
        await Deliver(till, till.NewsOf(() => till.Pay(order.Number)));
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("paid"), seen => seen.Review.ShouldBe("no_balance"));
        (await News(order)).ShouldBe(["purchase.paid", "purchase.needs_review"]);

        await Client.SaveCreditType(order.Shop.Type, new CreditTypeRequest { Name = "x", Unit = "credit", Decimals = 0 }, stop: Stop);
        (await Client.ReviewPurchase(order.Id, new ReviewRequest { Decision = "credit", Reason = "sold again" }, stop: Stop)).Status.ShouldBe("credited");
        (await Left(order)).ShouldBe(Credits);
    }

    /// <summary>Else it would be asked about for ever, unseen, and keep others waiting.</summary>
    [Fact]
    public async Task Money_that_no_pool_takes_is_for_a_person_and_keeps_nobody_else_waiting()
    {
        var money = await Money(Stripe);
        var order = await NewOrder(Stripe);
        foreach (var type in (string[])[money, order.Shop.Type])
            await Parallel.ForAsync(0, OpenLotsMax, async (_, _) => await Host.Grant(order.Shop.Tenant, type, 1));
        await Deliver(Stripe, Stripe.NewsOf(() => Stripe.Pay(order.Number)));
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("paid"), seen => seen.Review.ShouldBe("no_balance"));
        (await Left(order), await Left(order, money)).ShouldBe((OpenLotsMax, OpenLotsMax));

        await Host.Consume(order.Shop.Tenant, order.Shop.Type, 1);
        await Client.ReviewPurchase(order.Id, new ReviewRequest { Decision = "credit", Reason = "there is room now" }, stop: Stop);
        (await Left(order)).ShouldBe(OpenLotsMax - 1 + Credits);
    }

    private async Task Make(string change, Shop shop, string plan)
    {
        if (change == "disabled")
            await Client.SaveCreditType(shop.Type, new CreditTypeRequest { Name = "x", Unit = "credit", Decimals = 0, Enabled = false }, stop: Stop);
        else if (change == "not sold by the plan")
            await Client.SavePlan(plan, new PlanRequest { Name = plan, Allowances = new Dictionary<string, decimal> { [shop.Type] = 0 }, TopUp = [] }, stop: Stop);
        else await Host.SaveTenant(shop.Tenant, plan, status: change);
    }
}
