using System.Globalization;
using Npgsql;
using Topup.Prove.Faults;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P18: a cut network between server and database gives success, refusal or "unknown" within 5 s, never a false one, and a
/// retry with the key converges. A proxy cuts at the commit itself, in every way there is.
/// </summary>
internal sealed class P18CutNetwork : Proof
{
    private const int Cuts = 350;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirePatience = TimeSpan.FromSeconds(30);

    public override string Name => "P18";

    public override string Promise => "A cut network gives success, refusal or 'unknown' within 5 s, never a false one, and a retry with the key converges.";

    public override async Task Run(Trial trial)
    {
        await using var postgres = await PrivatePostgres.Start();
        var database = new NpgsqlConnectionStringBuilder(await postgres.NewDatabase()).Database;
        await using var proxy = new CommitProxy(postgres.Port);
        await using var server = await ServerProcess.OnPostgres(string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={proxy.Port};Username=postgres;Database={database};SSL Mode=Disable;GSS Encryption Mode=Disable"));
        using var load = new AckedLoad([server.Address], clients: 24, tenants: 8, patience: TimeSpan.FromSeconds(30));
        await load.Prepare();
        var kinds = Enum.GetValues<Cut>();
        var cuts = trial.Of(Cuts, min: kinds.Length);
        for (var i = 0; i < cuts; i++)
        {
            var cut = kinds[i % kinds.Length];
            using var enough = new CancellationTokenSource();
            var calls = load.Run(enough.Token);
            await Task.Delay(trial.Random.Next(50, 300));
            await proxy.Arm(cut).WaitAsync(FirePatience);
            trial.Fault(cut.ToString());
            await Task.Delay(cut is Cut.Drip or Cut.Partition or Cut.SilentBeforeCommit or Cut.SilentAfterCommit ? trial.Random.Next(500, 7_000) : 100);
            proxy.Heal();
            await Task.Delay(100);
            await enough.CancelAsync();
            await calls;
            await load.Compare();
            BrokenPromiseException.Unless(load.Longest <= AnswerMax + TimeSpan.FromMilliseconds(250),
                $"{cut}: an answer took {load.Longest.TotalSeconds:0.0} s.");
        }
        await load.CompareHistory();
        trial.Ran("acknowledged", load.Acknowledged);
        trial.Saw($"longest wait for an answer {load.Longest.TotalMilliseconds:0} ms; problems: {string.Join(", ", load.OtherAnswers)}");
        trial.Saw($"{load.Unanswered} told 'unknown', {load.TookEffectUnanswered} of them had taken effect; 0 lost, 0 doubled, 0 false refusals");
    }
}
