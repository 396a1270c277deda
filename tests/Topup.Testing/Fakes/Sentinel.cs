using System.Net;
using System.Net.Sockets;

namespace Topup.Testing.Fakes;

/// <summary>A place of this machine to which nobody should connect, on one free port of 127.0.0.1 and of ::1. It counts who does.</summary>
internal sealed class Sentinel : IDisposable
{
    private readonly TcpListener[] listeners;
    private int connections;

    private Sentinel(TcpListener[] listeners)
    {
        this.listeners = listeners;
        foreach (var listener in listeners) _ = Count(listener);
    }

    public int Port => ((IPEndPoint)listeners[0].LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref connections);

    public static Sentinel Start()
    {
        while (true)
        {
            var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var second = new TcpListener(IPAddress.IPv6Loopback, ((IPEndPoint)first.LocalEndpoint).Port);
            try
            {
                second.Start();
                return new Sentinel([first, second]);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                first.Dispose();
                second.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var listener in listeners) listener.Dispose();
    }

    private async Task Count(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref connections);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Nobody looks any more.
        }
    }
}
