using Shouldly;
using Topup.Testing;
using Topup.Testing.Proofs;
using Xunit;

namespace Topup.Server.Tests.Proofs;

/// <summary>Every reply of a server is that of the model, on either database. Set <c>TOPUP_SEED</c> to run the same lives again.</summary>
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int Lives = 1_000;

    [Fact]
    public async Task Random_lives_get_the_replies_of_the_model_on_both_databases()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("TOPUP_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"TOPUP_SEED={seed}");
        await using var sqlite = await TestHost.Start(DatabaseKind.Sqlite, Differential.Settings);
        await using var postgres = await TestHost.Start(DatabaseKind.Postgres, Differential.Settings);
        var differential = new Differential([sqlite, postgres]);
        await differential.Run(seed, Lives);
        differential.Steps.ShouldBe(2 * Lives * Differential.StepsOfOneLife);
        differential.Repeats.ShouldBeGreaterThan(0);
        differential.ClockJumpsBack.ShouldBeGreaterThan(0);
        differential.DrawsOverBoth.ShouldBeGreaterThan(0);
    }
}
