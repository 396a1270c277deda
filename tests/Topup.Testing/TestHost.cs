using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Topup.Client;
using Topup.Contracts;
using Topup.Server;
using Topup.Server.Ledger;

namespace Topup.Testing;

internal enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>
/// The real server in this process, on a free port of 127.0.0.1 and a new database, with a clock that stands still. When
/// it ends, its ledger must verify.
/// </summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string BootstrapKey = "test-key-with-full-rights-0123456789";

    /// <summary>Where the clock of every host begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication app;
    private readonly string folder;
    private int names;

    private TestHost(WebApplication app, ManualClock clock, string folder)
    {
        this.app = app;
        this.folder = folder;
        Clock = clock;
        Url = new Uri(app.Urls.First());
        Http = NewHttp(BootstrapKey);
        Client = new TopupClient(Http);
    }

    public Uri Url { get; }

    public ManualClock Clock { get; }

    /// <summary>With full rights.</summary>
    public TopupClient Client { get; }

    /// <summary>With full rights, for what the client would not send.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="settings">Such as <c>--Topup:TimeZone=America/Sao_Paulo</c>.</param>
    public static async Task<TestHost> Start(DatabaseKind kind, params string[] settings)
    {
        var clock = new ManualClock(Beginning);
        var folder = Directory.CreateTempSubdirectory("topup-host-").FullName;
        var connectionString = kind == DatabaseKind.Postgres ? await (await PrivatePostgres.Shared).NewDatabase() : "";
        var app = await TopupServer.Build(
        [
            "--urls", "http://127.0.0.1:0", "--Topup:BootstrapKey=" + BootstrapKey, "--Topup:Data=" + folder,
            "--Topup:Database=" + connectionString, "--Topup:VerifyEveryHours=0", "--Logging:LogLevel:Default=Error", .. settings,
        ], clock);
        await app.StartAsync();
        return new TestHost(app, clock, folder);
    }

    /// <summary>Requests under another key; empty: under none.</summary>
    public HttpClient NewHttp(string key)
    {
        var http = new HttpClient { BaseAddress = Url };
        if (key.Length > 0) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>A name that was not used on this host yet.</summary>
    public string NewName(string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{noun}-{Interlocked.Increment(ref names)}");

    /// <summary>A new credit type and its code.</summary>
    public async Task<string> NewType(
        int decimals = 0, string? currency = null, decimal? debtLimit = null, bool needsActivePlan = false, decimal? lowAmount = null,
        int? lowPercent = null)
    {
        var code = NewName("type");
        await Client.SaveCreditType(code, new CreditTypeRequest
        {
            Name = code, Unit = "credit", Decimals = decimals, Currency = currency, DebtLimit = debtLimit, NeedsActivePlan = needsActivePlan,
            LowAmount = lowAmount, LowPercent = lowPercent,
        });
        return code;
    }

    /// <summary>A new plan and its code. An allowance of -1 has no end.</summary>
    public async Task<string> NewPlan(params (string Type, decimal Allowance)[] allowances)
    {
        var code = NewName("plan");
        await SavePlan(code, allowances);
        return code;
    }

    public Task<PlanView> SavePlan(string code, params (string Type, decimal Allowance)[] allowances) =>
        Client.SavePlan(code, new PlanRequest
        {
            Name = code, Allowances = allowances.ToDictionary(allowance => allowance.Type, allowance => allowance.Allowance),
        });

    /// <summary>A new tenant and its id.</summary>
    public async Task<string> NewTenant(string? plan = null, int renewalDay = 1)
    {
        var id = NewName("tenant");
        await SaveTenant(id, plan, renewalDay);
        return id;
    }

    public Task<TenantView> SaveTenant(string id, string? plan, int? renewalDay = null, string? status = null) =>
        Client.SaveTenant(id, new TenantRequest { Name = id, Plan = plan, RenewalDay = renewalDay, Status = status });

    /// <summary>A new pack and its code.</summary>
    public async Task<string> NewPack(string type, decimal credits, decimal price, string currency)
    {
        var code = NewName("pack");
        await Client.SavePack(code, new PackRequest { Type = type, Name = code, Credits = credits, Price = price, Currency = currency });
        return code;
    }

    /// <summary>Gives a tenant credits, and returns the id of the grant.</summary>
    public async Task<string> Grant(
        string tenant, string type, decimal amount, string source = "adjustment", DateTimeOffset? expiresAt = null, DateTimeOffset? effectiveAt = null) =>
        (await Client.GrantCredits(new GrantRequest
        {
            Tenant = tenant, Type = type, Amount = amount, Source = source, ExpiresAt = expiresAt, EffectiveAt = effectiveAt, Reason = "test",
        })).Grant;

    public Task<ConsumeReply> Consume(string tenant, string type, decimal amount = 1, string? key = null, string? onShortage = null) =>
        Client.ConsumeCredits(new ConsumeRequest { Tenant = tenant, Type = type, Amount = amount, OnShortage = onShortage }, key);

    /// <summary>A key with these scopes, of one tenant or of all.</summary>
    public async Task<string> NewKey(string? tenant, params string[] scopes) =>
        (await Client.CreateApiKey(new ApiKeyRequest { Name = NewName("key"), Scopes = scopes, Tenant = tenant })).Key;

    /// <summary>Every event of a tenant so far.</summary>
    public async Task<IReadOnlyList<EventView>> Events(string tenant)
    {
        var events = new List<EventView>();
        await foreach (var @event in Client.ListEvents(tenant: tenant)) events.Add(@event);
        return events;
    }

    /// <summary>Works off what has expired, as the server does by itself every few seconds.</summary>
    public Task<int> Settle() => app.Services.GetRequiredService<SettleWorker>().Run(CancellationToken.None);

    /// <summary>Fails if any sum of the ledger does not come out. Not over HTTP: millions of entries take longer than a client waits.</summary>
    public async Task Verify()
    {
        var report = await app.Services.GetRequiredService<VerifyLedger>().Run(tenant: null, CancellationToken.None);
        if (!report.Ok) throw new InvalidOperationException("The ledger does not verify: " + string.Join("; ", report.Differences));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Verify();
        }
        finally
        {
            Client.Dispose();
            Http.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
