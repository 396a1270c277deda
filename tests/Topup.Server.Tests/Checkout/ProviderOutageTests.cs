using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

/// <summary>
/// A provider that is down, slow, or answers nonsense costs time, and never a payment or a second charge. Most of that time
/// is waited here, so it is run on one database, with the fewer faults for the provider whose client is the more patient.
/// </summary>
public sealed class ProviderOutageTests(SqlitePayments payments) : PaymentTests(payments), IClassFixture<SqlitePayments>
{
    public static TheoryData<string, string> Faults => new()
    {
        { "stripe", "LostAnswer" }, { "stripe", "Garbage" }, { "stripe", "ServerError" }, { "mercadopago", "LostAnswer" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_order_that_the_provider_did_not_answer_is_kept_and_the_same_request_goes_on_with_it(string method, string fault)
    {
        var till = TillOf(method);
        var shop = await NewShop(till);
        var request = new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = method };
        till.Provider.Fail(Enum.Parse<ProviderFault>(fault), on: IsOpening);
        using var impatient = new TopupClient(Host.Http, new TopupClientOptions { RetryMax = 0 });
        var refused = await Refused(impatient.StartPurchase(request, "key-of-" + shop.Tenant, Stop), 503, "provider_unavailable");
        till.Provider.Heal();
        refused.Message.ShouldNotContain(till.Keys.SecretKey ?? till.Keys.AccessToken!);

        var kept = (await All(Client.ListPurchases(shop.Tenant, Stop))).Single();
        kept.Status.ShouldBe("created");
        var bought = await Client.StartPurchase(request, "key-of-" + shop.Tenant, Stop);
        (bought.Id, bought.Status).ShouldBe((kept.Id, "pending"));
        if (till is StripeTill stripe) stripe.Stripe.Sessions.Count(session => session.Order == kept.Id.Split('~')[1]).ShouldBe(1);

        var order = new Order(shop, bought.Id, bought.Id.Split('~')[1]);
        await Deliver(till, till.NewsOf(() => till.Pay(order.Number)));
        (await Left(order)).ShouldBe(Credits);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_payment_about_which_the_provider_did_not_answer_is_credited_when_it_does(string method, string fault)
    {
        var till = TillOf(method);
        var order = await NewOrder(till);
        var news = till.NewsOf(() => till.Pay(order.Number));
        till.Provider.Fail(Enum.Parse<ProviderFault>(fault));
        var returning = Return(order);
        await Deliver(till, news);
        (await returning).ShouldContain("Nothing was paid yet");
        (await Left(order)).ShouldBe(0);
        till.Provider.Heal();

        await Reconcile();
        (await Left(order)).ShouldBe(Credits);
        await WorkedOff();
        (await Entries(order)).Count.ShouldBe(1);
    }

    /// <summary>Others wait for a provider that keeps silent as long as for one answer, and not for each.</summary>
    [Fact]
    public async Task A_provider_that_does_not_answer_holds_up_the_payments_of_the_other_only_once()
    {
        var slow = new List<Order>();
        for (var i = 0; i < 12; i++) slow.Add(await NewOrder(Stripe));
        var quick = await NewOrder(MercadoPago);
        var news = slow.SelectMany(order => Stripe.NewsOf(() => Stripe.Pay(order.Number))[^1..]).ToList();
        Stripe.Provider.Fail(ProviderFault.Slow);
        foreach (var notification in news) await Stripe.Provider.Deliver(notification);

        var started = DateTimeOffset.UtcNow;
        foreach (var notification in MercadoPago.NewsOf(() => MercadoPago.Pay(quick.Number))) await MercadoPago.Provider.Deliver(notification);
        while (await Left(quick) == 0 && DateTimeOffset.UtcNow - started < TimeSpan.FromSeconds(60)) await Task.Delay(20, Stop);
        (await Left(quick)).ShouldBe(Credits);

        // In time, every call that got no answer is given up, and the purchases wait for the reconciler.
        await WorkedOff();
        Stripe.Provider.Heal();
        await Reconcile();
        foreach (var order in slow) (await Left(order)).ShouldBe(Credits);
    }

    private static bool IsOpening(FakeRequest request) => request.Method == "POST" && request.Path is "/v1/checkout/sessions" or "/checkout/preferences";
}
