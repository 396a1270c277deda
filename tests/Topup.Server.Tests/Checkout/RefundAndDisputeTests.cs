using Shouldly;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class RefundAndDisputeOnSqlite(SqlitePayments payments) : RefundAndDisputeTests(payments), IClassFixture<SqlitePayments>;

public sealed class RefundAndDisputeOnPostgres(PostgresPayments payments) : RefundAndDisputeTests(payments), IClassFixture<PostgresPayments>;

/// <summary>Money that goes back takes its share of the credits with it, once; what it cannot take is owed or forgiven.</summary>
public abstract class RefundAndDisputeTests(PaymentsFixture fixture) : PaymentTests(fixture)
{
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Partial_refunds_from_both_sides_take_back_exactly_what_one_of_all_would(string method)
    {
        var till = TillOf(method);
        var (order, payment) = await Credited(till);
        decimal refunded = 0;
        // 500 credits for 10.00: each part is floored over the sum so far, so that no part drifts.
        foreach (var (part, left) in ((decimal, decimal)[])[(0.01m, 500), (0.01m, 499), (3.33m, 333), (3.33m, 166), (3.31m, 1), (0.01m, 0)])
        {
            refunded += part;
            if (part == 3.33m) await Deliver(till, till.NewsOf(() => till.Refund(payment, part)));
            else await Client.RefundPurchase(order.Id, new RefundRequest { Amount = part, Reason = "test" }, stop: Stop);
            (await See(order)).Refunded.ShouldBe(refunded);
            (await Left(order)).ShouldBe(Math.Ceiling(Credits * (Price - refunded) / Price));
            if (left == 0) (await Left(order)).ShouldBe(0);
        }
        (await See(order)).Status.ShouldBe("refunded");
        (await Entries(order, "take_back")).Sum(entry => entry.Amount).ShouldBe(Credits);
        await Refused(Client.RefundPurchase(order.Id, new RefundRequest { Reason = "test" }, stop: Stop), 409, "purchase_not_refundable", "amount");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_refund_is_asked_for_once_whatever_is_repeated(string method)
    {
        var till = TillOf(method);
        var (order, _) = await Credited(till);
        var refunds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Client.RefundPurchase(order.Id, new RefundRequest { Amount = 4, Reason = "test" }, "same key of " + order.Number, Stop)));
        refunds.Select(refund => refund.Id).Distinct().Count().ShouldBe(1);
        till.RefundsMade(order.Number).ShouldBe(1);
        (await Left(order)).ShouldBe(300);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_refund_that_fails_later_gives_back_and_may_be_made_again(string method)
    {
        var till = TillOf(method);
        var (order, payment) = await Credited(till);
        try
        {
            till.RefundsTakeTime = true;
            (await Client.RefundPurchase(order.Id, new RefundRequest { Reason = "test" }, stop: Stop)).Status.ShouldBe("pending");
        }
        finally
        {
            till.RefundsTakeTime = false;
        }
        (await Left(order)).ShouldBe(0);

        Host.Clock.Advance(TimeSpan.FromDays(20));
        await Deliver(till, till.NewsOf(() => till.FailRefund(payment)));
        (await Left(order)).ShouldBe(Credits);
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("credited"), seen => seen.Refunded.ShouldBe(0));
        (await Client.ListRefunds(order.Id, Stop)).Data.Single().Status.ShouldBe("failed");
        (await Client.GetReceipt(order.Id, Stop)).ShouldSatisfyAllConditions(receipt => receipt.Refunds.ShouldBeEmpty(), receipt => receipt.Kept.ShouldBe(Price));

        (await Client.RefundPurchase(order.Id, new RefundRequest { Reason = "test" }, stop: Stop)).Status.ShouldBe("succeeded");
        (await Left(order)).ShouldBe(0);
        (await See(order)).Status.ShouldBe("refunded");
    }

    /// <summary>The refund is made, and then the provider is gone, its notification too.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_refund_whose_claim_was_cut_off_is_claimed_by_the_reconciler(string method)
    {
        var till = TillOf(method);
        var (order, _) = await Credited(till);
        var isMade = false;
        till.Provider.Fail(ProviderFault.Down, on: AfterTheRefund);
        (await Client.RefundPurchase(order.Id, new RefundRequest { Amount = 4, Reason = "test" }, stop: Stop)).Status.ShouldBe("succeeded");
        till.Provider.Heal();
        till.Provider.TakeOutgoing();
        till.RefundsMade(order.Number).ShouldBe(1);
        (await Left(order)).ShouldBe(Credits, "nobody has said yet that the money went back");

        await Reconcile(after: TimeSpan.FromSeconds(90));
        (await Left(order)).ShouldBe(300);
        till.RefundsMade(order.Number).ShouldBe(1);

        bool AfterTheRefund(FakeRequest request)
        {
            var after = isMade;
            isMade |= request.Method == "POST" && request.Path.EndsWith("/refunds", StringComparison.Ordinal);
            return after;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_open_dispute_holds_what_is_left_and_one_that_is_won_sets_it_free(string method)
    {
        var till = TillOf(method);
        var (order, payment) = await Credited(till);
        await Host.Consume(order.Shop.Tenant, order.Shop.Type, 120);
        await Deliver(till, till.NewsOf(() => till.Dispute(payment)));
        var pool = await Pool(order);
        (pool.Total, pool.Held, pool.Debt).ShouldBe((0, 380, 0));
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Status.ShouldBe("disputed"), seen => seen.Dispute.ShouldBe("open"));
        await Refused(Client.RefundPurchase(order.Id, new RefundRequest { Reason = "test" }, stop: Stop), 409, "purchase_not_refundable");

        await Deliver(till, till.NewsOf(() => till.EndDispute(payment, won: true)));
        pool = await Pool(order);
        (pool.Total, pool.Held, pool.Debt).ShouldBe((380, 0, 0));
        (await See(order)).Status.ShouldBe("dispute_won");
        (await News(order)).ShouldBe(["purchase.paid", "purchase.disputed", "purchase.disputed"]);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_lost_dispute_takes_back_once_and_what_was_spent_becomes_debt_that_the_next_credits_pay(string method)
    {
        var till = TillOf(method);
        var (order, payment) = await Credited(till);
        await Host.Consume(order.Shop.Tenant, order.Shop.Type, 120);
        var news = till.NewsOf(() => till.Dispute(payment));
        // The verdict may be there before the news that there was a dispute.
        news.AddRange(till.NewsOf(() => till.EndDispute(payment, won: false)));
        await Deliver(till, news.AsEnumerable().Reverse());
        await Deliver(till, news.Select(till.Twin));
        await Reconcile();
        var pool = await Pool(order);
        (pool.Total, pool.Held, pool.Debt).ShouldBe((0, 0, 120));
        (await See(order)).Status.ShouldBe("dispute_lost");
        (await Entries(order, "take_back")).Sum(entry => entry.Amount).ShouldBe(Credits);

        await Host.Grant(order.Shop.Tenant, order.Shop.Type, 200);
        pool = await Pool(order);
        (pool.Total, pool.Debt).ShouldBe((80, 0));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_was_spent_is_forgiven_where_the_operator_says_so(string method)
    {
        var before = await Client.GetCheckoutSettings(Stop);
        await Client.SaveCheckoutSettings(before with { SpentOnRefund = "forgive" }, stop: Stop);
        try
        {
            var till = TillOf(method);
            var (order, payment) = await Credited(till);
            await Host.Consume(order.Shop.Tenant, order.Shop.Type, 450);
            await Deliver(till, till.NewsOf(() => till.Refund(payment)));
            var pool = await Pool(order);
            (pool.Total, pool.Debt).ShouldBe((0, 0));
            (await See(order)).Status.ShouldBe("refunded");
        }
        finally
        {
            await Client.SaveCheckoutSettings(before, stop: Stop);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_refund_after_spending_leaves_debt_and_never_less_than_nothing(string method)
    {
        var till = TillOf(method);
        var (order, payment) = await Credited(till);
        await Host.Consume(order.Shop.Tenant, order.Shop.Type, 450);
        await Deliver(till, till.NewsOf(() => till.Refund(payment)));
        var pool = await Pool(order);
        (pool.Total, pool.Debt).ShouldBe((0, 450));
    }

    /// <summary>The operator gave it to the tenant's balance, and somebody gives it to the buyer too.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Money_that_was_returned_to_the_balance_and_is_refunded_too_is_for_a_person(string method)
    {
        var till = TillOf(method);
        var money = await Money(till);
        var (order, payment) = await Credited(till);
        await Client.RefundPurchase(order.Id, new RefundRequest { Amount = 8, To = "balance", Reason = "test" }, stop: Stop);
        (await Left(order), await Left(order, money)).ShouldBe((100, 8));
        await Deliver(till, till.NewsOf(() => till.Refund(payment, 3)));
        var seen = await See(order);
        (seen.Status, seen.Review, seen.Returned, seen.Refunded).ShouldBe(("refunded", "surplus_gone", 8, 3));
        (await Left(order)).ShouldBe(0);
    }

    private async Task<(Order Order, string Payment)> Credited(Till till)
    {
        var order = await NewOrder(till);
        var payment = "";
        await Deliver(till, till.NewsOf(() => payment = till.Pay(order.Number)));
        (await Left(order)).ShouldBe(Credits);
        return (order, payment);
    }
}
