using System.Globalization;
using System.Net;
using Topup.Server.Http;
using Topup.Testing;
using Topup.Testing.Fakes;
using Topup.Testing.Proofs;

namespace Topup.Prove;

/// <summary>
/// P23: webhooks are signed, arrive at least once, and never reach a private network. The server is killed while it sends to
/// a receiver that fails, redirects, hangs and hangs up. Then names are made that lead to thousands of private addresses, in
/// every form that an address may have. Whatever would follow a redirect, a proxy of the environment or such a name ends at a
/// sentinel, which nobody may reach.
/// </summary>
internal sealed class P23WebhooksArrive : Proof
{
    private const int Kills = 200;
    private const int BadlyOneIn = 40;
    private const int Addresses = 20_000;

    private static readonly string[] Spellings = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "localhost"];

    public override string Name => "P23";

    public override string Promise => "Webhooks are signed and arrive at least once, after their commit; none reaches a private address, follows a redirect or takes a proxy.";

    public override async Task Run(Trial trial)
    {
        using var sentinel = Sentinel.Start();
        await Task.WhenAll(OnSqlite(trial, sentinel, new Random(trial.Random.Next())), OnPostgres(trial, sentinel, new Random(trial.Random.Next())));
        await Names(trial, sentinel);
        BrokenPromiseException.Unless(sentinel.Connections == 0, $"{sentinel.Connections} connections were made where nobody may go.");
    }

    private static async Task OnSqlite(Trial trial, Sentinel sentinel, Random random)
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Of(("Data", folder.Path), WebhookKillLoop.ServerSettings);
        await Run(trial, server, sentinel, random, "SQLite");
    }

    private static async Task OnPostgres(Trial trial, Sentinel sentinel, Random random)
    {
        await using var postgres = await PrivatePostgres.Start();
        await using var server = ServerProcess.Of(
            ("Database", await postgres.NewDatabase()), ("SecretKey", Convert.ToBase64String(new byte[32])), WebhookKillLoop.ServerSettings);
        await Run(trial, server, sentinel, random, "PostgreSQL");
    }

    private static async Task Run(Trial trial, ServerProcess server, Sentinel sentinel, Random random, string where)
    {
        var proxy = Url(sentinel, "127.0.0.1").ToString();
        server.RunUnder = ["env", .. ((string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"]).Select(name => name + "=" + proxy)];
        await server.Restart();
        var (loop, kills) = (new WebhookKillLoop(server, random) { BadlyOneIn = BadlyOneIn, Elsewhere = Url(sentinel, "localhost") }, trial.Of(Kills / 2));
        await loop.Run(kills);
        trial.Fault("kills on " + where, kills);
        trial.Fault("bad answers on " + where, loop.TurnedAway);
        trial.Ran("events on " + where, loop.Events);
        trial.Saw($"{where}: {loop.Events} events all taken, {loop.Repeats} requests more than that");
    }

    /// <summary>An address is refused when it is dialled, whatever name led there and whatever the name meant before.</summary>
    private static async Task Names(Trial trial, Sentinel sentinel)
    {
        var next = IPAddress.Loopback;
        using var http = new OutgoingHttp((_, _) => Task.FromResult<IPAddress[]>([next]));
        for (var i = trial.Of(Addresses); i > 0; i--)
        {
            next = PrivateAddress(trial.Random);
            await Refused(http, Url(sentinel, "rebound.example"), next.ToString());
            trial.Fault("names that lead to private addresses");
        }
        next = IPAddress.Loopback;
        using var real = new OutgoingHttp();
        foreach (var spelling in Spellings)
        {
            await Refused(real, Url(sentinel, spelling), spelling);
            trial.Fault("spellings of loopback");
        }
    }

    private static async Task Refused(OutgoingHttp http, Uri url, string what)
    {
        try
        {
            using var answer = await http.For(allowPrivate: false).GetAsync(url);
        }
        catch (HttpRequestException refused) when (refused.InnerException is AddressRefusedException)
        {
            return;
        }
        throw new BrokenPromiseException($"{what} was not refused.");
    }

    /// <summary>Any address of a private, loopback, link-local or shared network, as IPv4, or as IPv6 that means it.</summary>
    private static IPAddress PrivateAddress(Random random)
    {
        var (a, b, c) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
        byte[] four = random.Next(7) switch
        {
            0 => [127, a, b, c],
            1 => [10, a, b, c],
            2 => [172, (byte)(16 + a % 16), b, c],
            3 => [192, 168, b, c],
            4 => [169, 254, b, c],
            5 => [100, (byte)(64 + a % 64), b, c],
            _ => [0, a, b, c],
        };
        return random.Next(5) switch
        {
            0 => new IPAddress(four).MapToIPv6(),
            1 => new IPAddress([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. four]),
            2 => new IPAddress([(byte)(0xfc | a & 1), b, c, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. four]),
            3 => new IPAddress([0xfe, (byte)(0x80 | a & 0x3f), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. four]),
            _ => new IPAddress(four),
        };
    }

    private static Uri Url(Sentinel sentinel, string host) => new(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{sentinel.Port}/"));
}
