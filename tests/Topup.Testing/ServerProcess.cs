using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Topup.Testing;

/// <summary>
/// The real server as a process of its own, which can be killed. It keeps its port over restarts, and cannot outlive the
/// process that started it: the shell in between waits for the end of its input, and ends the server then.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The first key of every server under test.</summary>
    public const string Key = "key-of-a-server-under-test-000000";

    private const int SigKill = 9;
    private const int SigTerm = 15;

    // The server must be a child of the shell and not replace it, so that the shell can outlive it by the one word "wait".
    private const string Keeper = """
        "$@" </dev/null &
        server=$!
        echo "pid $server"
        read -r ended
        kill -9 $server 2>/dev/null
        wait $server
        """;

    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> settings;
    private readonly Lock writing = new();
    private readonly List<string> lines = [];
    private Process? keeper;

    private ServerProcess(IEnumerable<(string Name, string Value)> settings)
    {
        // The framework's own settings have their own names.
        this.settings = settings.ToDictionary(
            setting => setting.Name.StartsWith("Logging__", StringComparison.Ordinal) ? setting.Name : "Topup__" + setting.Name, setting => setting.Value);
        this.settings.TryAdd("Topup__BootstrapKey", Key);
        this.settings.TryAdd("Topup__LogFormat", "text");
    }

    /// <summary>On 127.0.0.1. It lies below the range of outgoing ports: a client that dials a port in that range while nobody listens can meet itself.</summary>
    public int Port { get; } = FreePort();

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    public int ProcessId { get; private set; }

    /// <summary>A command that runs the server, such as strace and its options; empty: none.</summary>
    public IReadOnlyList<string> RunUnder { get; set; } = [];

    /// <summary>How many lines of the log are kept, about.</summary>
    public int LogLinesMax { get; set; } = 2_000;

    /// <summary>What the server has said lately, in all its lives.</summary>
    public string Log
    {
        get { lock (writing) return string.Join('\n', lines); }
    }

    public bool IsRunning => keeper is not null && StateOf(ProcessId) is not (null or 'Z');

    public static Task<ServerProcess> OnSqlite(string folder, params IEnumerable<(string Name, string Value)> more) =>
        Start([("Data", folder), .. more]);

    public static Task<ServerProcess> OnPostgres(string connectionString, params IEnumerable<(string Name, string Value)> more) =>
        Start([("Database", connectionString), .. more]);

    /// <summary>A server that is not started yet.</summary>
    public static ServerProcess Of(params IEnumerable<(string Name, string Value)> settings) => new(settings);

    /// <summary>Starts the program and waits until it is ready.</summary>
    public async Task Restart()
    {
        await Launch();
        await WaitReady();
    }

    /// <summary>Starts the program without waiting for anything.</summary>
    public async Task Launch()
    {
        if (keeper is not null) throw new InvalidOperationException("The server was not stopped.");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "keeper", .. RunUnder, .. Program(), "--urls", Address.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        keeper = Process.Start(start)!;
        var first = await keeper.StandardOutput.ReadLineAsync() ?? "";
        ProcessId = int.Parse(first["pid ".Length..], CultureInfo.InvariantCulture);
        _ = Remember(keeper.StandardOutput);
        _ = Remember(keeper.StandardError);
    }

    public async Task WaitReady()
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var reply = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                if (reply.IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not there yet.
            }
            if (!IsRunning || patience.Elapsed > ReadyPatience)
                throw new InvalidOperationException($"The server does not start. It said:\n{Log}");
            await Task.Delay(10);
        }
    }

    /// <summary>SIGKILL: the process is gone at once, whatever it was doing.</summary>
    public Task Kill() => End(SigKill);

    /// <summary>SIGTERM: the process finishes what waits, and ends.</summary>
    public Task Stop() => End(SigTerm);

    public async ValueTask DisposeAsync() => await Kill();

    private static async Task<ServerProcess> Start(IEnumerable<(string Name, string Value)> settings)
    {
        var server = Of(settings);
        try
        {
            await server.Restart();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task End(int signal)
    {
        if (keeper is null) return;
        if (SendSignal(ProcessId, signal) == 0 && signal != SigKill)
            for (var waited = 0; StateOf(ProcessId) is not (null or 'Z') && waited < 3_000; waited++) await Task.Delay(10);
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        keeper = null;
    }

    /// <summary>The executable beside this assembly, where the build puts it for whoever refers to its project.</summary>
    private static string[] Program()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Topup.Server");
        return File.Exists(program) ? [program] : ["dotnet", program + ".dll"];
    }

    private async Task Remember(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (writing)
            {
                lines.Add(line);
                if (lines.Count > LogLinesMax) lines.RemoveRange(0, lines.Count / 4);
            }
        }
    }

    private static char? StateOf(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return status[status.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; try another.
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
