using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Server.Tenancy.Operators;
using Topup.Testing;
using Xunit;

namespace Topup.Web.Tests;

public sealed class SorryPageTests(Browser browser)
{
    [Fact]
    public async Task An_address_where_nothing_is_says_so_in_every_look()
    {
        await using var host = await TestHost.Start(DatabaseKind.Sqlite);
        await PageUnderTest.ShouldBeSoundInEveryLook(look => PageUnderTest.Open(browser, host.Url, look), ("/nowhere", "nothing-here"));
        (await host.Http.GetAsync(new Uri("/nowhere", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task While_the_database_is_away_a_page_says_so_in_words_and_it_is_back_when_the_database_is()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var postgres = await PrivatePostgres.Start();
        await using var host = await TestHost.Start(DatabaseKind.Postgres, "--Topup:Database=" + await postgres.NewDatabase(), "--Topup:SetupToken=" + PanelFixture.SetupToken, "--Logging:LogLevel:Default=None");
        await host.Services.GetRequiredService<SetUpOwner>().Run(PanelFixture.SetupToken, PanelFixture.Email, "Olive Owner", PanelFixture.Password, stop);
        var entered = await host.Services.GetRequiredService<SignIn>().Run(new SignInRequest(PanelFixture.Email, PanelFixture.Password), "127.0.0.1", "a test", stop);

        await postgres.StopImmediate();
        var (status, words) = await Ask();
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        words.ShouldContain("The database cannot be reached. Nothing was changed; try again in a moment.");

        await postgres.Restart();
        (status, words) = await Ask();
        status.ShouldBe(HttpStatusCode.OK);
        words.ShouldContain("Overview");

        async Task<(HttpStatusCode, string)> Ask()
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri("/admin", UriKind.Relative)) { Headers = { { "Cookie", "topup-staff=" + entered.Token }, { "Accept", "text/html" } } };
            using var answer = await host.Http.SendAsync(asked, stop);
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/html");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(stop));
        }
    }
}
