using System.Diagnostics;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P16: a crash of the database under load loses nothing. PostgreSQL is stopped as a crash would stop it and started
/// again, while callers go on; the server must find it again by itself.
/// </summary>
internal sealed class P16DatabaseRestart : Proof
{
    private const int Crashes = 200;
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(5);

    public override string Name => "P16";

    public override string Promise => "A crash of the database loses nothing, and the server is back within 5 s of it without a restart.";

    public override async Task Run(Trial trial)
    {
        await using var postgres = await PrivatePostgres.Start();
        await using var server = await ServerProcess.OnPostgres(await postgres.NewDatabase());
        using var load = new AckedLoad([server.Address]);
        await load.Prepare();
        var slowest = TimeSpan.Zero;
        var crashes = trial.Of(Crashes);
        for (var i = 0; i < crashes; i++)
        {
            using var enough = new CancellationTokenSource();
            var calls = load.Run(enough.Token);
            await Task.Delay(trial.Random.Next(200, 800));
            await postgres.StopImmediate();
            await Task.Delay(trial.Random.Next(0, 500));
            await postgres.Restart();
            var accepts = Stopwatch.GetTimestamp();
            while (load.LastSuccess < accepts && Stopwatch.GetElapsedTime(accepts) < RecoveryMax) await Task.Delay(5);
            BrokenPromiseException.Unless(load.LastSuccess >= accepts, $"No success within {RecoveryMax} after the database accepts connections.\n{server.Log}");
            var took = Stopwatch.GetElapsedTime(accepts, load.LastSuccess);
            if (took > slowest) slowest = took;
            await enough.CancelAsync();
            await calls;
            await load.Compare();
            trial.Fault("database crashes");
        }
        await load.CompareHistory();
        BrokenPromiseException.Unless(server.IsRunning, "The server ended.");
        trial.Ran("acknowledged", load.Acknowledged);
        trial.Saw($"slowest first success {slowest.TotalMilliseconds:0} ms after the database; longest wait for an answer {load.Longest.TotalMilliseconds:0} ms");
        trial.Saw($"{load.Unanswered} without a clear answer, {load.TookEffectUnanswered} of them had taken effect; problems: {string.Join(", ", load.OtherAnswers)}");
    }
}
