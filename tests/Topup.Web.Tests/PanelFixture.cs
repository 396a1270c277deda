using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Tenancy;
using Topup.Server.Tenancy.Operators;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

/// <summary>One server for the tests of a class, with an owner who can sign in. Its clock goes on by itself.</summary>
public sealed class SqlitePanel(Browser browser) : PanelFixture(browser, DatabaseKind.Sqlite);

public sealed class PostgresPanel(Browser browser) : PanelFixture(browser, DatabaseKind.Postgres);

public abstract class PanelFixture : IAsyncLifetime
{
    public const string SetupToken = "setup-token-of-the-tests-0123456789";
    public const string Email = "owner@example.com";
    public const string Password = "correct horse battery staple";

    /// <summary>One dot.</summary>
    public const string Logo = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly Browser browser;
    private readonly DatabaseKind kind;
    private readonly string[] settings;

    private protected PanelFixture(Browser browser, DatabaseKind kind, params string[] settings) => (this.browser, this.kind, this.settings) = (browser, kind, settings);

    /// <summary>Where backups would be put.</summary>
    internal DirectoryInfo Backups { get; } = Directory.CreateTempSubdirectory("topup-backups-");

    internal TestHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await TestHost.Start(kind, ["--Topup:SetupToken=" + SetupToken, "--Topup:SecretKey=" + Convert.ToBase64String(new byte[32]),
            "--Topup:BackupFolder=" + Backups.FullName, .. settings]);
        var made = await Host.Services.GetRequiredService<SetUpOwner>().Run(SetupToken, Email, "Olive Owner", Password, CancellationToken.None);
        if (made.Problem is { } problem) throw new InvalidOperationException(problem.Detail);
    }

    /// <summary>A browser in which nobody is signed in.</summary>
    internal Task<PageUnderTest> Open(Look look) => PageUnderTest.Open(browser, Host.Url, look);

    /// <summary>A browser in which the owner is signed in.</summary>
    internal Task<PageUnderTest> OpenAsOwner(Look look) => OpenAs(look, Email);

    /// <summary>A browser in which somebody new of this role is signed in.</summary>
    internal async Task<PageUnderTest> OpenAsNew(Look look, string role)
    {
        var owner = new Caller("staff:test", "test", Scope.All, null);
        var email = Host.NewName(role) + "@example.com";
        var invited = await Host.Services.GetRequiredService<InviteOperator>()
            .Run(new StaffInvitation { Email = email, Role = role }, owner, Author.Of(owner), CancellationToken.None);
        var joined = await Host.Services.GetRequiredService<AcceptInvite>().Run(invited.Value.Url.Split('/')[^1], role, Password, CancellationToken.None);
        return joined.Problem is { } problem ? throw new InvalidOperationException(problem.Detail) : await OpenAs(look, email);
    }

    private async Task<PageUnderTest> OpenAs(Look look, string email)
    {
        var entered = await Host.Services.GetRequiredService<SignIn>().Run(new SignInRequest(email, Password), "127.0.0.1", "a test", CancellationToken.None);
        var page = await Open(look);
        await page.Page.Context.AddCookiesAsync([new Cookie { Name = "topup-staff", Value = entered.Token, Url = Host.Url.ToString(), HttpOnly = true }]);
        return page;
    }

    /// <summary>Asks of a page of the owner that it is sound in every look.</summary>
    internal Task ShouldBeSoundInEveryLook(string path, string name) => ShouldBeSoundInEveryLook((path, name));

    /// <summary>The same of several in the same browsers: to sign in costs more than to look.</summary>
    internal Task ShouldBeSoundInEveryLook(params (string Path, string Name)[] pages) => PageUnderTest.ShouldBeSoundInEveryLook(OpenAsOwner, pages);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Backups.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
