using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class PaymentMismatchOnSqlite(SqlitePayments payments) : PaymentMismatchTests(payments), IClassFixture<SqlitePayments>;

public sealed class PaymentMismatchOnPostgres(PostgresPayments payments) : PaymentMismatchTests(payments), IClassFixture<PostgresPayments>;

/// <summary>Only the agreed price buys: any other amount, currency, account, mode or order is for a person to decide.</summary>
public abstract class PaymentMismatchTests(PaymentsFixture fixture) : PaymentTests(fixture)
{
    public static TheoryData<string, decimal> OtherAmounts => new() { { "stripe", 9.99m }, { "stripe", 10.01m }, { "mercadopago", 9.99m }, { "mercadopago", 1000m } };

    [Theory]
    [MemberData(nameof(OtherAmounts))]
    public async Task Another_amount_credits_nothing_until_an_operator_says_what_to_do(string method, decimal amount)
    {
        var till = TillOf(method);
        var money = await Money(till);
        foreach (var decision in (string[])["credit", "balance", "dismiss"])
        {
            var order = await NewOrder(till);
            await Deliver(till, till.NewsOf(() => till.Pay(order.Number, amount)));
            await InReview(order, "wrong_amount");

            var reviewed = await Client.ReviewPurchase(order.Id, new ReviewRequest { Decision = decision, Reason = "test" }, stop: Stop);
            (reviewed.Review, await Left(order), await Left(order, money)).ShouldBe(
                (null, decision == "credit" ? Credits : 0, decision == "balance" ? amount : 0));
            await Return(order);
            await Reconcile(TimeSpan.FromDays(2));
            (await Left(order), await Left(order, money)).ShouldBe((decision == "credit" ? Credits : 0, decision == "balance" ? amount : 0), "decided once");
            if (decision != "dismiss") await Refused(Client.ReviewPurchase(order.Id, new ReviewRequest { Decision = "credit", Reason = "test" }, stop: Stop), 409, "purchase_not_in_review");
        }
    }

    [Theory]
    [InlineData("stripe", "EUR")]
    [InlineData("mercadopago", "ARS")]
    public async Task Another_currency_credits_nothing_whatever_an_operator_says(string method, string currency)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        await Deliver(till, till.NewsOf(() => till.Pay(order.Number, currency: currency)));
        await InReview(order, "wrong_currency");
        await Refused(Client.ReviewPurchase(order.Id, new ReviewRequest { Decision = "credit", Reason = "test" }, stop: Stop), 409, "purchase_not_refundable");
        (await Left(order)).ShouldBe(0);
    }

    [Fact]
    public async Task Money_that_went_to_another_account_credits_nothing()
    {
        var order = await NewOrder(MercadoPago);
        await Deliver(MercadoPago, MercadoPago.NewsOf(() => MercadoPago.MercadoPago.Pay(order.Number, account: 987_654_321)));
        await InReview(order, "wrong_account");
    }

    [Fact]
    public async Task Real_money_where_we_test_credits_nothing()
    {
        var order = await NewOrder(Stripe);
        try
        {
            Stripe.Stripe.IsLive = true;
            var news = Stripe.NewsOf(() => Stripe.Pay(order.Number));
            await Deliver(Stripe, news);
            (await See(order)).Status.ShouldBe("pending", "an event of the other mode is none of ours");
            await Return(order);
            await InReview(order, "wrong_mode");
        }
        finally
        {
            Stripe.Stripe.IsLive = false;
        }
    }

    [Fact]
    public async Task A_payment_that_names_another_order_credits_neither()
    {
        var (order, other) = (await NewOrder(Stripe), await NewOrder(Stripe));
        Stripe.Stripe.Sessions.Single(session => session.Order == order.Number).IntentMetadata["order_id"] = other.Number;
        Stripe.NewsOf(() => Stripe.Pay(order.Number));
        await Return(order);
        await Return(other);
        await InReview(order, "wrong_order");
        (await See(other)).Status.ShouldBe("pending");
        (await Left(other)).ShouldBe(0);
    }

    private async Task InReview(Order order, string reason)
    {
        var seen = await See(order);
        (seen.Status, seen.Review, seen.Paid).ShouldBe(("needs_review", reason, 0));
        (await Left(order)).ShouldBe(0);
        (await Entries(order)).ShouldBeEmpty();
        (await News(order)).ShouldBe(["purchase.needs_review"]);
        (await All(Client.ListAllPurchases(review: true, stop: Stop))).ShouldContain(listed => listed.Id == order.Id);
    }
}
