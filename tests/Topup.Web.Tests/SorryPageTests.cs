using Shouldly;
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
        (await host.Http.GetAsync(new Uri("/nowhere", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }
}
