using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers.Smtp;

/// <summary>
/// E-mail through a mail server. It is encrypted, or goes to this machine; a password is never sent in clear; and where a
/// password is set, but the server takes none of the ways to show it, nothing is sent.
/// </summary>
internal sealed class SmtpDriver(MessageOptions options, TimeProvider clock) : IMessageDriver
{
    private const string Implicit = "implicit_tls";
    private const string StartTls = "start_tls";
    private const string None = "none";
    private const int PortMax = 65_535;
    private const int HostLengthMax = 253;
    private const int UsernameLengthMax = 320;
    private const int SecretLengthMax = 4_096;
    private const int NameLengthMax = 100;
    private const int RootLengthMax = 16_384;

    /// <summary>Shorter than the lease of a message, whatever the patience.</summary>
    private static readonly TimeSpan AllMax = TimeSpan.FromMinutes(4);

    public string Kind => DriverForm.Smtp;

    public Problem? Check(MessageDriverRequest settings) =>
        (settings.Channel == MessageForm.Email ? null : Problems.Invalid("channel", "A driver of kind smtp sends over email."))
        ?? Host(settings.Host)
        ?? Fields.Number("port", settings.Port, 1, PortMax)
        ?? (settings.Security is null or Implicit or StartTls or None ? null : Problems.Invalid("security", $"security must be {Implicit}, {StartTls} or {None}."))
        ?? (settings.Security == None && !IsThisMachine(settings.Host!) ? Problems.Invalid("security", "Without encryption mail goes to this machine only.") : null)
        ?? (settings.Auth is null or "plain" or "login" or "xoauth2" ? null : Problems.Invalid("auth", "auth must be plain, login or xoauth2."))
        ?? (settings.Auth is not null && settings.Username is null ? Problems.Of(400, ProblemCodes.MissingField, "auth needs a username.", "username") : null)
        ?? Fields.Text("username", settings.Username, UsernameLengthMax)
        ?? Fields.Text("secret", settings.Secret, SecretLengthMax)
        ?? (settings.Secret is not null && settings.Username is null ? Problems.Of(400, ProblemCodes.MissingField, "A secret needs a username.", "username") : null)
        ?? (settings.From is null ? Problems.Of(400, ProblemCodes.MissingField, "A driver of kind smtp needs from.", "from") : null)
        ?? MessageForm.Recipient("from", MessageForm.Email, settings.From!)
        ?? (settings.From!.All(char.IsAscii) ? null : Problems.Invalid("from", "from must be in ASCII."))
        ?? Fields.Text("from_name", settings.FromName, NameLengthMax)
        ?? (settings.TlsRoot is null || (settings.TlsRoot.Length <= RootLengthMax && RootOf(settings.TlsRoot) is not null)
            ? null
            : Problems.Invalid("tls_root", $"tls_root must be a certificate in PEM of at most {RootLengthMax} characters.", RootLengthMax));

    /// <summary>A password is not shown to another server, nor over a weaker connection.</summary>
    public bool KeepsSecret(MessageDriverRequest before, MessageDriverRequest after) =>
        (before.Host, before.Port, before.Security, before.TlsRoot, before.Username) == (after.Host, after.Port, after.Security, after.TlsRoot, after.Username);

    public bool NeedsSecret(MessageDriverRequest settings) => settings.Username is not null;

    public async Task<SendResult> Send(OutgoingMessage message, MessageDriver driver, CancellationToken stop)
    {
        if (AsciiOf(message.Content.Recipient) is not { } to) return SendResult.Refused("address_not_ascii");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AllMax);
        await using var connection = new SmtpConnection();
        var mayHaveLeft = false;
        try
        {
            await Open(connection, driver, patience.Token);
            var id = $"{message.Id.Id}@{DomainOf(driver.Settings.From!)}";
            var content = message.Content;
            var mail = MailText.Stuffed(MailText.Of(
                driver.Settings.From!, driver.Settings.FromName ?? "", to, content.Subject, content.Text, content.Html, id, clock.GetUtcNow().ToUniversalTime()));
            if (connection.Offers.TryGetValue("SIZE", out var size) && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var max)
                && max > 0 && mail.Length > max)
                return SendResult.Refused("too_large");
            await Step(connection, $"MAIL FROM:<{driver.Settings.From}>", 250, patience.Token);
            var recipient = await Within(options.Patience * 3, within => connection.Say($"RCPT TO:<{to}>", within), patience.Token);
            if (recipient.IsNobody) return SendResult.Refused(recipient.Word) with { Suppress = SuppressionCause.Bounced };
            if (recipient.Code is not (250 or 251)) recipient.MustBe(250);
            await Step(connection, "DATA", 354, patience.Token);
            await Within(options.Patience * 6, within => connection.Write(mail, within), patience.Token);
            mayHaveLeft = true;
            await connection.Write(".\r\n", patience.Token);
            var taken = await Within(options.Patience * 6, connection.Listen, patience.Token);
            if (taken.Code is >= 200 and <= 299)
            {
                await Leave(connection);
                return SendResult.Accepted(id);
            }
            // The server has said no, so it has not left after all.
            mayHaveLeft = false;
            taken.MustBe(250);
            return SendResult.Unknown("reply_unreadable");
        }
        catch (SmtpException failed) when (!mayHaveLeft)
        {
            return failed.IsForGood ? SendResult.Refused(failed.Message) : SendResult.Later(failed.Message);
        }
        catch (Exception failed) when (failed is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            var word = failed switch
            {
                AuthenticationException => "tls_failed", OperationCanceledException => "timeout", SocketException => "not_connected", _ => "connection_lost",
            };
            return mayHaveLeft ? SendResult.Unknown(word) : SendResult.Later(word);
        }
    }

    /// <summary>The mail is the server's by now, whatever becomes of the farewell.</summary>
    private async Task Leave(SmtpConnection connection)
    {
        try
        {
            await Within(options.Patience, within => connection.Write("QUIT\r\n", within), CancellationToken.None);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // It has left first.
        }
    }

    /// <summary>To where mail can be given: encrypted, and with the password shown.</summary>
    private async Task Open(SmtpConnection connection, MessageDriver driver, CancellationToken stop)
    {
        var (settings, host) = (driver.Settings, driver.Settings.Host!);
        var (security, name) = (settings.Security ?? StartTls, DomainOf(settings.From!));
        using var root = settings.TlsRoot is null ? null : RootOf(settings.TlsRoot);
        await Within(options.Patience, within => connection.Connect(host, settings.Port ?? (security == Implicit ? 465 : 587), within), stop);
        if (security == Implicit) await Within(options.Patience, within => connection.Encrypt(host, root, within), stop);
        (await Within(options.Patience * 3, connection.Listen, stop)).MustBe(220);
        await Within(options.Patience * 3, within => connection.Hello(name, within), stop);
        if (security == StartTls)
        {
            if (!connection.Offers.ContainsKey("STARTTLS")) throw new SmtpException("starttls_missing");
            await Step(connection, "STARTTLS", 220, stop);
            await Within(options.Patience, within => connection.Encrypt(host, root, within), stop);
            // What was offered in clear may be somebody else's offer.
            await Within(options.Patience * 3, within => connection.Hello(name, within), stop);
        }
        if (settings.Username is not null) await Authenticate(connection, settings, driver.Secret, stop);
    }

    private async Task Authenticate(SmtpConnection connection, MessageDriverRequest settings, string secret, CancellationToken stop)
    {
        if (!connection.IsEncrypted && !IsThisMachine(settings.Host!)) throw new SmtpException("not_encrypted");
        var offered = (connection.Offers.GetValueOrDefault("AUTH") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] wanted = settings.Auth is null ? ["PLAIN", "LOGIN"] : [settings.Auth.ToUpperInvariant()];
        var mechanism = Array.Find(wanted, way => offered.Contains(way, StringComparer.OrdinalIgnoreCase)) ?? throw new SmtpException("no_auth_mechanism");
        var reply = await Within(options.Patience * 3, within => mechanism switch
        {
            "PLAIN" => connection.Say("AUTH PLAIN " + Base64($"\0{settings.Username}\0{secret}"), within),
            "LOGIN" => Login(connection, settings.Username!, secret, within),
            _ => connection.Say("AUTH XOAUTH2 " + Base64($"user={settings.Username}\u0001auth=Bearer {secret}\u0001\u0001"), within),
        }, stop);
        // Whatever the server says, another password may mend it, so messages wait.
        if (reply.Code != 235) throw new SmtpException("auth_failed");
    }

    private static async Task<SmtpReply> Login(SmtpConnection connection, string username, string secret, CancellationToken stop)
    {
        var reply = await connection.Say("AUTH LOGIN", stop);
        if (reply.Code == 334) reply = await connection.Say(Base64(username), stop);
        return reply.Code == 334 ? await connection.Say(Base64(secret), stop) : reply;
    }

    private async Task Step(SmtpConnection connection, string command, int code, CancellationToken stop) =>
        (await Within(options.Patience * 3, within => connection.Say(command, within), stop)).MustBe(code);

    private static async Task Within(TimeSpan patience, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(patience);
        await work(within.Token);
    }

    private static async Task<T> Within<T>(TimeSpan patience, Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(patience);
        return await work(within.Token);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    /// <summary>Null: what stands before the @ cannot be said in ASCII.</summary>
    private static string? AsciiOf(string address)
    {
        if (address.All(char.IsAscii)) return address;
        var at = address.LastIndexOf('@');
        try
        {
            return address[..at].All(char.IsAscii) ? address[..(at + 1)] + new IdnMapping().GetAscii(address[(at + 1)..]) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Problem? Host(string? host) => host is null
        ? Problems.Of(400, ProblemCodes.MissingField, "A driver of kind smtp needs a host.", "host")
        : host.Length <= HostLengthMax && Uri.CheckHostName(host) is not UriHostNameType.Unknown
            ? null
            : Problems.Invalid("host", $"host must be the name or address of a server, at most {HostLengthMax} characters.", HostLengthMax);

    private static X509Certificate2? RootOf(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
