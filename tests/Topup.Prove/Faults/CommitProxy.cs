using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Topup.Prove.Faults;

internal enum Cut
{
    /// <summary>The connection ends when a commit comes by; the database never sees it.</summary>
    BeforeCommit,

    /// <summary>The database commits, and the connection ends before its word comes back.</summary>
    AfterCommit,

    /// <summary>From a commit on, nothing passes in either direction, and nobody is told.</summary>
    SilentBeforeCommit,

    /// <summary>The commit passes, and after it nothing in either direction.</summary>
    SilentAfterCommit,

    /// <summary>From a commit on, answers come one byte at a time.</summary>
    Drip,

    /// <summary>The connection is reset when a commit comes by, after it was passed on.</summary>
    Reset,

    /// <summary>From a commit on, nothing passes on any connection, new ones included.</summary>
    Partition,
}

/// <summary>
/// A proxy before PostgreSQL that understands just enough of its protocol to know a commit when it passes, and to cut
/// there. Only prepared commits count: those are the lanes'.
/// </summary>
internal sealed class CommitProxy : IAsyncDisposable
{
    private static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int database;
    private readonly CancellationTokenSource end = new();
    private readonly List<Socket> sockets = [];
    private readonly Lock gate = new();
    private TaskCompletionSource healed = Healed();
    private TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Cut? armed;
    private bool partitioned;

    public CommitProxy(int database)
    {
        this.database = database;
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Cuts at the next commit; the task ends when that has happened.</summary>
    public Task Arm(Cut cut)
    {
        lock (gate)
        {
            armed = cut;
            healed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return fired.Task;
        }
    }

    /// <summary>New connections work again, and those that were silenced end.</summary>
    public void Heal()
    {
        lock (gate)
        {
            armed = null;
            partitioned = false;
            healed.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        lock (gate) foreach (var socket in sockets) socket.Dispose();
    }

    private static TaskCompletionSource Healed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptSocketAsync(end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proof is over.
        }
    }

    private async Task Serve(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (gate) sockets.AddRange([client, server]);
        try
        {
            if (partitioned) await healed.Task;
            await server.ConnectAsync(IPAddress.Loopback, database, end.Token);
            var link = new Link(this, client, server);
            await Task.WhenAny(link.PumpRequests(), link.PumpReplies());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end has gone; so goes the other.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private Cut? Take()
    {
        lock (gate)
        {
            var cut = armed;
            armed = null;
            if (cut == Cut.Partition) partitioned = true;
            return cut;
        }
    }

    private void Fired() => fired.TrySetResult();

    /// <summary>One connection through the proxy.</summary>
    private sealed class Link(CommitProxy proxy, Socket client, Socket server)
    {
        private readonly HashSet<string> commits = new(StringComparer.Ordinal);
        private bool started;
        private bool cutAfterCommit;
        private bool silent;
        private bool drips;

        public async Task PumpRequests()
        {
            var buffer = new Frames();
            while (await buffer.Read(client, proxy.end.Token))
            {
                await Passable();
                while (buffer.Next(started) is { } frame)
                {
                    started = true;
                    if (IsCommit(frame.Span) && proxy.Take() is { } cut && !await MayPass(cut)) return;
                    await Send(server, frame);
                }
                if (Resets) { Reset(); return; }
            }
        }

        public async Task PumpReplies()
        {
            var buffer = new Frames();
            while (await buffer.Read(server, proxy.end.Token))
            {
                await Passable();
                while (buffer.Next(typed: true) is { } frame)
                {
                    if (cutAfterCommit && IsCommitted(frame.Span))
                    {
                        proxy.Fired();
                        if (!silent) return;
                        await proxy.healed.Task;
                        return;
                    }
                    if (drips) await Drip(frame);
                    else await Send(client, frame);
                }
            }
        }

        private bool Resets { get; set; }

        private async Task<bool> MayPass(Cut cut)
        {
            switch (cut)
            {
                case Cut.BeforeCommit:
                    proxy.Fired();
                    return false;
                case Cut.SilentBeforeCommit or Cut.Partition:
                    proxy.Fired();
                    await proxy.healed.Task;
                    return false;
                case Cut.AfterCommit:
                    cutAfterCommit = true;
                    return true;
                case Cut.SilentAfterCommit:
                    cutAfterCommit = silent = true;
                    return true;
                case Cut.Drip:
                    proxy.Fired();
                    drips = true;
                    return true;
                case Cut.Reset:
                    proxy.Fired();
                    Resets = true;
                    return true;
                default:
                    throw new ArgumentOutOfRangeException(nameof(cut));
            }
        }

        private async Task Passable()
        {
            if (!proxy.partitioned) return;
            await proxy.healed.Task;
            throw new OperationCanceledException("What was lost in a partition does not come back.");
        }

        private void Reset()
        {
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        }

        private async Task Drip(ReadOnlyMemory<byte> frame)
        {
            for (var i = 0; i < frame.Length; i++)
            {
                await Send(client, frame.Slice(i, 1));
                await Task.Delay(DripPause, proxy.end.Token);
            }
        }

        /// <summary>Parse names a statement; Bind of a name whose text is "commit" is a commit.</summary>
        private bool IsCommit(ReadOnlySpan<byte> frame)
        {
            if (frame[0] is not ((byte)'P' or (byte)'B')) return false;
            var first = TextAt(frame, 5);
            var second = TextAt(frame, 5 + first.Length + 1);
            if (frame[0] == 'P')
            {
                if (second.Trim().Equals("commit", StringComparison.OrdinalIgnoreCase)) commits.Add(first);
                else commits.Remove(first);
                return false;
            }
            return commits.Contains(second);
        }

        private static bool IsCommitted(ReadOnlySpan<byte> frame) => frame[0] == 'C' && frame[5..].StartsWith("COMMIT"u8);

        private static string TextAt(ReadOnlySpan<byte> frame, int start) =>
            Encoding.UTF8.GetString(frame.Slice(start, frame[start..].IndexOf((byte)0)));

        private static async Task Send(Socket to, ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    /// <summary>Whole messages out of a stream of bytes. Only the very first of a client has no type before its length.</summary>
    private sealed class Frames
    {
        private byte[] bytes = new byte[65_536];
        private int start;
        private int filled;

        public async Task<bool> Read(Socket from, CancellationToken stop)
        {
            if (start > 0)
            {
                bytes.AsSpan(start, filled - start).CopyTo(bytes);
                (start, filled) = (0, filled - start);
            }
            if (filled == bytes.Length) Array.Resize(ref bytes, bytes.Length * 2);
            var count = await from.ReceiveAsync(bytes.AsMemory(filled), SocketFlags.None, stop);
            filled += count;
            return count > 0;
        }

        public ReadOnlyMemory<byte>? Next(bool typed)
        {
            var type = typed ? 1 : 0;
            if (filled - start < type + 4) return null;
            var length = type + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start + type));
            if (filled - start < length) return null;
            var frame = bytes.AsMemory(start, length);
            start += length;
            return frame;
        }
    }
}
