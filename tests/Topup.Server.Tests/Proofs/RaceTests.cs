using System.Globalization;
using Shouldly;
using Topup.Testing;
using Topup.Testing.Proofs;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>Whoever comes at the same time, a credit is spent once and a key has one effect.</summary>
public abstract class RaceTests
{
    private const int Callers = 1_000;
    private const int Repeats = 50;

    private protected abstract Task<TestHost[]> Start();

    [Fact]
    public Task Of_a_thousand_callers_for_one_credit_exactly_one_gets_it() => Run(Callers, async (races, host, type) =>
    {
        for (var round = 0; round < 3; round++)
        {
            var tenant = await host.NewTenant();
            await host.Grant(tenant, type, 1);
            await races.LastCredit(tenant, type, tenant);
            var pool = await host.Client.GetPool(tenant, type, TestContext.Current.CancellationToken);
            pool.Remaining.Total.ShouldBe(0);
            pool.Remaining.Debt.ShouldBe(0);
        }
    });

    [Fact]
    public Task The_same_key_many_times_at_once_has_one_effect_and_one_reply() => Run(Repeats, async (races, host, type) =>
    {
        var tenant = await host.NewTenant();
        await host.Grant(tenant, type, 100);
        for (var round = 1; round <= 10; round++)
        {
            var replays = await races.SameKey(tenant, type, string.Create(CultureInfo.InvariantCulture, $"key{round}"));
            replays.ShouldBe(Repeats - 1);
            (await host.Client.GetPool(tenant, type, TestContext.Current.CancellationToken)).Remaining.Total.ShouldBe(100 - round);
        }
    });

    private async Task Run(int callers, Func<Races, TestHost, string, Task> test)
    {
        var hosts = await Start();
        try
        {
            using var races = new Races([.. hosts.Select(host => host.Url)], callers, TestHost.BootstrapKey);
            await test(races, hosts[0], await hosts[0].NewType());
        }
        finally
        {
            foreach (var host in hosts) await host.DisposeAsync();
        }
    }
}

public sealed class RacesOnSqlite : RaceTests
{
    private protected override async Task<TestHost[]> Start() => [await TestHost.Start(DatabaseKind.Sqlite)];
}

public sealed class RacesOnPostgres : RaceTests
{
    private protected override async Task<TestHost[]> Start() => [await TestHost.Start(DatabaseKind.Postgres)];
}

public sealed class RacesOfTwoServersOnPostgres : RaceTests
{
    private protected override async Task<TestHost[]> Start()
    {
        var database = "--Topup:Database=" + await (await PrivatePostgres.Shared).NewDatabase();
        return [await TestHost.Start(DatabaseKind.Postgres, database), await TestHost.Start(DatabaseKind.Postgres, database)];
    }
}
