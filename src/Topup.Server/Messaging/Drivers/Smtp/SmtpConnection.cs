using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Topup.Server.Messaging.Drivers.Smtp;

/// <summary>
/// A conversation with a mail server, command by command. Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
/// </summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private const int LineMax = 4_096;
    private const int LinesMax = 100;

    private readonly TcpClient tcp = new() { NoDelay = true };
    private readonly byte[] buffer = new byte[LineMax];
    private Stream stream = Stream.Null;
    private int start;
    private int end;

    /// <summary>What the server says it can, by its word in capitals.</summary>
    public Dictionary<string, string> Offers { get; private set; } = [];

    public bool IsEncrypted => stream is SslStream;

    public async Task Connect(string host, int port, CancellationToken stop)
    {
        await tcp.ConnectAsync(host, port, stop);
        stream = tcp.GetStream();
    }

    /// <param name="root">Trusted beside those of the system; null: none.</param>
    public async Task Encrypt(string host, X509Certificate2? root, CancellationToken stop)
    {
        // What came in clear before the handshake is nobody's word: it might be somebody's who stands between.
        if (start < end) throw new SmtpException("starttls_injection");
        var encrypted = new SslStream(stream);
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (root is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.Add(root);
        }
        await encrypted.AuthenticateAsClientAsync(options, stop);
        stream = encrypted;
    }

    public async Task Hello(string name, CancellationToken stop)
    {
        var reply = await Say("EHLO " + name, stop);
        reply.MustBe(250);
        Offers = reply.Lines.Skip(1).Select(line => line.Split(' ', 2))
            .GroupBy(words => words[0].ToUpperInvariant(), words => words.Length > 1 ? words[1] : "", StringComparer.Ordinal)
            .ToDictionary(offer => offer.Key, offer => offer.First(), StringComparer.Ordinal);
    }

    public async Task<SmtpReply> Say(string command, CancellationToken stop)
    {
        if (command.Any(char.IsControl)) throw new ArgumentException("A command has a control character.");
        await Write(command + "\r\n", stop);
        return await Listen(stop);
    }

    public async Task Write(string text, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop);
        await stream.FlushAsync(stop);
    }

    public async Task<SmtpReply> Listen(CancellationToken stop)
    {
        var lines = new List<string>();
        while (lines.Count < LinesMax)
        {
            var line = await ReadLine(stop);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                throw new SmtpException("reply_unreadable");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-') return new SmtpReply(code, lines);
        }
        throw new SmtpException("reply_unreadable");
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        tcp.Dispose();
    }

    private async Task<string> ReadLine(CancellationToken stop)
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(buffer, start, at).TrimEnd('\r');
                start += at + 1;
                return line;
            }
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length) throw new SmtpException("reply_unreadable");
            var read = await stream.ReadAsync(buffer.AsMemory(end), stop);
            if (read == 0) throw new SmtpException("connection_lost");
            end += read;
        }
    }
}

/// <summary>What the server said.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const string NoMailbox = "5.1.1";

    /// <summary>A word that says no more than the code: the text of a reply may name the recipient.</summary>
    public string Word => string.Create(CultureInfo.InvariantCulture, $"smtp_{Code}");

    /// <summary>There is no such mailbox, and will not be. Source: RFC 3463, X.1.1.</summary>
    public bool IsNobody => Code is >= 500 and <= 599 && Lines.Any(line => line == NoMailbox || line.StartsWith(NoMailbox + " ", StringComparison.Ordinal));

    public void MustBe(int code)
    {
        if (Code != code) throw new SmtpException(Word, isForGood: Code is >= 500 and <= 599);
    }
}

/// <summary>The conversation has failed.</summary>
/// <param name="isForGood">The server says that trying again is in vain.</param>
internal sealed class SmtpException(string word, bool isForGood = false) : IOException(word)
{
    public bool IsForGood => isForGood;
}
