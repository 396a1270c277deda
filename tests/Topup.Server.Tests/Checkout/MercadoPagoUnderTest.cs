using Microsoft.Extensions.Logging;
using Topup.Domain;
using Topup.Domain.Checkout;
using Topup.Server.Checkout;
using Topup.Server.Checkout.Providers;
using Topup.Server.Checkout.Providers.MercadoPago;
using Topup.Testing;
using Topup.Testing.Fakes;
using Xunit;

namespace Topup.Server.Tests.Checkout;

/// <summary>The Mercado Pago provider and its notifier against a fake of it, without the server around them.</summary>
internal sealed class MercadoPagoUnderTest : IProviderSettings, IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static readonly DateTimeOffset Beginning = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static readonly Buyer Buyer = new(
        "Ana", "ana@example.com", "pt-BR", "", "https://topup.example.com/return/abc", "https://topup.example.com/webhooks/mercadopago");

    private readonly HttpClient http = new();
    private readonly ListLogger log = new();

    private MercadoPagoUnderTest()
    {
        Fake = new FakeMercadoPago(Clock);
        var client = new MercadoPagoClient(http, Clock, log) { DelayFirst = TimeSpan.FromMilliseconds(4), TryMax = TimeSpan.FromSeconds(1), Budget = TimeSpan.FromSeconds(4) };
        Provider = new MercadoPagoProvider(this, client, Clock);
        Notifier = new MercadoPagoNotifier(this, client);
    }

    public ManualClock Clock { get; } = new(Beginning);

    public FakeMercadoPago Fake { get; }

    public MercadoPagoProvider Provider { get; }

    public MercadoPagoNotifier Notifier { get; }

    public MercadoPagoOptions Options { get; set; } = new();

    /// <summary>Everything that was logged.</summary>
    public string Log => log.Text;

    public static async Task<MercadoPagoUnderTest> Start(SignatureMode signatures = SignatureMode.FetchOnMismatch)
    {
        var test = new MercadoPagoUnderTest();
        await test.Fake.Start();
        test.Options = test.Fake.Options(signatures);
        return test;
    }

    /// <summary>A purchase that is written down and not opened yet.</summary>
    public PurchaseRow NewPurchase(long price = 2_990, string currency = "BRL") => new()
    {
        Tenant = "tenant-1",
        Purchase = new Purchase
        {
            Order = Guid.CreateVersion7(Clock.GetUtcNow()).ToString(), Method = PaymentMethod.MercadoPago, Type = "sms", Credits = 500, Price = price, Currency = currency,
        },
        Pack = "sms-500",
        Title = "500 SMS",
        ReturnToken = "abc",
        Key = "key",
        Fingerprint = 1,
        Actor = "api",
        CreatedAt = Instant.From(Clock.GetUtcNow()),
        ExpiresAt = Instant.From(Clock.GetUtcNow().AddHours(2)),
    };

    /// <summary>A purchase whose page is open.</summary>
    public async Task<PurchaseRow> OpenPurchase(long price = 2_990, string currency = "BRL")
    {
        var row = NewPurchase(price, currency);
        var page = await Provider.Open(row, Buyer, Stop);
        return row with { Checkout = page.Value.Id, CheckoutUrl = page.Value.Url };
    }

    /// <summary>What the provider says of a purchase, where it must say something.</summary>
    public async Task<PaymentTruth> Fetch(PurchaseRow row, string hint = "") => (await Provider.Fetch(row, hint, Stop)).Value;

    public static RefundRow NewRefund(PurchaseRow row, string payment, long amount) => new()
    {
        Tenant = row.Tenant,
        Order = row.Purchase.Order,
        Id = Guid.NewGuid().ToString(),
        Amount = amount,
        Status = RefundStatus.Requested,
        Payment = payment,
        Reason = "asked for",
        Key = "key",
        Fingerprint = 1,
        Actor = "api",
        CreatedAt = row.CreatedAt,
        ChangedAt = row.CreatedAt,
    };

    /// <summary>As if the number of our account had to be asked for again: a new provider over the same fake.</summary>
    public MercadoPagoProvider NewProvider() => new(this, new MercadoPagoClient(http, Clock, log), Clock);

    public Task<StripeOptions> Stripe(CancellationToken stop) => throw new NotSupportedException();

    public Task<MercadoPagoOptions> MercadoPago(CancellationToken stop) => Task.FromResult(Options);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Fake.DisposeAsync();
    }

    private sealed class ListLogger : ILogger<MercadoPagoClient>
    {
        private readonly List<string> lines = [];

        public string Text
        {
            get { lock (lines) return string.Join('\n', lines); }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add(formatter(state, exception) + exception);
        }
    }
}
