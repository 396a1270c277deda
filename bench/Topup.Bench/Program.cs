using System.Globalization;
using Topup.Bench;
using Topup.Testing;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
await using var postgres = await PrivatePostgres.Start("shared_buffers = 512MB\nmax_wal_size = 4GB");
const int many = 10_000;
Func<long, int> spread = n => (int)(n * 7919 % many);
Func<long, int> hot = _ => 0;
var (warm, time) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
if (args.Contains("base"))
{
    var baseline = new RowLockBaseline(await postgres.NewDatabase());
    await baseline.Prepare(many);
    foreach (var clients in (int[])[4, 16, 32])
        Console.WriteLine($"baseline {clients}: spread {(await baseline.Run(clients, spread, warm, time)).PerSecond:F0} hot {(await baseline.Run(clients, hot, warm, time)).PerSecond:F0}");
}
foreach (var lanes in args.Contains("sqlite") ? [1] : (int[])[2, 4])
{
    var folder = Directory.CreateTempSubdirectory("topup-bench-");
    await using var engine = await BenchEngine.Start(many, args.Contains("sqlite") ? $"--Topup:Data={folder}" : $"--Topup:Database={await postgres.NewDatabase()}", $"--Topup:Lanes={lanes}");
    foreach (var inFlight in (int[])[64, 512, 1024])
    {
        var a = await engine.Consume(inFlight, spread, warm, time);
        var b = await engine.Consume(inFlight, hot, warm, time);
        Console.WriteLine($"engine lanes {lanes} in flight {inFlight}: spread {a.PerSecond:F0} ({a.BytesPerOperation:F0} B) hot {b.PerSecond:F0} ({b.BytesPerOperation:F0} B)");
    }
    if (args.Contains("verify")) await engine.Verify();
}
