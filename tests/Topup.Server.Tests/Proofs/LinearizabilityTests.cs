using System.Globalization;
using Shouldly;
using Topup.Testing;
using Topup.Testing.Proofs;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>Every account behaves as if its calls came one after the other, also across servers, reads included.</summary>
public abstract class LinearizabilityTests
{
    private const int Histories = 100;
    private const int Calls = 40;
    private const int Callers = 6;

    private protected abstract Task<TestHost[]> Start();

    [Fact]
    public async Task Histories_are_linearizable()
    {
        var hosts = await Start();
        var callers = Enumerable.Range(0, Callers).Select(i => new LoadClient(hosts[i % hosts.Length].Url, TestHost.BootstrapKey)).ToArray();
        try
        {
            var type = await hosts[0].NewType();
            var overlaps = 0;
            for (var seed = 0; seed < Histories; seed++)
            {
                var calls = await History.Record(callers, await hosts[0].NewTenant(), type, Calls, seed);
                History.IsLinearizable(calls).ShouldBeTrue($"History {seed}:\n{string.Join('\n', calls)}");
                overlaps += History.Overlaps(calls);
            }
            overlaps.ShouldBeGreaterThan(Histories);
        }
        finally
        {
            foreach (var caller in callers) caller.Dispose();
            foreach (var host in hosts) await host.DisposeAsync();
        }
    }
}

public sealed class LinearizabilityOnSqlite : LinearizabilityTests
{
    private protected override async Task<TestHost[]> Start() => [await TestHost.Start(DatabaseKind.Sqlite)];
}

public sealed class LinearizabilityOfTwoServersOnPostgres : LinearizabilityTests
{
    private protected override async Task<TestHost[]> Start()
    {
        var database = "--Topup:Database=" + await (await PrivatePostgres.Shared).NewDatabase();
        return [await TestHost.Start(DatabaseKind.Postgres, database), await TestHost.Start(DatabaseKind.Postgres, database)];
    }
}

/// <summary>A checker that finds nothing wrong is only worth something if it finds what is wrong.</summary>
public sealed class HistoryTests
{
    [Theory]
    [InlineData("a grant and a later use", true, "grant 5 5 0-1", "consume 2 3 2-3")]
    [InlineData("overlapping calls in either order", true, "grant 5 5 0-9", "consume 5 0 1-8", "read 0 0 2-3")]
    [InlineData("a stale read", false, "grant 5 5 0-1", "consume 2 3 2-3", "read 0 5 4-5")]
    [InlineData("the last credit spent twice", false, "grant 1 1 0-1", "consume 1 0 2-5", "consume 1 0 3-4")]
    [InlineData("a refusal while there was enough", false, "grant 5 5 0-1", "refuse 2 5 2-3")]
    [InlineData("a refusal before the grant was answered", true, "grant 5 5 0-9", "refuse 2 0 2-3")]
    [InlineData("a lost use", false, "grant 5 5 0-1", "consume 2 3 2-3", "consume 2 3 4-5")]
    public void The_checker_knows_right_from_wrong(string what, bool isRight, params string[] calls) =>
        History.IsLinearizable([.. calls.Select(Parse)]).ShouldBe(isRight, what);

    private static Call Parse(string text)
    {
        var words = text.Split(' ', '-');
        var numbers = words[1..].Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var kind = words[0] switch { "grant" => CallKind.Grant, "read" => CallKind.Read, _ => CallKind.Consume };
        return new Call(kind, numbers[0], words[0] != "refuse", numbers[1], numbers[2], numbers[3]);
    }
}
