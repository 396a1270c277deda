using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Topup.Testing;

/// <summary>
/// A PostgreSQL server of one test process, in a temporary folder, with full durability. It cannot outlive the process:
/// the shell that started it waits for the end of its input, which comes when the process ends in whatever way, and
/// then stops the server and removes the folder.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    // $1 = folder with the programs, $2 = temporary folder. The word read from the input is the signal to stop by: INT
    // is a fast shutdown, QUIT an immediate one. No word, but the end of the input: nobody needs the server any more.
    private const string Keeper = """
        "$1/postgres" -D "$2/data" </dev/null >>"$2/server.log" 2>&1 &
        server=$!
        read -r signal || orphaned=1
        kill -"${signal:-QUIT}" $server 2>/dev/null
        wait $server
        if [ -n "$orphaned" ]; then rm -rf "$2"; fi
        """;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<Task<PrivatePostgres>> SharedServer = new(() => Start());

    private readonly string programs;
    private readonly string folder;
    private readonly int port;
    private Process? keeper;
    private int databases;

    private PrivatePostgres(string programs, string folder, int port)
    {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /// <summary>One server for all tests of this process. It ends with the process.</summary>
    public static Task<PrivatePostgres> Shared => SharedServer.Value;

    /// <summary>The port on 127.0.0.1, for a proxy in between.</summary>
    public int Port => port;

    /// <summary>The server's main process, while it runs.</summary>
    public int ProcessId => int.Parse(
        File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Where its files are.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>What the server has logged so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(folder, "server.log");

    /// <param name="settings">More lines for postgresql.conf; they win over the usual ones.</param>
    public static async Task<PrivatePostgres> Start(string settings = "")
    {
        var programs = FindPrograms();
        var folder = Directory.CreateTempSubdirectory("topup-pg-").FullName;
        if (Environment.IsPrivilegedProcess) await Run("chown", "postgres", folder);
        var server = new PrivatePostgres(programs, folder, FreePort());
        try
        {
            // Another order of words than the C locale's, as most installations have: SQL that forgets it shows.
            await RunAsServer(Path.Combine(programs, "initdb"), "--pgdata", Path.Combine(folder, "data"), "--auth=trust",
                "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en",
                "--no-sync");
            await File.AppendAllTextAsync(Path.Combine(folder, "data", "postgresql.conf"), $"""

                listen_addresses = '127.0.0.1'
                port = {server.port}
                unix_socket_directories = '{folder}'
                max_connections = 200
                fsync = on
                full_page_writes = on
                synchronous_commit = on
                {settings}

                """);
            await server.Restart();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string by unix socket, without pooling limits or timeouts of its own.</summary>
    public string ConnectionString(string database) => string.Create(CultureInfo.InvariantCulture,
        $"Host={folder};Port={port};Username=postgres;Database={database}");

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Stops the server as a crash would: no checkpoint, every connection cut.</summary>
    public Task StopImmediate() => Stop("QUIT");

    /// <summary>Starts the server again after it was stopped, and waits until it accepts connections.</summary>
    public async Task Restart()
    {
        keeper ??= LaunchKeeper();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
                await connection.OpenAsync();
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException)
            {
                if (keeper.HasExited || patience.Elapsed > StartPatience)
                    throw new InvalidOperationException($"PostgreSQL does not start. Its log:\n{Log}", exception);
                await Task.Delay(20);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop("INT");
        if (Directory.Exists(folder)) await RunAsServer("rm", "-rf", folder);
    }

    private async Task Stop(string signal)
    {
        if (keeper is null) return;
        await keeper.StandardInput.WriteLineAsync(signal);
        await keeper.StandardInput.FlushAsync();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        keeper = null;
    }

    private Process LaunchKeeper()
    {
        var start = AsServer("sh", "-c", Keeper, "keeper", programs, folder);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static string FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
                .OrderByDescending(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
                .Select(path => Path.Combine(path, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return installed.Concat(onPath).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL 15 or newer, and it is not installed. On Debian: apt-get install postgresql.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // PostgreSQL refuses to run as root, so root becomes the user that its package created.
    private static ProcessStartInfo AsServer(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments]) { WorkingDirectory = "/" }
        : new ProcessStartInfo(program, arguments);

    private static Task RunAsServer(string program, params string[] arguments) => Run(AsServer(program, arguments));

    private static Task Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments));

    private static async Task Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} failed: {errors}{await output}");
    }
}
