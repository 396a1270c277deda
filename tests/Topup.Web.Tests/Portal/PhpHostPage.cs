using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Topup.Web.Tests.Portal;

/// <summary>A platform in PHP: <c>examples/embed/portal.php</c> as it is, run by PHP's own server.</summary>
internal sealed class PhpHostPage : IAsyncDisposable
{
    private const string Php = "/usr/bin/php";

    // PHP must not outlive a test that is killed: the shell in between waits for the end of its input, and ends it then.
    private const string Keeper = """
        "$@" </dev/null &
        server=$!
        read -r ended
        kill $server
        wait $server
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;

    private PhpHostPage(Process process, string origin) => (this.process, Origin) = (process, origin);

    /// <summary>As browsers write it.</summary>
    public string Origin { get; }

    /// <param name="server">The server whose portal it shows.</param>
    /// <param name="allow">Allows an origin to frame portals; returns the key with which the page asks for sessions.</param>
    public static async Task<PhpHostPage> Start(Uri server, string tenant, Func<string, Task<string>> allow)
    {
        if (!File.Exists(Php)) throw new InvalidOperationException($"The page in PHP is run by PHP, and there is none at {Php}. On Debian: apt-get install php-cli");
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
        var origin = "http://" + address;
        var script = Path.Combine(Repository.Root, "examples", "embed", "portal.php");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Keeper, "keeper", Php, "-d", "session.save_path=" + Path.GetTempPath(), "-S", address, script])
        {
            RedirectStandardInput = true, RedirectStandardError = true,
        };
        (start.Environment["TOPUP_URL"], start.Environment["TOPUP_KEY"]) = (server.ToString(), await allow(origin));
        (start.Environment["TOPUP_ORIGIN"], start.Environment["TOPUP_DEMO_TENANT"]) = (origin, tenant);
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line && !line.Contains("started", StringComparison.Ordinal))
            if (line.Contains("Failed", StringComparison.Ordinal)) throw new InvalidOperationException(line);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        return new PhpHostPage(process, origin);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
