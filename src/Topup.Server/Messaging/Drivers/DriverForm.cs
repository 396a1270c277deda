using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Messaging.Drivers;

/// <summary>Drivers on the wire: what is right whatever their kind, and how they look.</summary>
internal static class DriverForm
{
    public const string PerSegment = "segment";
    public const int DriversMax = 50;

    private const string PerMessage = "message";
    private const int PriorityMax = 1_000;
    private const int ConcurrencyMax = 100;

    public const string Http = "http";
    public const string Smtp = "smtp";
    public const string TwilioSms = "twilio-sms";
    public const string TwilioWhatsApp = "twilio-whatsapp";

    private static readonly string[] Twilio = [TwilioSms, TwilioWhatsApp];

    /// <summary>Settings that only drivers of some kinds have.</summary>
    private static readonly (string Field, Func<MessageDriverRequest, object?> Of, string[] Kinds)[] Own =
    [
        ("url", settings => settings.Url, [Http]), ("allow_private", settings => settings.AllowPrivate, [Http, .. Twilio]),
        ("host", settings => settings.Host, [Smtp]), ("port", settings => settings.Port, [Smtp]), ("security", settings => settings.Security, [Smtp]),
        ("username", settings => settings.Username, [Smtp]), ("auth", settings => settings.Auth, [Smtp]), ("from", settings => settings.From, [Smtp, .. Twilio]),
        ("from_name", settings => settings.FromName, [Smtp]), ("tls_root", settings => settings.TlsRoot, [Smtp]),
        ("account_sid", settings => settings.AccountSid, Twilio), ("api_key", settings => settings.ApiKey, Twilio),
        ("messaging_service_sid", settings => settings.MessagingServiceSid, Twilio), ("api_base", settings => settings.ApiBase, Twilio),
        ("callback_secret", settings => settings.CallbackSecret, Twilio), ("secret", settings => settings.Secret, [Http, Smtp, .. Twilio]),
    ];

    public static Problem? Check(string slug, MessageDriverRequest settings) =>
        Fields.Code("slug", slug)
        ?? Fields.Code("channel", settings.Channel)
        ?? Fields.Number("priority", settings.Priority, 0, PriorityMax)
        ?? Fields.Number("concurrency", settings.Concurrency, 1, ConcurrencyMax)
        ?? (settings.CreditsPer switch
        {
            null or PerMessage => null,
            PerSegment when settings.Channel == "sms" => null,
            PerSegment => Problems.Invalid("credits_per", "Only messages on sms have segments."),
            _ => Problems.Invalid("credits_per", $"credits_per must be {PerMessage} or {PerSegment}."),
        });

    /// <summary>Settings of other kinds would be saved in vain.</summary>
    public static Problem? OnlyOwn(MessageDriverRequest settings)
    {
        foreach (var (field, of, kinds) in Own)
            if (!kinds.Contains(settings.Kind) && of(settings) is not null) return Problems.Invalid(field, $"A driver of kind {settings.Kind} has no {field}.");
        return null;
    }

    /// <param name="sends">It is the one that sends the messages of its channel.</param>
    public static MessageDriverView View(MessageDriver driver, bool sends) => new()
    {
        Slug = driver.Slug, Kind = driver.Settings.Kind, Channel = driver.Settings.Channel, Enabled = driver.IsEnabled, Priority = driver.Priority,
        Concurrency = driver.Concurrency, CreditsPer = driver.Settings.CreditsPer ?? PerMessage, Sends = sends,
        TryOut = driver.Settings.Kind == "log" ? true : null, Missing = driver.Missing, Url = driver.Settings.Url, AllowPrivate = driver.Settings.AllowPrivate,
        Host = driver.Settings.Host, Port = driver.Settings.Port, Security = driver.Settings.Security, Username = driver.Settings.Username,
        Auth = driver.Settings.Auth, From = driver.Settings.From, FromName = driver.Settings.FromName, AccountSid = driver.Settings.AccountSid,
        ApiKey = driver.Settings.ApiKey, MessagingServiceSid = driver.Settings.MessagingServiceSid, ApiBase = driver.Settings.ApiBase,
        HearsCallbacks = driver.Settings.Kind is Http or TwilioSms or TwilioWhatsApp && driver.CallbackToken.Length > 0,
    };
}
