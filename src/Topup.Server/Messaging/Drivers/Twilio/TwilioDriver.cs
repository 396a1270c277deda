using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Messaging.Callbacks;

namespace Topup.Server.Messaging.Drivers.Twilio;

internal sealed class TwilioSmsDriver(TwilioClient client, MessageOptions options, PublicAddress address)
    : TwilioDriver(DriverForm.TwilioSms, "sms", prefix: "", client, options, address);

internal sealed class TwilioWhatsAppDriver(TwilioClient client, MessageOptions options, PublicAddress address)
    : TwilioDriver(DriverForm.TwilioWhatsApp, "whatsapp", prefix: "whatsapp:", client, options, address);

/// <summary>
/// Text messages and WhatsApp through Twilio. Each message is asked for once. The address at which Twilio tells later what
/// became of it names the message, so that one whose answer was lost is heard of all the same.
/// </summary>
/// <param name="prefix">What stands before numbers on the channel.</param>
internal abstract partial class TwilioDriver(
    string kind, string channel, string prefix, TwilioClient client, MessageOptions options, PublicAddress address) : IMessageDriver, ICallbackReader
{
    private const string MessageQuery = "message";
    private const int SecretLengthMax = 512;
    private const int ApiBaseLengthMax = 200;

    public string Kind => kind;

    public bool KnowsContents => true;

    public Problem? Check(MessageDriverRequest settings) =>
        (settings.Channel == channel ? null : Problems.Invalid("channel", $"A driver of kind {kind} sends over {channel}."))
        ?? Sid("account_sid", settings.AccountSid, "AC")
        ?? (settings.AccountSid is null ? Missing("account_sid", $"A driver of kind {kind} needs an account_sid.") : null)
        ?? Sid("api_key", settings.ApiKey, "SK")
        ?? Sid("messaging_service_sid", settings.MessagingServiceSid, "MG")
        ?? Sender(settings)
        ?? (settings.ApiBase is { } url ? HttpFailure.Url("api_base", url, settings.AllowPrivate ?? false, ApiBaseLengthMax) : null)
        ?? Secret("secret", settings.Secret)
        ?? Secret("callback_secret", settings.CallbackSecret)
        ?? (settings.CallbackSecret is not null && settings.ApiKey is null
            ? Problems.Invalid("callback_secret", "Without an api_key the secret is the auth token, which signs callbacks too.")
            : null);

    /// <summary>A password is not shown to another server, nor used for another account.</summary>
    public bool KeepsSecret(MessageDriverRequest before, MessageDriverRequest after) =>
        (before.AccountSid, before.ApiKey, before.ApiBase) == (after.AccountSid, after.ApiKey, after.ApiBase);

    public bool NeedsSecret(MessageDriverRequest settings) => true;

    public async Task<SendResult> Send(OutgoingMessage message, MessageDriver driver, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Patience);
        SendResult sent;
        try
        {
            sent = await client.Create(driver, Form(message, driver), patience.Token);
        }
        catch (Exception failed) when (HttpFailure.Of(failed, patience.IsCancellationRequested) is { } result)
        {
            return result;
        }
        // A messaging service counts only when it has chosen who sends.
        return sent is { Outcome: SendOutcome.Accepted, Segments: null } && driver.IsPerSegment
            ? sent with { Segments = await CountSegments(sent.ProviderId, driver, stop) }
            : sent;
    }

    public async Task<long?> CountSegments(string providerId, MessageDriver driver, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(options.Patience);
        try
        {
            return await client.CountSegments(driver, providerId, patience.Token);
        }
        catch (Exception failed) when (HttpFailure.Of(failed, patience.IsCancellationRequested) is not null)
        {
            // Then what was counted here stands.
            return null;
        }
    }

    public CallbackNews? Read(CallbackRequest request, MessageDriver driver)
    {
        if (TwilioSignature.Fields(request.Body) is not { } fields) return null;
        if (!TwilioSignature.IsGenuine(request.Headers[TwilioSignature.Header].ToString(), request.Url, fields, driver.CallbackToken)) return null;
        var status = fields.GetValueOrDefault("MessageStatus").ToString();
        _ = int.TryParse(fields.GetValueOrDefault("ErrorCode").ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code);
        return new CallbackNews(MessageOf(request.Url), TwilioAnswer.NewsOf(status), TwilioAnswer.ReasonOf(status, code),
            fields.GetValueOrDefault("MessageSid").ToString(), Suppress: TwilioAnswer.SuppressionOf(code));
    }

    private List<KeyValuePair<string, string>> Form(OutgoingMessage message, MessageDriver driver)
    {
        var (settings, content) = (driver.Settings, message.Content);
        List<KeyValuePair<string, string>> form =
        [
            new("To", prefix + content.Recipient),
            settings.MessagingServiceSid is { } service ? new("MessagingServiceSid", service) : new("From", prefix + settings.From),
        ];
        if (content.ContentSid.Length == 0) form.Add(new("Body", content.Text));
        else
        {
            form.Add(new("ContentSid", content.ContentSid));
            if (content.ContentVariables.Length > 0) form.Add(new("ContentVariables", content.ContentVariables));
        }
        if (CallbackUrl(message.Id, driver) is { } callback) form.Add(new("StatusCallback", callback));
        return form;
    }

    /// <summary>Null: nothing that came there could be believed, or Twilio cannot reach it and would refuse the message for it.</summary>
    private string? CallbackUrl(MessageId id, MessageDriver driver)
    {
        if (driver.CallbackToken.Length == 0) return null;
        var url = address.Of(ReceiveCallback.PathOf(driver.Slug)) + $"?{MessageQuery}={Uri.EscapeDataString(id.ToString())}";
        return driver.Settings.AllowPrivate == true || IsReachable(new Uri(url)) ? url : null;
    }

    /// <summary>With an address that it cannot use Twilio refuses the whole message. Source: https://www.twilio.com/docs/api/errors/21609</summary>
    private static bool IsReachable(Uri url) =>
        !url.IsLoopback && !url.Host.Contains('_', StringComparison.Ordinal) && (!IPAddress.TryParse(url.IdnHost, out var ip) || OutgoingHttp.IsPublic(ip));

    private static MessageId? MessageOf(string url)
    {
        var at = url.LastIndexOf($"?{MessageQuery}=", StringComparison.Ordinal);
        return at >= 0 && MessageId.TryParse(Uri.UnescapeDataString(url[(at + MessageQuery.Length + 2)..]), out var id) ? id : null;
    }

    private Problem? Sender(MessageDriverRequest settings)
    {
        if (settings.From is null)
            return settings.MessagingServiceSid is null ? Missing("from", $"A driver of kind {kind} needs from, or a messaging_service_sid.") : null;
        if (settings.MessagingServiceSid is not null) return Problems.Invalid("from", "Give from or a messaging_service_sid, not both.");
        if (prefix.Length > 0) return Fields.Phone("from", settings.From);
        return NumberShape().IsMatch(settings.From) || NameShape().IsMatch(settings.From)
            ? null
            : Problems.Invalid(
                "from", "from must be a number such as +15005550006, a short code of 3 to 8 digits, or a name of at most 11 letters, digits and spaces.", 11);
    }

    private static Problem? Sid(string field, string? sid, string kind) =>
        sid is null || (sid.StartsWith(kind, StringComparison.Ordinal) && SidShape().IsMatch(sid))
            ? null
            : Problems.Invalid(field, $"{field} must be {kind} and 32 hexadecimal digits.");

    private static Problem? Secret(string field, string? secret) =>
        secret is null || (secret.Length is > 0 and <= SecretLengthMax && !secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
            ? null
            : Problems.Invalid(field, $"{field} must be 1 to {SecretLengthMax} printable ASCII characters without spaces.", SecretLengthMax);

    private static Problem Missing(string field, string detail) => Problems.Of(400, ProblemCodes.MissingField, detail, field);

    [GeneratedRegex(@"^[A-Z]{2}[0-9a-fA-F]{32}\z")]
    private static partial Regex SidShape();

    [GeneratedRegex(@"^(\+[1-9][0-9]{6,14}|[0-9]{3,8})\z")]
    private static partial Regex NumberShape();

    [GeneratedRegex(@"^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 ]{0,10}\z")]
    private static partial Regex NameShape();
}
