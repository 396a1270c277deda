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
        foreach (var look in Look.All)
        {
            await using var page = await PageUnderTest.Open(browser, host.Url, look);
            (await page.Go("/nowhere")).Status.ShouldBe(404);
            await page.ShouldBeSound("nothing-here");
        }
    }
}
