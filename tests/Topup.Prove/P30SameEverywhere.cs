using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>P30: SQLite and PostgreSQL behave the same. The same random lives on both and on the model, every reply compared.</summary>
internal sealed class P30SameEverywhere : Proof
{
    private const int Sequences = 10_000;

    public override string Name => "P30";

    public override string Promise => "SQLite, PostgreSQL and the model give the same reply to every request.";

    public override async Task Run(Trial trial)
    {
        await using var sqlite = await TestHost.Start(DatabaseKind.Sqlite, Differential.Settings);
        await using var postgres = await TestHost.Start(DatabaseKind.Postgres, Differential.Settings);
        var differential = new Differential([sqlite, postgres]);
        var sequences = trial.Of(Sequences);
        await differential.Run(trial.Seed, sequences);
        trial.Ran("sequences", sequences);
        trial.Ran("replies compared", differential.Steps);
        trial.Fault("repeats with the key", differential.Repeats);
        trial.Fault("clock jumps back", differential.ClockJumpsBack);
    }
}
