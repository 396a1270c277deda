using Shouldly;
using Topup.Client;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests;

/// <summary>Tests through the client, over real HTTP. The clock begins anew for each, and after each the ledger must verify.</summary>
public abstract class ServerTests(HostFixture fixture) : IAsyncLifetime
{
    private protected TestHost Host => fixture.Host;

    private protected TopupClient Client => Host.Client;

    private protected HostFixture Fixture => fixture;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Host.Clock.Set(TestHost.Beginning);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.Verify();
        GC.SuppressFinalize(this);
    }

    private protected static async Task<TopupException> Refused(Task call, int status, string code, string? field = null)
    {
        var refused = await Should.ThrowAsync<TopupException>(call);
        (refused.Status, refused.Code, refused.Field).ShouldBe((status, code, field));
        return refused;
    }

    private protected static async Task<List<T>> All<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items) all.Add(item);
        return all;
    }
}
