using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Topup.Testing;

/// <summary>
/// One keep-alive HTTP/1.1 connection with as little work for the processor as possible, so that many of them leave the
/// machine to the server. It reads what this server writes: a status line, headers, and a body with a length. Used by one
/// caller at a time; a failure of the wire closes it, and the next request connects again.
/// </summary>
internal sealed class LoadClient(Uri server, string key = ServerProcess.Key) : IDisposable
{
    private readonly string head = $"Host: {server.Authority}\r\nAuthorization: Bearer {key}\r\n";
    private readonly IPEndPoint address = new(IPAddress.Loopback, server.Port);
    private byte[] output = new byte[4_096];
    private byte[] input = new byte[16_384];
    private Socket? socket;

    /// <summary>Longest wait for a reply; null: for ever.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>A keyed POST, as bytes that can be sent any number of times.</summary>
    public byte[] Post(string path, string idempotencyKey, string json) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"POST {path} HTTP/1.1\r\n{head}Idempotency-Key: {idempotencyKey}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));

    public byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{head}\r\n");

    public Task<LoadReply> Consume(string tenant, string type, long amount, string idempotencyKey) =>
        Send("/v1/consume", idempotencyKey, $$"""{"tenant":"{{tenant}}","type":"{{type}}","amount":{{amount.ToString(CultureInfo.InvariantCulture)}}}""");

    /// <summary>A keyed POST that is written straight into the output, without a copy.</summary>
    public Task<LoadReply> Send(string path, string idempotencyKey, string json)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\n{head}Idempotency-Key: {idempotencyKey}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
        if (output.Length < text.Length) output = new byte[text.Length * 2];
        return Send(output.AsMemory(0, Encoding.ASCII.GetBytes(text, output)));
    }

    /// <exception cref="IOException">The wire failed or the patience ended: whether the request had an effect is not known.</exception>
    public async Task<LoadReply> Send(ReadOnlyMemory<byte> request)
    {
        try
        {
            if (Patience is not { } patience) return await SendOnce(request, CancellationToken.None);
            using var limit = new CancellationTokenSource(patience);
            return await SendOnce(request, limit.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
        {
            Dispose();
            throw new IOException("The server did not answer.", exception);
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private async Task<LoadReply> SendOnce(ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        if (socket is null)
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, stop);
        }
        for (var sent = 0; sent < request.Length;) sent += await socket.SendAsync(request[sent..], SocketFlags.None, stop);
        var read = 0;
        while (true)
        {
            if (read == input.Length) Array.Resize(ref input, input.Length * 2);
            var count = await socket.ReceiveAsync(input.AsMemory(read), SocketFlags.None, stop);
            if (count == 0) throw new IOException("The server closed the connection.");
            read += count;
            var end = input.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            var length = Header(input.AsSpan(0, end), "\r\nContent-Length: "u8);
            if (length < 0 || read < end + 4 + length) continue;
            if (!Utf8Parser.TryParse(input.AsSpan("HTTP/1.1 ".Length, 3), out int status, out _)) throw new IOException("Not an HTTP reply.");
            return new LoadReply(status, Header(input.AsSpan(0, end), "\r\nRetry-After: "u8), input.AsMemory(end + 4, length));
        }
    }

    private static int Header(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var at = headers.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int value, out _) ? value : -1;
    }
}

/// <param name="RetryAfter">Seconds; -1: the reply does not say.</param>
/// <param name="Body">Valid until the client sends its next request.</param>
internal readonly record struct LoadReply(int Status, int RetryAfter, ReadOnlyMemory<byte> Body)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);

    public bool IsAllowed => Status == 200 && Has("\"allowed\":true"u8);

    public bool IsRefused => Status == 200 && Has("\"allowed\":false"u8);

    public bool IsReplayed => Has("\"replayed\":true"u8);

    public bool Has(ReadOnlySpan<byte> words) => Body.Span.IndexOf(words) >= 0;

    /// <summary>A text member that has no escapes in it; empty: there is none of that name.</summary>
    public string Word(string name)
    {
        var mark = Encoding.ASCII.GetBytes($"\"{name}\":\"");
        var at = Body.Span.IndexOf(mark);
        if (at < 0) return "";
        var rest = Body.Span[(at + mark.Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
    }

    /// <summary>The first whole number of that name.</summary>
    public long Number(string name)
    {
        var mark = Encoding.ASCII.GetBytes($"\"{name}\":");
        var at = Body.Span.IndexOf(mark);
        return at >= 0 && Utf8Parser.TryParse(Body.Span[(at + mark.Length)..], out long value, out _)
            ? value
            : throw new FormatException($"No whole number '{name}' in {Text}");
    }
}
