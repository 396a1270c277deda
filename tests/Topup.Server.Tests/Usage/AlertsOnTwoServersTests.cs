using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Topup.Contracts;
using Topup.Server.Ledger;
using Topup.Server.Usage;
using Topup.Testing;
using Xunit;

namespace Topup.Server.Tests.Usage;

/// <summary>Two servers on one PostgreSQL look at the same moment, and one of them tells.</summary>
public sealed class AlertsOnTwoServersTests(PostgresHost host) : ServerTests(host), IClassFixture<PostgresHost>
{
    private const int Tenants = 20;

    [Fact]
    public async Task What_expires_soon_and_what_runs_short_is_told_once()
    {
        await using var other = await TopupServer.Build(
        [
            "--urls", "http://127.0.0.1:0", "--Topup:Database=" + Host.Services.GetRequiredService<IConfiguration>()["Topup:Database"],
            "--Topup:VerifyEveryHours=0", "--Logging:LogLevel:Default=Error",
        ], Host.Clock);
        await other.StartAsync(Stop);
        var sms = Host.NewName("type");
        await Client.SaveCreditType(sms, new CreditTypeRequest { Name = "x", Unit = "x", Decimals = 0, LowPercent = null, RunwayDays = 5 }, stop: Stop);
        var tenants = new List<string>();
        for (var i = 0; i < Tenants; i++) tenants.Add(await Host.NewTenant());
        foreach (var tenant in tenants) await Host.Grant(tenant, sms, 100, expiresAt: TestHost.Beginning.AddDays(12));
        for (var day = 0; day < 8; day++)
        {
            await Task.WhenAll(tenants.Select(tenant => Host.Consume(tenant, sms, 10)));
            Host.Clock.Advance(TimeSpan.FromDays(1));
        }
        await other.Services.GetRequiredService<Topup.Server.Catalog.CatalogCache>().Refresh(Stop);

        IServiceProvider[] servers = [Host.Services, other.Services];
        await Task.WhenAll(servers.SelectMany(server => new Task[]
        {
            server.GetRequiredService<SettleWorker>().Run(Stop), server.GetRequiredService<Forewarner>().Run(Stop),
        }));

        foreach (var tenant in tenants)
        {
            var told = (await Host.Events(tenant)).Select(news => news.Type).Where(type => type is "credits.expiring" or "credits.low");
            string.Join(' ', told.Order(StringComparer.Ordinal)).ShouldBe("credits.expiring credits.low");
        }
        await other.StopAsync(Stop);
    }
}
