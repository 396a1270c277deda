using Microsoft.Playwright;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests.Portal;

/// <summary>One server for the tests of a class, with a catalogue, and with tenants as each test wants them. Its clock goes on by itself.</summary>
public sealed class SqlitePortal(Browser browser) : PortalFixture(browser, DatabaseKind.Sqlite);

public sealed class PostgresPortal(Browser browser) : PortalFixture(browser, DatabaseKind.Postgres);

public abstract class PortalFixture : IAsyncLifetime
{
    private static readonly string[] All = ["view", "buy", "settings"];

    private readonly Browser browser;
    private readonly DatabaseKind kind;

    private protected PortalFixture(Browser browser, DatabaseKind kind) => (this.browser, this.kind) = (browser, kind);

    internal TestHost Host { get; private set; } = null!;

    private TopupClient Client => Host.Client;

    public async ValueTask InitializeAsync()
    {
        Host = await TestHost.Start(kind, "--Topup:Sandbox=true", "--Topup:SetupToken=" + PanelFixture.SetupToken, "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]));
        await Client.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0, LowPercent = 20 });
        await Client.SaveCreditType("email", new CreditTypeRequest { Name = "E-mail", Unit = "mail", Decimals = 0 });
        await Client.SaveCreditType("extras", new CreditTypeRequest { Name = "Extras", Unit = "credit", Decimals = 2 });
        await Client.SaveCreditType("balance", new CreditTypeRequest { Name = "Balance", Unit = "USD", Decimals = 2, Currency = "USD" });
        await Client.SavePlan("starter", new PlanRequest
        {
            Name = "Starter", Allowances = new Dictionary<string, decimal> { ["sms"] = 500, ["email"] = -1 },
        });
        await Client.SavePack("sms-500", new PackRequest { Type = "sms", Name = "500 SMS", Credits = 500, Price = 10, Currency = "USD" });
        await Client.SavePack("sms-5000", new PackRequest { Type = "sms", Name = "5,000 SMS", Credits = 5_000, Price = 80, Currency = "USD" });
        await Client.SavePack("sms-any", new PackRequest
        {
            Type = "sms", Name = "As many as you like", Credits = 500, Price = 10, Currency = "USD",
            Custom = new CustomAmountTerms { MinPrice = 5, MaxPrice = 500 },
        });
        await Client.SavePack("extras-any", new PackRequest
        {
            Type = "extras", Name = "Extras", Credits = 1, Price = 1, Currency = "USD", Custom = new CustomAmountTerms { MinPrice = 1, MaxPrice = 1_000 },
        });
        await Client.SavePack("email-1000", new PackRequest { Type = "email", Name = "1,000 e-mails", Credits = 1_000, Price = 5, Currency = "USD" });
        await Client.SaveAddOn("agent", new AddOnRequest { Type = "extras", Name = "AI agent", Description = "Answers in your name.", Price = 30 });
    }

    /// <summary>A new tenant on the plan, whose id it returns.</summary>
    internal async Task<string> NewTenant()
    {
        var id = Host.NewName("tenant");
        await Client.SaveTenant(id, new TenantRequest { Name = id, Plan = "starter" });
        return id;
    }

    /// <summary>A link to a portal, as the platform asks for it.</summary>
    internal async Task<string> NewLink(string tenant, string[]? scopes = null, string? embed = null, string? returnUrl = null) =>
        (await Client.CreatePortalSession(new PortalSessionRequest { Tenant = tenant, Scopes = scopes ?? All, Embed = embed, ReturnUrl = returnUrl })).Url;

    /// <summary>A browser in which the portal of a tenant is open.</summary>
    internal async Task<PageUnderTest> Open(string tenant, Look? look = null, string[]? scopes = null)
    {
        var page = await PageUnderTest.Open(browser, Host.Url, look ?? Look.Light);
        await page.Go(await NewLink(tenant, scopes));
        return page;
    }

    internal Task<PageUnderTest> OpenNothing(Look look) => PageUnderTest.Open(browser, Host.Url, look);

    internal async Task<decimal> Left(string tenant, string type) => (await Client.GetPool(tenant, type)).Remaining.Total;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

internal static class Acts
{
    public static Task Press(this PageUnderTest page, string button, bool exact = false) =>
        page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = exact }).ClickAsync();

    public static Task Follow(this PageUnderTest page, string link) => page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = link }).First.ClickAsync();

    public static Task See(this PageUnderTest page, string text) => page.Page.GetByText(text).First.WaitForAsync();
}
