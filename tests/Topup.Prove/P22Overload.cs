using System.Diagnostics;
using System.Globalization;
using Topup.Client;
using Topup.Contracts;
using Topup.Testing;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P22: overload sheds and does not sink. The peak is measured first; then three times as much is offered for a minute, by
/// callers who wait as long as a refusal says. What is admitted is answered quickly, and afterwards all is as before.
/// </summary>
internal sealed class P22Overload : Proof
{
    private const int Seconds = 60;
    private const int CallersAtPeak = 64;
    private const int CallersAtOverload = 1_000;
    private const int Tenants = 1_000;
    private const int Overload = 3;
    private static readonly TimeSpan NormalMax = TimeSpan.FromSeconds(5);

    public override string Name => "P22";

    public override string Promise => "Three times the capacity: the surplus is refused with Retry-After, what is admitted has p99 <= 100 ms, goodput stays >= 80 % of peak.";

    public override async Task Run(Trial trial)
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Of(("Data", folder.Path), ("QueueMax", "512"), ("InFlightMax", "192"));
        // Callers with cores of their own: else they would take from the server what they ask of it.
        var cores = Environment.ProcessorCount;
        if (cores > 1 && OperatingSystem.IsLinux())
        {
            server.RunUnder = ["taskset", "--cpu-list", cores == 2 ? "0" : string.Create(CultureInfo.InvariantCulture, $"0-{cores / 2 - 1}")];
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = ((nint)1 << cores) - ((nint)1 << (cores / 2));
        }
        await server.Restart();
        using var platform = new TopupClient(server.Address, ServerProcess.Key);
        await platform.SaveCreditType("sms", new CreditTypeRequest { Name = "SMS", Unit = "message", Decimals = 0 });
        await platform.SavePlan("free", new PlanRequest { Name = "Free", Allowances = new Dictionary<string, decimal> { ["sms"] = -1 } });
        await Parallel.ForAsync(0, Tenants, async (i, stop) =>
            await platform.SaveTenant(TenantOf(i), new TenantRequest { Name = TenantOf(i), Plan = "free" }, stop: stop));

        var seconds = trial.Of(Seconds, min: 3);
        await Load(server, CallersAtPeak, TimeSpan.FromSeconds(5), rate: null, "warm");
        var peak = await Load(server, CallersAtPeak, TimeSpan.FromSeconds(Math.Min(seconds, 20)), rate: null, "peak");
        var over = await Load(server, CallersAtOverload, TimeSpan.FromSeconds(seconds), rate: peak.PerSecond * Overload, "over");
        var ended = Stopwatch.GetTimestamp();
        var after = await Load(server, CallersAtPeak, TimeSpan.FromSeconds(1), rate: null, "after");
        while (after.PerSecond < peak.PerSecond * 8 / 10 && Stopwatch.GetElapsedTime(ended) < NormalMax)
            after = await Load(server, CallersAtPeak, TimeSpan.FromSeconds(1), rate: null, string.Create(CultureInfo.InvariantCulture, $"after{ended++}"));

        trial.Ran("seconds of overload", seconds);
        trial.Ran("admitted", over.Admitted);
        trial.Fault("refused with 429 and Retry-After", over.Refused);
        trial.Saw($"peak {peak}");
        trial.Saw($"overload {over}");
        trial.Saw($"after {after}");
        BrokenPromiseException.Unless(over.Other == 0, $"{over.Other} answers were neither admitted nor refused with 429 and Retry-After.");
        BrokenPromiseException.Unless(over.P99Ms <= 100, $"p99 of what was admitted is {over.P99Ms} ms.");
        BrokenPromiseException.Unless(over.PerSecond * 10 >= peak.PerSecond * 8, $"Goodput fell to {over.PerSecond} of {peak.PerSecond} a second.");
        BrokenPromiseException.Unless(after.PerSecond * 10 >= peak.PerSecond * 8, $"{after.PerSecond} a second are not normal again.");
        var report = await platform.VerifyLedger();
        BrokenPromiseException.Unless(report.Ok, string.Join("; ", report.Differences));
    }

    /// <param name="rate">Offered by all callers together, per second; null: each sends again as soon as it is answered.</param>
    private static async Task<Figures> Load(ServerProcess server, int callers, TimeSpan time, long? rate, string name)
    {
        var times = new int[10_000];
        long admitted = 0, refused = 0, other = 0;
        var clients = Enumerable.Range(0, callers).Select(_ => new LoadClient(server.Address)).ToArray();
        foreach (var client in clients) await client.Send(client.Get("/healthz"));
        var started = Stopwatch.GetTimestamp();
        var pause = rate is { } offered ? TimeSpan.FromSeconds(1) * callers / offered : TimeSpan.Zero;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            using var client = clients[caller];
            var random = new Random(caller);
            var next = started + (long)(pause.TotalSeconds * Stopwatch.Frequency * caller / callers);
            for (var i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
            {
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next);
                if (pause > TimeSpan.Zero && wait > TimeSpan.Zero) await Task.Delay(wait);
                next += (long)(pause.TotalSeconds * Stopwatch.Frequency);
                var sent = Stopwatch.GetTimestamp();
                var reply = await client.Consume(TenantOf((caller * 7 + i) % Tenants), "sms", 1, string.Create(CultureInfo.InvariantCulture, $"{name}-{caller}-{i}"));
                var took = (int)Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                if (reply.IsAllowed)
                {
                    Interlocked.Increment(ref admitted);
                    Interlocked.Increment(ref times[Math.Min(took, times.Length - 1)]);
                }
                else if (reply is { Status: 429, RetryAfter: > 0 })
                {
                    Interlocked.Increment(ref refused);
                    // At least as long as told, and not all at the same moment.
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_000, 2_000) * reply.RetryAfter));
                    next = Math.Max(next, Stopwatch.GetTimestamp());
                }
                else Interlocked.Increment(ref other);
            }
        }));
        return new Figures((long)(admitted / Stopwatch.GetElapsedTime(started).TotalSeconds), Percentile(times, admitted, 50), Percentile(times, admitted, 99), admitted, refused, other);
    }

    private static int Percentile(int[] times, long count, int percent)
    {
        var left = count * percent / 100;
        for (var ms = 0; ms < times.Length; ms++)
            if ((left -= times[ms]) <= 0) return ms;
        return times.Length;
    }

    private static string TenantOf(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number}");

    private sealed record Figures(long PerSecond, int P50Ms, int P99Ms, long Admitted, long Refused, long Other)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{PerSecond:#,0}/s, p50 {P50Ms} ms, p99 {P99Ms} ms, {Refused:#,0} refused");
    }
}
