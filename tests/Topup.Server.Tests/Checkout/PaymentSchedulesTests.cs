using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Notifications;
using Topup.Server.Storage;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class PaymentSchedulesOnSqlite(SqlitePayments payments) : PaymentSchedulesTests(payments, everyNth: 1), IClassFixture<SqlitePayments>;

public sealed class PaymentSchedulesOnPostgres(PostgresPayments payments) : PaymentSchedulesTests(payments, everyNth: 6), IClassFixture<PostgresPayments>;

/// <summary>
/// Whatever the order, the number or the absence of news: a payment credits once, a refund takes back once. On SQLite
/// every permutation is run with a refund of a part, and every sixth with one of all; on PostgreSQL every sixth and every
/// 36th, for the time it takes.
/// </summary>
public abstract class PaymentSchedulesTests(PaymentsFixture fixture, int everyNth) : PaymentTests(fixture)
{
    private const decimal SomeOfIt = 4.00m;

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>What a buyer's payment sets off, in any order. Refund is at once the refund and its news.</summary>
    private enum Act
    {
        PaidWebhook,
        Duplicate,
        Return,
        Refund,
        LateEvent,
        Reconciler,
    }

    public static TheoryData<string, decimal, int> Refunds => new()
    {
        { "stripe", SomeOfIt, 1 }, { "stripe", Price, 6 }, { "mercadopago", SomeOfIt, 1 }, { "mercadopago", Price, 6 },
    };

    /// <summary>
    /// Stories with the reconciler in the same place run side by side, step by step, so that one look of the reconciler
    /// is in its place in all of them.
    /// </summary>
    [Theory]
    [MemberData(nameof(Refunds))]
    public async Task In_every_order_of_news_a_payment_credits_once_and_a_refund_takes_back_once(string method, decimal refund, int everyOther)
    {
        var (till, nth) = (TillOf(method), everyNth * everyOther);
        var shop = await NewShop(till);
        var told = 0;
        for (var place = 0; place < Enum.GetValues<Act>().Length; place++)
        {
            var orders = OrdersWith(place).Where((_, index) => index % nth == place % nth).ToList();
            var stories = await Begin(shop, orders);
            for (var step = 0; step < Enum.GetValues<Act>().Length; step++) await Go(till, stories, step, refund);
            await Parallel.ForEachAsync(stories, AtOnce, async (story, _) => await EndsWell(story, refund));
            told += stories.Count;
        }
        told.ShouldBeGreaterThanOrEqualTo(720 / nth);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task All_news_at_once_credit_once_and_take_back_once(string method)
    {
        var till = TillOf(method);
        for (var round = 0; round < 10; round++)
        {
            var order = await NewOrder(till);
            var payment = "";
            var paid = till.NewsOf(() => payment = till.Pay(order.Number));
            Host.Clock.Advance(TimeSpan.FromSeconds(61));
            await AllAtOnce(order, paid);
            (await Left(order)).ShouldBe(Credits);

            await AllAtOnce(order, till.NewsOf(() => till.Refund(payment, SomeOfIt)));
            (await Entries(order)).Select(entry => entry.Kind).ShouldBe(["purchase", "take_back"], ignoreOrder: true);
            (await Left(order)).ShouldBe(300);
            (await News(order)).ShouldBe(["purchase.paid", "purchase.refunded"]);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Two_tabs_double_clicks_and_refreshes_make_one_purchase(string method)
    {
        var till = TillOf(method);
        var shop = await NewShop(till);
        var clicks = Enumerable.Range(0, 12).Select(click => Client.StartPurchase(
            new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = method }, $"tab-{click % 3}", Stop));
        var bought = await Task.WhenAll(clicks);
        bought.Select(purchase => (purchase.Id, purchase.CheckoutUrl)).Distinct().Count().ShouldBe(1);
        (await All(Client.ListPurchases(shop.Tenant, Stop))).Count.ShouldBe(1);
        if (till is StripeTill stripe) stripe.Stripe.Sessions.Count(session => session.Order == bought[0].Id.Split('~')[1]).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_address_of_success_grants_nothing(string method)
    {
        var order = await NewOrder(TillOf(method));
        using var http = Host.NewHttp("");
        var address = new Uri(Host.Url, order.Shop.Till.ReturnAddress(order.Number).AbsolutePath);
        foreach (var claim in (string[])["", "?status=approved&collection_status=approved&payment_id=1", "?session_id=cs_test_000001&success=true&paid=1"])
            (await http.GetStringAsync(new Uri(address + claim), Stop)).ShouldContain("Nothing was paid yet");
        (await Left(order)).ShouldBe(0);
        (await See(order)).Status.ShouldBe("pending");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_payment_that_comes_after_the_purchase_has_expired_credits_by_webhook_or_without(string method)
    {
        foreach (var byWebhook in (bool[])[true, false])
        {
            var till = TillOf(method);
            var order = await NewOrder(till);
            // The buyer has begun and not finished: the provider says nothing of money, and time passes.
            var begun = till is MercadoPagoTill mercadoPago ? mercadoPago.MercadoPago.PayLater(order.Number, "pending_challenge") : "";
            Host.Clock.Advance(TimeSpan.FromHours(2));
            await Reconcile();
            (await See(order)).Status.ShouldBe("expired");

            var news = till.NewsOf(() =>
            {
                if (till is StripeTill stripe) stripe.Stripe.PayExpired(order.Number);
                else till.Arrive(order.Number, begun);
            });
            if (byWebhook) await Deliver(till, news);
            else await Reconcile();
            (await See(order)).Status.ShouldBe("credited");
            (await Left(order)).ShouldBe(Credits);
            (await News(order)).ShouldBe(["purchase.expired", "purchase.paid"]);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Money_that_is_under_way_for_days_credits_when_it_comes(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        var payment = "";
        await Deliver(till, till.NewsOf(() => payment = till.PayLater(order.Number)));
        (await See(order)).Status.ShouldBe("processing");
        (await Return(order)).ShouldContain("under way");
        (await Left(order)).ShouldBe(0);

        Host.Clock.Advance(TimeSpan.FromDays(9));
        await Deliver(till, till.NewsOf(() => till.Arrive(order.Number, payment)));
        (await Left(order)).ShouldBe(Credits);
        (await News(order)).ShouldBe(["purchase.pending", "purchase.paid"]);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task With_every_notification_lost_a_payment_is_credited_within_two_minutes(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        till.NewsOf(() => till.Pay(order.Number)).ShouldNotBeEmpty();
        await Reconcile(after: TimeSpan.FromSeconds(110));
        (await Left(order)).ShouldBe(Credits);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_purchase_that_is_called_off_while_it_is_paid_is_credited(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        till.NewsOf(() => till.Pay(order.Number));
        (await Client.CancelPurchase(order.Id, Stop)).Status.ShouldBe("credited");
        (await Left(order)).ShouldBe(Credits);

        var other = await NewOrder(till);
        (await Client.CancelPurchase(other.Id, Stop)).Status.ShouldBe("canceled");
        Should.Throw<InvalidOperationException>(() => till.Pay(other.Number), "nobody can pay on a page that was closed");
    }

    /// <summary>A page of Mercado Pago can be paid more than once; one of Stripe cannot.</summary>
    [Fact]
    public async Task Paid_twice_is_credited_once_and_the_rest_is_on_the_balance()
    {
        var till = MercadoPago;
        var money = await Money(till);
        var order = await NewOrder(till);
        await Deliver(till, till.NewsOf(() => till.MercadoPago.PayTwice(order.Number)));
        await Return(order);
        (await Left(order), await Left(order, money)).ShouldBe((Credits, Price));
        (await See(order)).ShouldSatisfyAllConditions(seen => seen.Paid.ShouldBe(Price), seen => seen.Surplus.ShouldBe(Price));
    }

    /// <summary>The last wall: whatever a server believes of a purchase, its order has one credit in the ledger.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Even_a_purchase_that_was_made_to_forget_its_credits_is_not_credited_again(string method)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        var news = till.NewsOf(() => till.Pay(order.Number));
        await Deliver(till, news);
        await Host.Services.GetRequiredService<Database>().Transact((connection, transaction) => connection.ExecuteAsync(
            "update purchases set status = 1, paid = 0, payments = '', lot_type = '', lot = 0, granted = 0, check_at = 0, version = version + 1 where id = @number",
            new { number = order.Number }, transaction), Stop);
        await Deliver(till, news.Select(till.Twin));
        await Return(order);
        await Reconcile();
        (await Left(order)).ShouldBe(Credits);
        (await Entries(order)).Count.ShouldBe(1);
    }

    /// <summary>Every permutation of what happens, with the reconciler at one place.</summary>
    private static IEnumerable<Act[]> OrdersWith(int place) =>
        Permutations([Act.PaidWebhook, Act.Duplicate, Act.Return, Act.Refund, Act.LateEvent])
            .Select(order => (Act[])[.. order[..place], Act.Reconciler, .. order[place..]]);

    private static IEnumerable<Act[]> Permutations(Act[] acts)
    {
        if (acts.Length == 0) yield return [];
        foreach (var first in acts)
            foreach (var rest in Permutations([.. acts.Where(act => act != first)]))
                yield return [first, .. rest];
    }

    /// <summary>A tenant for each story, whose buyer was declined once and has paid then; nobody was told of either.</summary>
    private async Task<List<Story>> Begin(Shop shop, List<Act[]> orders)
    {
        var bought = new Order[orders.Count];
        await Parallel.ForAsync(0, orders.Count, AtOnce, async (i, _) => bought[i] = await Buy(shop with { Tenant = await Host.NewTenant() }));
        return [.. orders.Select((acts, i) =>
        {
            var (number, payment) = (bought[i].Number, "");
            var late = shop.Till.NewsOf(() => shop.Till.Decline(number));
            var paid = shop.Till.NewsOf(() => payment = shop.Till.Pay(number));
            // The last of the news of a payment is that of the page; before it come those of its parts.
            return new Story(bought[i], acts, payment, late, paid[^1], i % 2 == 0 ? shop.Till.Twin(paid[^1]) : paid[^1]);
        })];
    }

    private async Task Go(Till till, List<Story> stories, int step, decimal refund)
    {
        var notifications = stories.SelectMany(story => story.Acts[step] switch
        {
            Act.PaidWebhook => [story.Paid],
            Act.Duplicate => [story.Duplicate],
            Act.LateEvent => story.Late,
            Act.Refund => till.NewsOf(() => till.Refund(story.Payment, refund)),
            Act.Return or Act.Reconciler => [],
        }).ToList();
        await Parallel.ForEachAsync(notifications, AtOnce, async (notification, _) =>
            (await till.Provider.Deliver(till.Again(notification))).ShouldBe(HttpStatusCode.OK));
        await WorkedOff();
        await Parallel.ForEachAsync(stories.Where(story => story.Acts[step] == Act.Return), AtOnce, async (story, _) => await Return(story.Order));
        if (stories[0].Acts[step] != Act.Reconciler) return;
        Host.Clock.Advance(TimeSpan.FromSeconds(61));
        while (await Host.Services.GetRequiredService<Reconciler>().Run(Stop) > 0) { }
    }

    private async Task EndsWell(Story story, decimal refund)
    {
        var (order, why) = (story.Order, string.Join(", ", story.Acts));
        var isWhole = refund == Price;
        (await See(order)).ShouldSatisfyAllConditions(why,
            seen => seen.Status.ShouldBe(isWhole ? "refunded" : "partly_refunded"), seen => seen.Paid.ShouldBe(Price), seen => seen.Refunded.ShouldBe(refund));
        var entries = await Entries(order);
        // What was refunded before anybody looked buys nothing, and so nothing is taken back.
        if (entries.Count > 0 || !isWhole) entries.Select(entry => entry.Kind).ShouldBe(["purchase", "take_back"], ignoreOrder: true, why);
        (await Left(order)).ShouldBe(isWhole ? 0 : 300, why);
        (await News(order)).ShouldBe(["purchase.paid", "purchase.refunded"], why);
        (order.Shop.Till.PaymentsTaken(order.Number), order.Shop.Till.RefundsMade(order.Number)).ShouldBe((1, 1), why);
    }

    /// <summary>Ten notifications, ten buyers who come back, an operator who asks, two reconcilers and two more workers, at one moment.</summary>
    private async Task AllAtOnce(Order order, List<FakeNotification> news)
    {
        var till = order.Shop.Till;
        var twins = Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? till.Twin(news[^1]) : till.Again(news[i % news.Count])).ToList();
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Func<Task>> all =
        [
            .. twins.Select(twin => (Func<Task>)(() => till.Provider.Deliver(twin))),
            .. Enumerable.Repeat(() => (Task)Return(order), 10),
            .. Enumerable.Repeat(() => (Task)Check(order), 4),
            .. Enumerable.Repeat(() => (Task)Host.Services.GetRequiredService<Reconciler>().Run(Stop), 2),
            .. Enumerable.Repeat(() => (Task)Host.Services.GetRequiredService<InboxWorker>().Run(Stop), 2),
        ];
        var running = all.Select(one => Task.Run(async () =>
        {
            await begin.Task;
            await one();
        }, Stop)).ToList();
        begin.SetResult();
        await Task.WhenAll(running);
        await WorkedOff();
        await Check(order);
    }

    private async Task Check(Order order)
    {
        try
        {
            await Client.CheckPurchase(order.Id, Stop);
        }
        catch (Client.TopupException refused) when (refused.Code == ProblemCodes.PurchaseChanged)
        {
            // Others were faster, again and again; what they did is what counts.
        }
    }

    private sealed record Story(Order Order, Act[] Acts, string Payment, List<FakeNotification> Late, FakeNotification Paid, FakeNotification Duplicate);
}
