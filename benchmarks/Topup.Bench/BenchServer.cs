using System.Diagnostics;
using System.Globalization;
using Topup.Testing;

namespace Topup.Bench;

/// <summary>The real server as a process, with tenants in it, and a load on many connections that checks every reply.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly ServerProcess server;

    private BenchServer(ServerProcess server) => this.server = server;

    public ServerProcess Process => server;

    /// <summary>A server on an empty database; the tenants are put in by the engine in this process, which then lets go of it.</summary>
    public static async Task<BenchServer> Start(int tenants, string setting, string value)
    {
        await (await BenchEngine.Start(tenants, $"--Topup:{setting}={value}", $"--Topup:BootstrapKey={ServerProcess.Key}")).DisposeAsync();
        var server = ServerProcess.Of((setting, value), ("Echo", "true"));
        await server.Restart();
        return new BenchServer(server);
    }

    /// <summary>Requests answered with 200 and "allowed" per second; anything else ends the run.</summary>
    public async Task<double> Load(string path, int connections, Func<long, int> tenantOf, TimeSpan warmUp, TimeSpan time)
    {
        var (done, number, running) = (0L, 0L, true);
        var callers = Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var client = new LoadClient(server.Address);
            while (Volatile.Read(ref running))
            {
                var tenant = BenchData.TenantOf(tenantOf(Interlocked.Increment(ref number)));
                var reply = await client.Send(path, Guid.CreateVersion7().ToString(), $$"""{"tenant":"{{tenant}}","type":"sms"}""");
                if (!reply.IsAllowed) throw new InvalidOperationException($"{reply.Status}: {reply.Text}");
                Interlocked.Increment(ref done);
            }
        })).ToArray();
        await Task.Delay(warmUp);
        var (before, started) = (Interlocked.Read(ref done), Stopwatch.GetTimestamp());
        await Task.Delay(time);
        var rate = (Interlocked.Read(ref done) - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Volatile.Write(ref running, false);
        await Task.WhenAll(callers);
        return rate;
    }

    /// <summary>Times of single consumes on one connection, one after the other, in milliseconds and ascending.</summary>
    public async Task<double[]> Latencies(string path, int count)
    {
        using var client = new LoadClient(server.Address);
        var times = new double[count];
        for (var i = -count / 4; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var reply = await client.Send(path, Guid.CreateVersion7().ToString(), $$"""{"tenant":"{{BenchData.TenantOf(Math.Abs(i) % 100)}}","type":"sms"}""");
            if (!reply.IsAllowed) throw new InvalidOperationException($"{reply.Status}: {reply.Text}");
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        return times;
    }

    /// <summary>Memory that the process has in RAM, in MB.</summary>
    public double MemoryMb()
    {
        var line = File.ReadLines($"/proc/{server.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Recomputes the whole ledger: a rate counts only if its sums come out.</summary>
    public async Task Verify()
    {
        using var client = new LoadClient(server.Address);
        var reply = await client.Send(client.Post("/v1/verify", "verify", "{}"));
        if (!reply.Has("\"ok\":true"u8)) throw new InvalidOperationException(reply.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await server.Stop();
        await server.DisposeAsync();
    }
}
