using System.Globalization;
using Topup.Prove.Faults;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P20: an I/O error at any point. The n-th write or sync of the database file fails in the system call itself, for every
/// n from 1 until there is no such call any more: at the start, under load, at the end. Then the server is killed or
/// stopped, started again, and everything acknowledged must be there, once, in a sound file.
/// </summary>
internal sealed class P20IoErrors : Proof
{
    // The n-th call of each thread is counted; the fault is one call, and then the disk is well again.
    private static readonly (string Calls, string Error)[] Kinds = [("fdatasync,fsync", "EIO"), ("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fdatasync,fsync", "ENOSPC")];

    private const int CallsMax = 400;

    // A trial waits for its servers more than it works.
    private const int SideBySide = 4;

    public override string Name => "P20";

    public override string Promise => "An I/O error at any write or sync gives no false acknowledgement and no corruption, and the server goes on.";

    public override async Task Run(Trial trial)
    {
        foreach (var (calls, error) in Kinds)
        {
            // A scaled run takes evenly spread points.
            var step = Math.Max(1, CallsMax / trial.Of(CallsMax));
            var points = Enumerable.Range(0, CallsMax).Where(i => i % step == 0).Select(i => i + 1).ToArray();
            var reached = 0;
            foreach (var together in points.Chunk(SideBySide))
            {
                var fired = await Task.WhenAll(together.Select(n => Fails(trial, calls, error, n)));
                var hit = fired.TakeWhile(faults => faults > 0).Count();
                if (hit > 0) reached = together[hit - 1];
                if (hit < fired.Length) break;
            }
            trial.Saw($"{calls} {error}: every call up to number {reached}");
        }
    }

    private static async Task<int> Fails(Trial trial, string calls, string error, int n)
    {
        using var folder = new TemporaryFolder();
        using var traces = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "topup.db");
        var trace = Path.Combine(traces.Path, "trace");
        await using var server = ServerProcess.Of(("Data", folder.Path));
        server.RunUnder =
        [
            "strace", "-D", "-f", "-q", "--seccomp-bpf", "-o", trace, "-P", file, "-P", file + "-wal", "-e", "trace=" + calls,
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={calls}:error={error}:when={n}"),
        ];
        using var load = new AckedLoad([server.Address], clients: 2, tenants: 2, patience: TimeSpan.FromSeconds(20));
        try
        {
            await server.Restart();
        }
        catch (InvalidOperationException) when (!server.IsRunning)
        {
            // It may refuse to start on a disk that fails; the next start finds a disk that does not.
            await server.Kill();
            trial.Ran("starts refused");
            server.RunUnder = [];
            await server.Restart();
        }
        await load.Prepare();
        using var enough = new CancellationTokenSource();
        var calling = load.Run(enough.Token);
        while (load.Acknowledged < 12 && !calling.IsCompleted) await Task.Delay(2);
        await enough.CancelAsync();
        await calling;
        await load.Compare();
        if (n % 2 == 0) await server.Stop();
        else await server.Kill();
        server.RunUnder = [];
        await server.Restart();
        await load.CompareHistory();
        await server.Stop();
        SqliteFile.IsSound(folder.Path);
        var fired = File.Exists(trace) ? File.ReadLines(trace).Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal)) : 0;
        trial.Fault($"{error} in {calls}", fired);
        trial.Ran("acknowledged", load.Acknowledged);
        return fired;
    }
}
