using System.Net;
using System.Net.Sockets;
using Topup.Domain;

namespace Topup.Server.Http;

/// <summary>
/// Connections to servers that an operator or tenant named. A name is resolved once, when a connection is made, and the
/// connection goes to an address that was looked at: a name that answers differently the next time leads nowhere else.
/// Nothing of the environment (proxies, cookies, traces) goes along, and no redirect is followed. What may reach private
/// addresses shares no connection with what may not.
/// </summary>
internal sealed class OutgoingHttp : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(2);
    private const int HeadersKilobytesMax = 16;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly HttpClient toPublic;
    private readonly HttpClient toAny;

    public OutgoingHttp()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="resolve">Gives the addresses of a host.</param>
    public OutgoingHttp(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        this.resolve = resolve;
        (toPublic, toAny) = (New(allowPrivate: false), New(allowPrivate: true));
    }

    public HttpClient For(bool allowPrivate) => allowPrivate ? toAny : toPublic;

    public static bool IsPublic(IPAddress address) => NetworkAddress.IsPublic(address.GetAddressBytes());

    public void Dispose()
    {
        toPublic.Dispose();
        toAny.Dispose();
    }

    private HttpClient New(bool allowPrivate) => new(new SocketsHttpHandler
    {
        ConnectCallback = (context, stop) => Connect(context.DnsEndPoint, allowPrivate, stop),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectPatience,
        PooledConnectionLifetime = ConnectionAgeMax,
        MaxResponseHeadersLength = HeadersKilobytesMax,
        MaxResponseDrainSize = 0,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async ValueTask<Stream> Connect(DnsEndPoint to, bool allowPrivate, CancellationToken stop)
    {
        var addresses = await resolve(to.Host, stop);
        var allowed = allowPrivate ? addresses : Array.FindAll(addresses, IsPublic);
        if (allowed.Length == 0) throw new AddressRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host has no address to which a request may go.</summary>
internal sealed class AddressRefusedException() : IOException("The address is not public.");
