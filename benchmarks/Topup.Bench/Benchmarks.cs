using System.Diagnostics;
using Topup.Testing;

namespace Topup.Bench;

/// <summary>The measurements, each a ratio within one run, in turns, medians over the rounds.</summary>
internal sealed class Benchmarks(Report report, PrivatePostgres postgres, int rounds, TimeSpan time)
{
    private const int Many = 10_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(8);

    public async Task Http()
    {
        report.Line();
        report.Line("## Durable consume over HTTP");
        report.Line();
        report.Line("The echo is the same server's `POST /v1/echo`: the same connection, key check, JSON in and out, and nothing stored.");
        report.Table("database", "connections", "echo /s", "consume /s, 10,000 tenants", "consume /s, one tenant", "consume : echo", "one tenant : many");
        foreach (var (name, setting, value) in new[]
        {
            ("SQLite", "Data", Directory.CreateTempSubdirectory("topup-bench-").FullName),
            ("PostgreSQL", "Database", await postgres.NewDatabase()),
        })
        {
            await using var server = await BenchServer.Start(Many, setting, value);
            foreach (var path in (string[])["/v1/echo", "/v1/consume"]) await server.Load(path, 64, Spread, TimeSpan.Zero, FirstWarmUp);
            foreach (var connections in (int[])[64, 512])
            {
                var (echo, many, one) = (new double[rounds], new double[rounds], new double[rounds]);
                for (var round = 0; round < rounds; round++)
                {
                    echo[round] = await server.Load("/v1/echo", connections, Spread, WarmUp, time);
                    many[round] = await server.Load("/v1/consume", connections, Spread, WarmUp, time);
                    one[round] = await server.Load("/v1/consume", connections, Hot, WarmUp, time);
                }
                var target = (name, connections) switch { ("SQLite", 64) => 0.35, ("SQLite", _) => 0.5, (_, 64) => 0.25, _ => 0.35 };
                report.Row(name, connections, Report.Median(echo), Report.Median(many), Report.Median(one),
                    Report.Against(Ratio(many, echo), target), Report.Against(Ratio(one, many), 0.8));
            }
            await server.Verify();
        }
        report.Line();
        report.Line("After each database's runs every balance was recomputed from its history, without a difference.");
    }

    public async Task Engine()
    {
        report.Line();
        report.Line("## The PostgreSQL engine in process against one-statement row locks");
        report.Line();
        report.Line("The opponent is the strongest consume without batches: one prepared statement, one round trip, one line of history, no lots, holds or replies.");
        var baseline = new RowLockBaseline(await postgres.NewDatabase());
        await baseline.Prepare(Many);
        await using var engine = await BenchEngine.Start(Many, $"--Topup:Database={await postgres.NewDatabase()}");
        await engine.Consume(512, Spread, TimeSpan.Zero, FirstWarmUp);
        report.Table("tenants", "row locks /s (best of 2, 4, 8, 16, 32 connections)", "engine /s (best of 256, 1,024, 4,096 in flight)", "engine : row locks", "bytes allocated a consume");
        foreach (var (name, tenantOf, target) in new[] { ("10,000", (Func<long, int>)Spread, 2.5), ("one", Hot, 15.0) })
        {
            var clients = await Best([2, 4, 8, 16, 32], n => baseline.Run(n, tenantOf, WarmUp, time));
            var inFlight = await Best([256, 1_024, 4_096], n => engine.Consume(n, tenantOf, WarmUp, time));
            var (theirs, ours, bytes) = (new double[rounds], new double[rounds], 0.0);
            for (var round = 0; round < rounds; round++)
            {
                theirs[round] = (await baseline.Run(clients, tenantOf, WarmUp, time)).PerSecond;
                var rate = await engine.Consume(inFlight, tenantOf, WarmUp, time);
                (ours[round], bytes) = (rate.PerSecond, rate.BytesPerOperation);
            }
            report.Row(name, $"{Report.Median(theirs):N0} ({clients})", $"{Report.Median(ours):N0} ({inFlight})",
                Report.Against(Ratio(ours, theirs), target), bytes);
        }
        await engine.Verify();
    }

    public async Task Growth()
    {
        const int tenants = 5_000;
        const int count = 20_000;
        report.Line();
        report.Line("## SQLite as the history grows");
        await using var large = await BenchEngine.Start(tenants, $"--Topup:Data={Directory.CreateTempSubdirectory("topup-bench-").FullName}");
        await large.ConsumeExactly(1_000_000, 512, n => (int)(n * 7919 % tenants));
        var (few, many) = (new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            await using var small = await BenchEngine.Start(tenants, $"--Topup:Data={Directory.CreateTempSubdirectory("topup-bench-").FullName}");
            await small.ConsumeExactly(10_000 - tenants, 512, n => (int)(n * 7919 % tenants));
            few[round] = count / (await small.ConsumeExactly(count, 512, n => (int)(n * 7919 % tenants))).TotalSeconds;
            many[round] = count / (await large.ConsumeExactly(count, 512, n => (int)(n * 7919 % tenants))).TotalSeconds;
        }
        await large.Verify();
        report.Table("entries at the start", "consume /s", "ratio");
        report.Row("10,000", Report.Median(few), "");
        report.Row("1,000,000", Report.Median(many), Report.Against(Ratio(many, few), 0.9));
        report.Line();
        report.Line($"Each figure is the time of {count:N0} consumes, 512 in flight, over {tenants:N0} tenants, in process; the small database is made anew each round.");
    }

    public async Task Metering()
    {
        report.Line();
        report.Line("## What usage by day and limits cost");
        report.Table("database", "tenants", "without, consume /s", "usage by day : without", "usage by day and two limits a tenant : without");
        foreach (var onSqlite in (bool[])[true, false])
        {
            async Task<BenchEngine> Start(params string[] settings) => await BenchEngine.Start(Many,
            [
                onSqlite ? $"--Topup:Data={Directory.CreateTempSubdirectory("topup-bench-").FullName}" : $"--Topup:Database={await postgres.NewDatabase()}",
                .. settings,
            ]);
            await using var without = await Start("--Topup:UsageByDay=false");
            await using var counted = await Start();
            await using var limited = await Start();
            await BenchData.AddLimits(limited.Database);
            foreach (var engine in (BenchEngine[])[without, counted, limited]) await engine.Consume(512, Spread, TimeSpan.Zero, FirstWarmUp);
            foreach (var (name, tenantOf) in new[] { ("10,000", (Func<long, int>)Spread), ("one", Hot) })
            {
                var (bare, usage, limits) = (new double[rounds], new double[rounds], new double[rounds]);
                for (var round = 0; round < rounds; round++)
                {
                    bare[round] = (await without.Consume(512, tenantOf, WarmUp, time)).PerSecond;
                    usage[round] = (await counted.Consume(512, tenantOf, WarmUp, time)).PerSecond;
                    limits[round] = (await limited.Consume(512, tenantOf, WarmUp, time)).PerSecond;
                }
                report.Row(onSqlite ? "SQLite" : "PostgreSQL", name, Report.Median(bare),
                    Report.Against(Ratio(usage, bare), 0.9), Report.Against(Ratio(limits, bare), 0.9));
            }
            await counted.Verify();
            await limited.Verify();
        }
        report.Line();
        report.Line("In process, 512 in flight. The first column does not count usage by day at all, which no server does.");
    }

    /// <param name="tenants">Each with an add-on whose renewal is due.</param>
    /// <param name="entries">Of history that there is before.</param>
    public async Task AddOns(int tenants, int entries)
    {
        report.Line();
        report.Line("## Renewal of add-ons");
        report.Table("database", "tenants with an add-on due", "entries before", "seconds to renew all", "renewals /s", "a minute per million entries : time");
        foreach (var (name, setting) in new[]
        {
            ("SQLite", $"--Topup:Data={Directory.CreateTempSubdirectory("topup-bench-").FullName}"),
            ("PostgreSQL", $"--Topup:Database={await postgres.NewDatabase()}"),
        })
        {
            await using var engine = await BenchEngine.Start(tenants, setting, "--Topup:AddOnEverySeconds=86400");
            await engine.ConsumeExactly(entries, 512, n => (int)(n * 7919 % tenants));
            await BenchData.AddAddOns(engine.Database);
            var took = await engine.Renew(tenants);
            await engine.Verify();
            report.Row(name, $"{tenants:N0}", $"{entries:N0}", took.TotalSeconds, tenants / took.TotalSeconds,
                Report.Against(60.0 * entries / 1_000_000 / took.TotalSeconds, 1));
        }
        report.Line();
        report.Line("In process: the worker finds what is due, charges each as an ordinary use, and tells it, all in one transaction a batch.");
    }

    public async Task Idle()
    {
        report.Line();
        report.Line("## Idle");
        report.Table("database", "start to ready, ms", "memory when idle, MB", "one consume at a time: p50 ms", "p99 ms", "one echo at a time: p50 ms");
        foreach (var (name, setting, value) in new[]
        {
            ("SQLite", "Data", Directory.CreateTempSubdirectory("topup-bench-").FullName),
            ("PostgreSQL", "Database", await postgres.NewDatabase()),
        })
        {
            await using var server = await BenchServer.Start(100, setting, value);
            await server.Process.Stop();
            var started = Stopwatch.GetTimestamp();
            await server.Process.Restart();
            var ready = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            await Task.Delay(TimeSpan.FromSeconds(3));
            var memory = server.MemoryMb();
            var consume = await server.Latencies("/v1/consume", 2_000);
            var echo = await server.Latencies("/v1/echo", 2_000);
            report.Row(name, ready, memory, consume[consume.Length / 2], consume[consume.Length * 99 / 100], echo[echo.Length / 2]);
        }
    }

    private static int Spread(long number) => (int)(number * 7919 % Many);

    private static int Hot(long number) => 0;

    private static double Ratio(double[] over, double[] under) => Report.Median(over.Zip(under, (a, b) => a / b));

    private static async Task<int> Best(int[] choices, Func<int, Task<Rate>> run)
    {
        var (best, rate) = (choices[0], 0.0);
        foreach (var choice in choices)
            if (await run(choice) is var tried && tried.PerSecond > rate) (best, rate) = (choice, tried.PerSecond);
        return best;
    }
}
