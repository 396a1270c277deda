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

    /// <summary>Settings that only drivers of kind http have.</summary>
    public static readonly (string Field, Func<MessageDriverRequest, object?> Of)[] OfHttp =
        [("url", settings => settings.Url), ("allow_private", settings => settings.AllowPrivate)];

    /// <summary>Settings that only drivers of kind smtp have.</summary>
    public static readonly (string Field, Func<MessageDriverRequest, object?> Of)[] OfSmtp =
    [
        ("host", settings => settings.Host), ("port", settings => settings.Port), ("security", settings => settings.Security),
        ("username", settings => settings.Username), ("auth", settings => settings.Auth), ("from", settings => settings.From),
        ("from_name", settings => settings.FromName), ("tls_root", settings => settings.TlsRoot),
    ];

    /// <summary>The one thing that drivers of several kinds have.</summary>
    public static readonly (string Field, Func<MessageDriverRequest, object?> Of)[] OfAll = [("secret", settings => settings.Secret)];

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
    public static Problem? Without(MessageDriverRequest settings, (string Field, Func<MessageDriverRequest, object?> Of)[] others, string kind)
    {
        foreach (var (field, of) in others)
            if (of(settings) is not null) return Problems.Invalid(field, $"A driver of kind {kind} has no {field}.");
        return null;
    }

    /// <param name="sends">It is the one that sends the messages of its channel.</param>
    public static MessageDriverView View(MessageDriver driver, bool sends) => new()
    {
        Slug = driver.Slug, Kind = driver.Settings.Kind, Channel = driver.Settings.Channel, Enabled = driver.IsEnabled, Priority = driver.Priority,
        Concurrency = driver.Concurrency, CreditsPer = driver.Settings.CreditsPer ?? PerMessage, Sends = sends,
        TryOut = driver.Settings.Kind == "log" ? true : null, Missing = driver.Missing, Url = driver.Settings.Url, AllowPrivate = driver.Settings.AllowPrivate,
        Host = driver.Settings.Host, Port = driver.Settings.Port, Security = driver.Settings.Security, Username = driver.Settings.Username,
        Auth = driver.Settings.Auth, From = driver.Settings.From, FromName = driver.Settings.FromName,
    };
}
