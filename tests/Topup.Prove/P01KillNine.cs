using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P1: an acknowledged consume survives kill -9. 48 callers consume; the server is killed at a random moment and started
/// again; callers without an answer ask again with their key. No acknowledged use may be missing and none be there twice.
/// </summary>
internal sealed class P01KillNine : Proof
{
    private const int Cycles = 3_000;

    public override string Name => "P1";

    public override string Promise => "An acknowledged consume survives kill -9, and is there once.";

    /// <summary>Both databases at the same time: most of a cycle is one server starting, which one core does.</summary>
    public override async Task Run(Trial trial) => await Task.WhenAll(
        OnSqlite(trial, new Random(trial.Random.Next())), OnPostgres(trial, new Random(trial.Random.Next())));

    private static async Task OnSqlite(Trial trial, Random random)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.OnSqlite(folder.Path);
        await Run(trial, server, "SQLite", random);
    }

    private static async Task OnPostgres(Trial trial, Random random)
    {
        await using var postgres = await PrivatePostgres.Start();
        await using var server = await ServerProcess.OnPostgres(await postgres.NewDatabase());
        await Run(trial, server, "PostgreSQL", random);
    }

    private static async Task Run(Trial trial, ServerProcess server, string database, Random random)
    {
        using var load = new AckedLoad([server.Address]);
        var cycles = trial.Of(Cycles / 2);
        await KillLoop.Run(server, load, random, cycles);
        trial.Fault("kills on " + database, cycles);
        trial.Ran("acknowledged on " + database, load.Acknowledged);
        trial.Saw($"{database}: {load.Unanswered} in flight when killed, {load.TookEffectUnanswered} of them had taken effect; 0 lost, 0 doubled");
    }
}
