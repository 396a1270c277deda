using System.Globalization;
using System.Net.Http.Headers;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove.Payments;

/// <summary>
/// A server that is a process of its own and sells 500 credits for 10.00, with both providers as fakes in this process.
/// Its callers are as they should be: what got no answer is asked for again, with the same key.
/// </summary>
internal sealed class Market : IAsyncDisposable
{
    public const string Type = "sms";
    public const decimal Credits = 500;
    public const decimal Price = 10.00m;

    private readonly HttpClient http;
    private int numbers;

    private Market(ServerProcess server, StripeTill stripe, MercadoPagoTill mercadoPago)
    {
        (Server, Stripe, MercadoPago) = (server, stripe, mercadoPago);
        http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.Key);
        Client = new TopupClient(http, new TopupClientOptions { RetryMax = 2_000, DelayMax = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMinutes(2) });
    }

    public ServerProcess Server { get; }

    public StripeTill Stripe { get; }

    public MercadoPagoTill MercadoPago { get; }

    public IReadOnlyList<Till> Tills => [Stripe, MercadoPago];

    public TopupClient Client { get; }

    public int AnswersUnderWay => Tills.Sum(till => till.Provider.AnswersUnderWay);

    public static Task<Market> OnSqlite(string folder) => Open(settings => ServerProcess.OnSqlite(folder, settings));

    public static Task<Market> OnPostgres(string connectionString) => Open(settings => ServerProcess.OnPostgres(connectionString, settings));

    /// <summary>The credit type that holds a till's money.</summary>
    public static string MoneyOf(Till till) => till.Currency.ToLowerInvariant();

    public static string PackOf(Till till) => "pack-" + MoneyOf(till);

    public string NewName(string noun) => string.Create(CultureInfo.InvariantCulture, $"{noun}-{Interlocked.Increment(ref numbers)}");

    /// <summary>A new tenant buys; the page is open, and nothing is paid.</summary>
    public async Task<Sale> Sell(Till till, string? pack = null, string? plan = null)
    {
        var tenant = NewName("tenant");
        await Client.SaveTenant(tenant, new TenantRequest { Name = tenant, Plan = plan });
        var bought = await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack ?? PackOf(till), Method = till.Method }, "buy-" + tenant);
        return new Sale(till, tenant, bought.Id);
    }

    /// <summary>A provider's notification. It is lost when the server is not there.</summary>
    public static async Task<bool> Deliver(Till till, FakeNotification notification)
    {
        try
        {
            return (int)await till.Provider.Deliver(till.Again(notification)) == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The buyer comes back, if the server is there.</summary>
    public async Task Return(Sale sale)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Server.Address, sale.Till.ReturnAddress(sale.Number).PathAndQuery));
        }
        catch (HttpRequestException)
        {
            // They close the browser.
        }
    }

    public Task<PurchaseView> Check(Sale sale) => Client.CheckPurchase(sale.Id);

    /// <summary>What the ledger has of a sale, once everybody has looked.</summary>
    public async Task<Books> Look(Sale sale)
    {
        var entries = new List<EntryView>();
        await foreach (var entry in Client.ListEntries(sale.Tenant)) entries.Add(entry);
        var pool = (await Client.GetPool(sale.Tenant, Type)).Remaining;
        var money = (await Client.GetPool(sale.Tenant, MoneyOf(sale.Till))).Remaining.Total;
        return new Books(entries, pool, money);
    }

    public async Task Verify()
    {
        var report = await Client.VerifyLedger();
        BrokenPromiseException.Unless(report.Ok, "The ledger does not verify: " + string.Join("; ", report.Differences));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        http.Dispose();
        await Server.DisposeAsync();
        foreach (var till in Tills) await till.Provider.DisposeAsync();
    }

    private static async Task<Market> Open(Func<IEnumerable<(string Name, string Value)>, Task<ServerProcess>> start)
    {
        var (stripe, mercadoPago) = (new FakeStripe(TimeProvider.System), new FakeMercadoPago(TimeProvider.System));
        var tills = new Till[] { new StripeTill(stripe), new MercadoPagoTill(mercadoPago) };
        foreach (var till in tills)
        {
            till.Provider.KeepsRequests = false;
            await till.Provider.Start();
        }
        var server = await start([.. tills.SelectMany(till => till.Settings), ("PublicUrl", "https://topup.example.com")]);
        var market = new Market(server, (StripeTill)tills[0], (MercadoPagoTill)tills[1]);
        await market.Client.SaveCreditType(Type, new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 });
        foreach (var till in tills)
        {
            till.Provider.Receiver = server.Address;
            await market.Client.SaveCreditType(MoneyOf(till), new CreditTypeRequest { Name = till.Currency, Unit = till.Currency, Decimals = 2, Currency = till.Currency });
            await market.Client.SavePack(PackOf(till), new PackRequest { Type = Type, Name = "500 SMS", Credits = Credits, Price = Price, Currency = till.Currency });
        }
        return market;
    }
}

/// <param name="Id">As the API names it.</param>
internal sealed record Sale(Till Till, string Tenant, string Id)
{
    /// <summary>As the provider knows it.</summary>
    public string Number { get; } = Id.Split('~')[1];
}

/// <param name="Money">On the balance in the till's currency.</param>
internal sealed record Books(List<EntryView> Entries, Remaining Pool, decimal Money)
{
    public IEnumerable<EntryView> Of(string kind) => Entries.Where(entry => entry.Kind == kind && entry.Type == Market.Type);
}
