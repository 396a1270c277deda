using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Topup.Testing.Fakes;

internal enum MailSecurity
{
    None,
    StartTls,
    Implicit,
}

/// <summary>A small mail server on a free port of 127.0.0.1, with a certificate of its own, that takes mail or does what a test says.</summary>
internal sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly X509Certificate2 certificate = NewCertificate();
    private readonly MailSecurity security;
    private readonly Lock gate = new();
    private readonly List<ReceivedMail> mails = [];
    private readonly List<string> commands = [];

    private FakeMailServer(MailSecurity security)
    {
        this.security = security;
        listener.Start();
        _ = Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The certificate that a client must trust, in PEM.</summary>
    public string Root => certificate.ExportCertificatePem();

    /// <summary>Ways to show a password, such as PLAIN LOGIN; empty: none is offered.</summary>
    public string Mechanisms { get; set; } = "";

    /// <summary>A reply in place of its own to a command; null: its own.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>It hangs up after the mail, and says nothing.</summary>
    public bool HangsUpAfterMail { get; set; }

    public List<ReceivedMail> Mails
    {
        get { lock (gate) return [.. mails]; }
    }

    /// <summary>Every command, with [tls] before those that came encrypted.</summary>
    public List<string> Commands
    {
        get { lock (gate) return [.. commands]; }
    }

    public static FakeMailServer Start(MailSecurity security) => new(security);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        certificate.Dispose();
        ending.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ending.Token);
                _ = Serve(client);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (security == MailSecurity.Implicit) stream = await Encrypt(stream);
            await Talk(stream);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client has left.
        }
    }

    private async Task Talk(Stream stream)
    {
        var (from, recipients) = ("", new List<string>());
        await Say(stream, "220 mail.example ready");
        while (await ReadLine(stream) is { } line)
        {
            var isEncrypted = stream is SslStream;
            lock (gate) commands.Add((isEncrypted ? "[tls] " : "") + line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (Answer(line) is { } told)
            {
                await Say(stream, told);
                continue;
            }
            switch (verb)
            {
                case "EHLO":
                    await Say(stream, "250-mail.example", "250-SIZE 1000000",
                        security == MailSecurity.StartTls && !isEncrypted ? "250-STARTTLS" : "250-8BITMIME",
                        Mechanisms.Length > 0 ? "250 AUTH " + Mechanisms : "250 HELP");
                    break;
                case "STARTTLS":
                    await Say(stream, "220 go ahead");
                    stream = await Encrypt(stream);
                    break;
                case "AUTH" when line == "AUTH LOGIN":
                    await Say(stream, "334 VXNlcm5hbWU6");
                    var user = await ReadLine(stream);
                    await Say(stream, "334 UGFzc3dvcmQ6");
                    lock (gate) commands.Add($"{user} {ReadLine(stream).GetAwaiter().GetResult()}");
                    await Say(stream, "235 welcome");
                    break;
                case "AUTH":
                    await Say(stream, "235 welcome");
                    break;
                case "MAIL":
                    (from, recipients) = (line, []);
                    await Say(stream, "250 ok");
                    break;
                case "RCPT":
                    recipients.Add(line["RCPT TO:<".Length..].TrimEnd('>'));
                    await Say(stream, "250 ok");
                    break;
                case "DATA":
                    await Say(stream, "354 go on");
                    var mail = new StringBuilder();
                    while (await ReadLine(stream) is { } text && text != ".") mail.Append(text.StartsWith('.') ? text[1..] : text).Append("\r\n");
                    lock (gate) mails.Add(new ReceivedMail(from, recipients, mail.ToString()));
                    if (HangsUpAfterMail) return;
                    await Say(stream, Answer(".") ?? "250 queued");
                    break;
                case "QUIT":
                    return;
                default:
                    await Say(stream, "502 what");
                    break;
            }
        }
    }

    private async Task<Stream> Encrypt(Stream stream)
    {
        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ending.Token);
        return encrypted;
    }

    private async Task Say(Stream stream, params string[] lines) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), ending.Token);

    private async Task<string?> ReadLine(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, ending.Token) == 1)
        {
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }

    public static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

internal sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Text);
