using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Topup.Client;
using Topup.Contracts;
using Topup.Domain.Checkout;
using Topup.Server.Storage;
using Topup.Testing;
using Topup.Testing.Fakes;

namespace Topup.Server.Tests.Checkout;

/// <summary>
/// A whole server that sells by Stripe and Mercado Pago. No notification is ever delivered, and the reconciler forgets every
/// purchase as soon as it is made: whatever becomes of the money, nobody tells.
/// </summary>
internal sealed class ReconciledShop : IAsyncDisposable
{
    private readonly ManualClock clock;
    private readonly Dictionary<string, string> packs = [];

    private ReconciledShop(ManualClock clock, FakeStripe stripe, FakeMercadoPago mercadoPago, TestHost host) =>
        (this.clock, Stripe, MercadoPago, Host) = (clock, stripe, mercadoPago, host);

    public FakeStripe Stripe { get; }

    public FakeMercadoPago MercadoPago { get; }

    public TestHost Host { get; }

    public TopupClient Client => Host.Client;

    public required string Type { get; init; }

    /// <summary>The credit type that holds the tenant's money of a method's currency.</summary>
    public static string MoneyOf(string method) => method == PaymentMethod.Stripe ? "usd" : "brl";

    public static async Task<ReconciledShop> Start(DatabaseKind kind)
    {
        var clock = new ManualClock(TestHost.Beginning);
        var (stripe, mercadoPago) = (new FakeStripe(clock), new FakeMercadoPago(clock));
        await stripe.Start();
        await mercadoPago.Start();
        var host = await TestHost.Start(kind,
            "--Topup:PublicUrl=https://topup.example.com", $"--Topup:Stripe:ApiBase={stripe.Url}", $"--Topup:Stripe:SecretKey={stripe.SecretKey}",
            $"--Topup:MercadoPago:ApiBase={mercadoPago.Url}", $"--Topup:MercadoPago:AccessToken={mercadoPago.AccessToken}");
        var shop = new ReconciledShop(clock, stripe, mercadoPago, host) { Type = await host.NewType() };
        foreach (var (method, currency) in new[] { (PaymentMethod.Stripe, "USD"), (PaymentMethod.MercadoPago, "BRL") })
        {
            await host.Client.SaveCreditType(MoneyOf(method), new CreditTypeRequest { Name = currency, Unit = currency, Decimals = 2, Currency = currency });
            shop.packs[method] = await host.NewPack(shop.Type, 500, 12.50m, currency);
        }
        return shop;
    }

    /// <summary>A purchase whose page is open.</summary>
    public async Task<PurchaseView> Order(string method)
    {
        // Else what is open already would not be ordered twice.
        var tenant = await Host.NewTenant();
        var ordered = await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = packs[method], Method = method });
        await Forget();
        return ordered;
    }

    /// <summary>A purchase that was paid, and nobody knows; and the provider's id of the payment.</summary>
    public async Task<(PurchaseView Purchase, string Payment)> Paid(string method)
    {
        var ordered = await Order(method);
        return (ordered, Pay(ordered));
    }

    /// <summary>A purchase that was paid and credited.</summary>
    public async Task<(PurchaseView Purchase, string Payment)> Credited(string method)
    {
        var (ordered, payment) = await Paid(method);
        return (await Client.CheckPurchase(ordered.Id), payment);
    }

    public string Pay(PurchaseView ordered) => ordered.Method == PaymentMethod.Stripe
        ? Stripe.Pay(Stripe.SessionOf(OrderOf(ordered)))
        : MercadoPago.Pay(OrderOf(ordered));

    public void Refund(string method, string payment, decimal amount)
    {
        if (method == PaymentMethod.Stripe) Stripe.Refund(payment, (long)(amount * 100));
        else MercadoPago.RefundAtPanel(payment, amount);
    }

    public void Dispute(string method, string payment)
    {
        if (method == PaymentMethod.Stripe) Stripe.Dispute(payment);
        else MercadoPago.ChargeBack(payment);
    }

    /// <summary>Money on the account that no page of ours took.</summary>
    public string PayElsewhere(string method, string order) => method == PaymentMethod.Stripe
        ? Stripe.PayElsewhere(order, 1_250)
        : MercadoPago.PayElsewhere(order, 12.50m);

    /// <summary>Makes a payment unknown to the provider.</summary>
    public void Lose(string method, string payment)
    {
        if (method == PaymentMethod.Stripe) Stripe.Forget(payment);
        else MercadoPago.Forget(payment);
    }

    public void Advance(TimeSpan by)
    {
        clock.Advance(by);
        Host.Clock.Advance(by);
    }

    /// <summary>Compares a method, ten minutes later; what it found of that method.</summary>
    public async Task<ReconciledMethod> Compare(string method)
    {
        Advance(TimeSpan.FromMinutes(10));
        return (await Client.RunReconciliation(new ReconciliationRequest { Method = method })).Methods[0];
    }

    public async Task<decimal> Left(PurchaseView purchase, string? type = null) =>
        (await Client.GetPool(purchase.Tenant, type ?? Type)).Remaining.Total;

    public static string OrderOf(PurchaseView purchase) => purchase.Id.Split('~')[1];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Stripe.DisposeAsync();
        await MercadoPago.DisposeAsync();
    }

    private Task<int> Forget() => Host.Services.GetRequiredService<Database>().Transact((connection, transaction) =>
        connection.ExecuteAsync("update purchases set check_at = @never", new { never = long.MaxValue }, transaction), CancellationToken.None);
}
