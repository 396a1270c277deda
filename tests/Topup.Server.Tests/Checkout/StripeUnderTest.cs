using Microsoft.Extensions.Logging;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.Stripe;
using Topup.Testing;
using Topup.Testing.Fakes;

namespace Topup.Server.Tests.Checkout;

/// <summary>The provider, its client and its notifier before a fake of Stripe, over real HTTP.</summary>
internal sealed class StripeUnderTest : IProviderSettings, ILogger<StripeClient>, IAsyncDisposable
{
    public static readonly Buyer Buyer = new("Ada", "ada@example.com", "pt-BR", "", "https://shop.example/back?t=1", "");

    /// <summary>As patient as the real one, but quick.</summary>
    public static readonly StripePatience Hasty = new()
    {
        Total = TimeSpan.FromSeconds(10), Try = TimeSpan.FromSeconds(5), DelayFirst = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(4),
    };

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly List<string> lines = [];

    private StripeUnderTest(StripePatience patience)
    {
        Fake = new FakeStripe(Clock);
        Client = new StripeClient(http, this, Clock, this, patience);
        Provider = new StripeProvider(Client, this, Clock);
        Notifier = new StripeNotifier(Client, this);
    }

    public ManualClock Clock { get; } = new(TestHost.Beginning);

    public FakeStripe Fake { get; }

    public StripeClient Client { get; }

    public StripeProvider Provider { get; }

    public StripeNotifier Notifier { get; }

    public StripeOptions Options { get; set; } = new();

    public string Log
    {
        get { lock (lines) return string.Join('\n', lines); }
    }

    public static async Task<StripeUnderTest> Start(StripePatience? patience = null)
    {
        var test = new StripeUnderTest(patience ?? Hasty);
        await test.Fake.Start();
        test.Options = new StripeOptions { ApiBase = test.Fake.Url, SecretKey = test.Fake.SecretKey, WebhookSecrets = [test.Fake.WebhookSecret] };
        return test;
    }

    /// <summary>A purchase that was just written down.</summary>
    public PurchaseRow Purchase(long price = 2500, string currency = "USD", bool savesCard = false) => new()
    {
        Tenant = "tenant-1",
        Purchase = new Purchase
        {
            Order = Guid.CreateVersion7().ToString(), Method = "stripe", Type = "sms", Credits = 500, Price = price, Currency = currency,
        },
        Pack = "sms-500", Title = "500 SMS", ReturnToken = "token", SavesCard = savesCard, Key = "key", Fingerprint = 1, Actor = "test",
        CreatedAt = Instant.From(Clock.GetUtcNow()), ExpiresAt = Instant.From(Clock.GetUtcNow().AddHours(1)),
    };

    /// <summary>A purchase whose page is open.</summary>
    public async Task<PurchaseRow> Opened(PurchaseRow? purchase = null, Buyer? buyer = null)
    {
        purchase ??= Purchase();
        var page = await Provider.Open(purchase, buyer ?? Buyer, CancellationToken.None);
        if (page.Failure is { } failure) throw new InvalidOperationException($"The page was not opened: {failure}.");
        return purchase with { Checkout = page.Value.Id, CheckoutUrl = page.Value.Url };
    }

    /// <summary>A purchase whose buyer has paid on the page.</summary>
    public async Task<PurchaseRow> Paid(PurchaseRow? purchase = null)
    {
        var opened = await Opened(purchase);
        Fake.Pay(opened.Checkout);
        return opened;
    }

    public async Task<PaymentTruth> Truth(PurchaseRow purchase) => (await Provider.Fetch(purchase, "", CancellationToken.None)).Value;

    public RefundRow RefundOf(PurchaseRow purchase, long amount) => new()
    {
        Tenant = purchase.Tenant, Order = purchase.Purchase.Order, Id = Guid.CreateVersion7().ToString(), Amount = amount, Status = RefundStatus.Requested,
        Payment = Fake.IntentOf(purchase.Purchase.Order), Reason = "asked", Key = "key", Fingerprint = 1, Actor = "test",
        CreatedAt = Instant.From(Clock.GetUtcNow()), ChangedAt = Instant.From(Clock.GetUtcNow()),
    };

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Fake.DisposeAsync();
    }

    Task<StripeOptions> IProviderSettings.Stripe(CancellationToken stop) => Task.FromResult(Options);

    Task<MercadoPagoOptions> IProviderSettings.MercadoPago(CancellationToken stop) => Task.FromResult(new MercadoPagoOptions());

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines) lines.Add($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
