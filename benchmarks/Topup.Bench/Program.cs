using System.Globalization;
using Topup.Bench;
using Topup.Testing;

// ./bench [http] [engine] [growth] [metering] [addons] [web] [idle] [--quick] [--tenants=100000] [--entries=1000000]: prints the report, and writes it to the file named by TOPUP_REPORT.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var quick = args.Contains("--quick");
var wanted = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToHashSet();
if (wanted.Except(["http", "engine", "growth", "metering", "addons", "web", "idle"]).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. Known: http, engine, growth, metering, addons, web, idle.");
    return 2;
}

var report = new Report();
report.Line("# Benchmarks");
report.Line();
report.Line("Made by `./bench`. Ratios within one run, in turns, medians; the absolute figures are of this machine on that day.");
report.Line();
foreach (var line in Machine.Describe()) report.Line(line);
report.Line(await Machine.Fsync());
report.Line("Durability: SQLite in WAL with synchronous=FULL; PostgreSQL with fsync, full_page_writes and synchronous_commit on. A flush of well under");
report.Line("0.1 ms is not a disk's: on a real disk commits cost more, and batches gain more.");

await using var postgres = await PrivatePostgres.Start("shared_buffers = 512MB\nmax_wal_size = 4GB");
var benchmarks = new Benchmarks(report, postgres, quick ? 1 : 5, TimeSpan.FromSeconds(quick ? 2 : 4));
var all = wanted.Count == 0;
if (all || wanted.Contains("http")) await benchmarks.Http();
if (all || wanted.Contains("engine")) await benchmarks.Engine();
if (all || wanted.Contains("growth")) await benchmarks.Growth();
if (all || wanted.Contains("metering")) await benchmarks.Metering();
if (all || wanted.Contains("addons")) await benchmarks.AddOns(Number("--tenants=", quick ? 2_000 : 100_000), Number("--entries=", quick ? 20_000 : 1_000_000));
if (all || wanted.Contains("web"))
    await new WebBench(report, postgres, Number("--tenants=", quick ? 500 : 10_000), Number("--entries=", quick ? 20_000 : 1_000_000), quick ? 20 : 200, quick ? 1 : 5).Run();
if (all || wanted.Contains("idle")) await benchmarks.Idle();
if (Environment.GetEnvironmentVariable("TOPUP_REPORT") is { Length: > 0 } file) await report.Save(file);
return 0;

int Number(string name, int otherwise) =>
    args.FirstOrDefault(arg => arg.StartsWith(name, StringComparison.Ordinal)) is { } given ? int.Parse(given[name.Length..], CultureInfo.InvariantCulture) : otherwise;
