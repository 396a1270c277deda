using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P6: monthly first, then purchased. Random lives of pools on a running server against a model that spends one credit at
/// a time by the plainest reading of the order of draws.
/// </summary>
internal sealed class P06DrawOrder : Proof
{
    private const int Sequences = 100_000;

    public override string Name => "P6";

    public override string Promise => "Monthly first, then purchased, the soonest to expire first; one use may span both; unlimited touches nothing else.";

    public override async Task Run(Trial trial)
    {
        await using var host = await TestHost.Start(DatabaseKind.Sqlite, Differential.Settings);
        var differential = new Differential([host]);
        var sequences = trial.Of(Sequences);
        await differential.Run(trial.Seed, sequences);
        trial.Ran("sequences", sequences);
        trial.Ran("steps", differential.Steps);
        trial.Fault("draws over allowance and lots", differential.DrawsOverBoth);
        trial.Fault("periods turned", differential.Periods - sequences);
        trial.Fault("clock jumps back", differential.ClockJumpsBack);
    }
}
