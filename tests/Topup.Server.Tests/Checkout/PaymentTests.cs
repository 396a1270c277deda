using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Notifications;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class SqlitePayments() : PaymentsFixture(isPostgres: false);

public sealed class PostgresPayments() : PaymentsFixture(isPostgres: true);

/// <summary>A whole server, and both providers beside it as fakes over HTTP, set up as an operator does it: through the API.</summary>
public abstract class PaymentsFixture(bool isPostgres) : HostFixture(isPostgres,
    "--Topup:PublicUrl=https://topup.example.com", "--Topup:SecretKey=" + SecretKey)
{
    private const string SecretKey = "dGhpcnR5LXR3byBieXRlcyBmb3IgdGhlIHRlc3RzLi4=";

    internal StripeTill Stripe { get; private set; } = null!;

    internal MercadoPagoTill MercadoPago { get; private set; } = null!;

    internal IEnumerable<Till> Tills => [Stripe, MercadoPago];

    internal Till TillOf(string method) => Tills.Single(till => till.Method == method);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Stripe = new StripeTill(new FakeStripe(Host.Clock));
        MercadoPago = new MercadoPagoTill(new FakeMercadoPago(Host.Clock));
        foreach (var till in Tills)
        {
            await till.Provider.Start();
            till.Provider.Receiver = Host.Url;
            var saved = await Host.Client.SavePaymentMethod(till.Method, till.Keys);
            saved.Offered.ShouldBeTrue(saved.Missing);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var till in Tills) await till.Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Buying for money, from the order to the last dispute, through the API and the providers' own ways in.</summary>
public abstract class PaymentTests(PaymentsFixture fixture) : ServerTests(fixture)
{
    /// <summary>What every shop here sells: 500 credits for 10.00.</summary>
    private protected const decimal Credits = 500;
    private protected const decimal Price = 10.00m;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Methods => ["stripe", "mercadopago"];

    private PaymentsFixture Payments { get; } = fixture;

    private protected StripeTill Stripe => Payments.Stripe;

    private protected MercadoPagoTill MercadoPago => Payments.MercadoPago;

    private protected Till TillOf(string method) => Payments.TillOf(method);

    /// <summary>A new tenant with something to buy.</summary>
    private protected async Task<Shop> NewShop(Till till, string? plan = null, string? currency = null)
    {
        var type = await Host.NewType();
        return new Shop(till, await Host.NewTenant(plan), type, await Host.NewPack(type, Credits, Price, currency ?? till.Currency));
    }

    private protected async Task<Order> NewOrder(Till till) => await Buy(await NewShop(till));

    private protected async Task<Order> Buy(Shop shop, string? key = null)
    {
        var bought = await Client.StartPurchase(new PurchaseRequest { Tenant = shop.Tenant, Pack = shop.Pack, Method = shop.Till.Method }, key, Stop);
        bought.Status.ShouldBe("pending");
        return new Order(shop, bought.Id, bought.Id.Split('~')[1]);
    }

    /// <summary>A credit type that holds the till's money, made once for the server.</summary>
    private protected async Task<string> Money(Till till)
    {
        var code = "money-" + till.Currency.ToLowerInvariant();
        await Client.SaveCreditType(code, new CreditTypeRequest { Name = code, Unit = till.Currency, Decimals = 2, Currency = till.Currency }, stop: Stop);
        return code;
    }

    /// <summary>Sends notifications, each of which must be taken, and waits until they are worked off.</summary>
    private protected async Task Deliver(Till till, params IEnumerable<FakeNotification> notifications)
    {
        foreach (var notification in notifications) (await till.Provider.Deliver(notification)).ShouldBe(HttpStatusCode.OK);
        await WorkedOff();
    }

    /// <summary>Until nothing that is due waits in the inbox. The server's own worker does it.</summary>
    private protected async Task WorkedOff()
    {
        var inbox = Host.Services.GetRequiredService<InboxStore>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        enough.CancelAfter(Patience);
        while ((await inbox.Due(Instant.From(Host.Clock.GetUtcNow()), 1, enough.Token)).Count > 0) await Task.Delay(2, enough.Token);
    }

    /// <summary>The buyer comes back, with whatever the address says of success.</summary>
    private protected async Task<string> Return(Order order)
    {
        using var http = Host.NewHttp("");
        return await http.GetStringAsync(new Uri(Host.Url, order.Shop.Till.ReturnAddress(order.Number).PathAndQuery), Stop);
    }

    /// <summary>The time passes after which the reconciler looks, and it looks.</summary>
    private protected async Task Reconcile(TimeSpan? after = null)
    {
        Host.Clock.Advance(after ?? TimeSpan.FromSeconds(61));
        await Host.Services.GetRequiredService<Reconciler>().Run(Stop);
    }

    private protected Task<PurchaseView> See(Order order) => Client.GetPurchase(order.Id, Stop);

    private protected async Task<decimal> Left(Order order, string? type = null) =>
        (await Client.GetPool(order.Shop.Tenant, type ?? order.Shop.Type, Stop)).Remaining.Total;

    private protected async Task<Remaining> Pool(Order order) => (await Client.GetPool(order.Shop.Tenant, order.Shop.Type, Stop)).Remaining;

    private protected Task<List<EntryView>> Entries(Order order, string? kind = null) =>
        All(Client.ListEntries(order.Shop.Tenant, new EntryFilter { Kind = kind }, Stop));

    /// <summary>The types of the tenant's events that are of purchases, in order.</summary>
    private protected async Task<List<string>> News(Order order) =>
        [.. (await Host.Events(order.Shop.Tenant)).Select(told => told.Type).Where(type => type.StartsWith("purchase.", StringComparison.Ordinal))];

    private protected sealed record Shop(Till Till, string Tenant, string Type, string Pack);

    /// <param name="Id">As the API names it.</param>
    /// <param name="Number">As the provider knows it.</param>
    private protected sealed record Order(Shop Shop, string Id, string Number);
}
