using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Topup.Bench;

/// <summary>What the figures were measured on.</summary>
internal static partial class Machine
{
    public static IEnumerable<string> Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1];
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Machine: {Environment.ProcessorCount} cores of {model}, {memory:F0} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}.");
        yield return "Server, database and load generator share these cores.";
    }

    /// <summary>How many programs wanted a core in the last five minutes, on average.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[1];

    /// <summary>The line of pg_test_fsync for fdatasync, which both databases wait for at a commit.</summary>
    public static async Task<string> Fsync()
    {
        var program = Directory.GetFiles("/usr/lib/postgresql", "pg_test_fsync", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault()
            ?? throw new InvalidOperationException("pg_test_fsync is not installed. On Debian: apt-get install postgresql.");
        var file = Path.Combine(Path.GetTempPath(), $"topup-fsync-{Environment.ProcessId}");
        using var process = Process.Start(new ProcessStartInfo(program, ["-s", "1", "-f", file]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = FdatasyncLine().Match(output);
        return $"pg_test_fsync, one 8 kB write with fdatasync: {line.Groups["rate"].Value} a second, {line.Groups["time"].Value} microseconds each.";
    }

    [GeneratedRegex(@"fdatasync\s+(?<rate>[\d.]+) ops/sec\s+(?<time>\d+) usecs/op")]
    private static partial Regex FdatasyncLine();
}
