using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Topup.Testing.Fakes;

namespace Topup.Testing;

/// <summary>
/// A real mail server, Debian's Exim, on a free port of 127.0.0.1, with its spool and its mailbox in a temporary folder. It
/// takes mail for everybody but <c>nobody</c>. One that is strict takes it only encrypted and from who shows the password. It
/// cannot outlive the process that started it: the shell in between waits for the end of its input, and ends it then.
/// </summary>
internal sealed partial class RealMailServer : IAsyncDisposable
{
    public const string Username = "shop";
    public const string Password = "a password of the shop";

    /// <summary>No such mailbox, at every domain.</summary>
    public const string Nobody = "nobody";

    private const string Program = "/usr/sbin/exim4";

    /// <summary>The user that its package created; as anybody else it starts for administrators only.</summary>
    private const string User = "Debian-exim";

    // $1 = the program, $2 = its folder.
    private const string Keeper = """
        umask 0
        "$1" -C "$2/exim.conf" -bdf -q5s </dev/null >>"$2/log/out" 2>&1 &
        server=$!
        read -r ended
        kill $server 2>/dev/null
        wait $server
        rm -rf "$2/spool" "$2/log" "$2/mail"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private readonly Process keeper;
    private readonly X509Certificate2? certificate;

    private RealMailServer(string folder, int port, X509Certificate2? certificate)
    {
        (this.folder, Port, this.certificate) = (folder, port, certificate);
        keeper = Process.Start(AsServer("/bin/sh", "-c", Keeper, "keeper", Program, folder))!;
    }

    public int Port { get; }

    /// <summary>The certificate that a client must trust, in PEM; null: it has none.</summary>
    public string? Root => certificate?.ExportCertificatePem();

    /// <summary>Takes mail in clear, from anybody on this machine.</summary>
    public static Task<RealMailServer> Open() => Start(isStrict: false);

    /// <summary>Takes mail only after STARTTLS, and from who shows the password.</summary>
    public static Task<RealMailServer> Strict() => Start(isStrict: true);

    /// <summary>Every mail that was delivered, as it lies in the mailbox.</summary>
    public IReadOnlyList<DeliveredMail> Mails() =>
        [.. Files().Select(File.ReadAllText).Select(text => new DeliveredMail(Envelope().Match(text).Groups[1].Value, MessageId().Match(text).Groups[1].Value, text))];

    /// <summary>How many mails were delivered.</summary>
    public int Count => Files().Count();

    /// <summary>Waits until so many mails are delivered.</summary>
    public async Task<IReadOnlyList<DeliveredMail>> Until(int count)
    {
        for (var patience = Stopwatch.StartNew(); Count < count && patience.Elapsed < Patience;) await Task.Delay(50);
        return Mails();
    }

    /// <summary>Whether mail was taken that is not delivered yet.</summary>
    public bool HasQueue => Directory.Exists(Path.Combine(folder, "spool", "input")) && Directory.EnumerateFiles(Path.Combine(folder, "spool", "input"), "*-H", SearchOption.AllDirectories).Any();

    public async ValueTask DisposeAsync()
    {
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        certificate?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private IEnumerable<string> Files()
    {
        var arrived = Path.Combine(folder, "mail", "new");
        return Directory.Exists(arrived) ? Directory.EnumerateFiles(arrived) : [];
    }

    private static async Task<RealMailServer> Start(bool isStrict)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(Program))
            throw new InvalidOperationException("These tests need the mail server Exim, and it is not installed. On Debian: apt-get install exim4-daemon-light.");
        var folder = Directory.CreateTempSubdirectory("topup-mail-").FullName;
        foreach (var name in new[] { "", "spool", "log", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.SetUnixFileMode(Path.Combine(folder, name), (UnixFileMode)0x1FF);
        }
        var port = FreePort();
        var certificate = isStrict ? FakeMailServer.NewCertificate() : null;
        if (certificate is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
            File.SetUnixFileMode(Path.Combine(folder, "key.pem"), (UnixFileMode)0x1A4);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "exim.conf"), Configuration(folder, port, isStrict));
        var server = new RealMailServer(folder, port, certificate);
        try
        {
            await server.WaitReady();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task WaitReady()
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < Patience && !keeper.HasExited; await Task.Delay(20))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                // Not there yet.
            }
        }
        var log = Directory.EnumerateFiles(Path.Combine(folder, "log")).Select(File.ReadAllText);
        throw new InvalidOperationException("The mail server does not start. It said:\n" + string.Join('\n', log));
    }

    private static ProcessStartInfo AsServer(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new ProcessStartInfo("runuser", ["-u", User, "--", program, .. arguments]) { WorkingDirectory = "/", RedirectStandardInput = true }
        : new ProcessStartInfo("sudo", ["-n", "-u", User, "--", program, .. arguments]) { WorkingDirectory = "/", RedirectStandardInput = true };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Configuration(string folder, int port, bool isStrict) => """
        primary_hostname = mail.test
        exim_path = @program@
        spool_directory = @folder@/spool
        log_file_path = @folder@/log/%slog
        pid_file_path = @folder@/spool/pid
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = @port@
        keep_environment =
        deliver_drop_privilege = true
        smtp_accept_max = 0
        rfc1413_query_timeout = 0s
        message_size_limit = 1M
        acl_smtp_mail = senders
        acl_smtp_rcpt = recipients
        acl_smtp_data = accept
        @tls@
        auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}

        begin acl
        senders:
        @demands@
          accept
        recipients:
          deny local_parts = @nobody@
               message = 550 5.1.1 No such mailbox
          defer local_parts = busy
               message = 451 4.7.1 Later
          accept

        begin routers
        everybody:
          driver = accept
          transport = mailbox

        begin transports
        mailbox:
          driver = appendfile
          maildir_format
          directory = @folder@/mail
          directory_mode = 0777
          mode = 0666
          envelope_to_add

        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{{eq{$auth2}{@username@}}{eq{$auth3}{@password@}}}}
          server_set_id = $auth2
        login:
          driver = plaintext
          public_name = LOGIN
          server_prompts = Username:: : Password::
          server_condition = ${if and{{eq{$auth1}{@username@}}{eq{$auth2}{@password@}}}}
          server_set_id = $auth1
        """
            .Replace("@tls@", isStrict ? "tls_certificate = @folder@/cert.pem\ntls_privatekey = @folder@/key.pem\ntls_advertise_hosts = *" : "tls_advertise_hosts =", StringComparison.Ordinal)
            .Replace("@demands@", isStrict ? Demands : "", StringComparison.Ordinal)
            .Replace("@program@", Program, StringComparison.Ordinal).Replace("@folder@", folder, StringComparison.Ordinal)
            .Replace("@port@", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("@nobody@", Nobody, StringComparison.Ordinal)
            .Replace("@username@", Username, StringComparison.Ordinal).Replace("@password@", Password, StringComparison.Ordinal);

    private const string Demands = """
          deny !encrypted = *
               message = 530 5.7.0 Must issue a STARTTLS command first
          deny !authenticated = *
               message = 530 5.7.0 Authentication required
        """;

    [GeneratedRegex(@"^Envelope-to: (.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Envelope();

    [GeneratedRegex(@"^Message-ID: <(.*?)>\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}

/// <param name="MessageId">Without angle brackets.</param>
internal sealed record DeliveredMail(string To, string MessageId, string Text);
