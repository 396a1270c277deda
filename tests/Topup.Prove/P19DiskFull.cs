using System.Diagnostics;
using Topup.Contracts;
using Topup.Prove.Faults;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P19: a full disk refuses, does not corrupt, and heals. A SQLite server fills a disk of 8 MB; changes are refused by
/// name and reads go on; the disk grows, and changes work again without a restart.
/// </summary>
internal sealed class P19DiskFull : Proof
{
    private const int Rounds = 30;
    private const int MegabytesSmall = 8;
    private const int MegabytesLarge = 256;
    private static readonly TimeSpan HealMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FillPatience = TimeSpan.FromSeconds(60);

    public override string Name => "P19";

    public override string Promise => "A full disk refuses changes by name, lets reads go on, corrupts nothing, and heals within 5 s of space.";

    public override async Task Run(Trial trial)
    {
        var slowest = TimeSpan.Zero;
        for (var round = trial.Of(Rounds); round > 0; round--)
        {
            using var disk = SmallDisk.Mount(MegabytesSmall);
            await using var server = await ServerProcess.OnSqlite(disk.Path);
            using var load = new AckedLoad([server.Address], clients: 16, tenants: 4);
            await load.Prepare();
            using var enough = new CancellationTokenSource();
            var calls = load.Run(enough.Token);
            var patience = Stopwatch.StartNew();
            while (!load.OtherAnswers.ContainsKey(ProblemCodes.StorageFull))
            {
                if (calls.IsFaulted) await calls;
                BrokenPromiseException.Unless(patience.Elapsed < FillPatience, "The disk did not fill.");
                await Task.Delay(10);
            }
            trial.Fault("disks filled");
            for (var i = 0; i < 20; i++)
            {
                await load.Platform.GetPool(load.Tenants[i % load.Tenants.Count], AckedLoad.Type);
                await load.Platform.ListEntriesPage(load.Tenants[i % load.Tenants.Count]);
                trial.Ran("reads on a full disk", 2);
                await Task.Delay(trial.Random.Next(50));
            }
            disk.Enlarge(MegabytesLarge);
            var enlarged = Stopwatch.GetTimestamp();
            while (load.LastSuccess < enlarged && Stopwatch.GetElapsedTime(enlarged) < HealMax) await Task.Delay(2);
            BrokenPromiseException.Unless(load.LastSuccess >= enlarged, $"No change was taken within {HealMax} of new space.\n{server.Log}");
            if (Stopwatch.GetElapsedTime(enlarged, load.LastSuccess) is var took && took > slowest) slowest = took;
            await Task.Delay(200);
            await enough.CancelAsync();
            await calls;
            await load.CompareHistory();
            BrokenPromiseException.Unless(server.IsRunning, "The server ended.");
            if (round % 2 == 0) await server.Stop();
            else await server.Kill();
            SqliteFile.IsSound(disk.Path);
            trial.Ran("acknowledged", load.Acknowledged);
            trial.Ran("refused for want of space", load.OtherAnswers[ProblemCodes.StorageFull]);
        }
        trial.Saw($"slowest healing {slowest.TotalMilliseconds:0} ms");
    }
}
