using Topup.Contracts;
using Topup.Server.Http;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Web.Admin.Messages;

/// <summary>A driver as it was typed. Only fields of its kind are read; what is left empty is left out.</summary>
internal static class TypedDriver
{
    public static readonly IReadOnlyList<string> Kinds = [DriverForm.Smtp, DriverForm.TwilioSms, DriverForm.TwilioWhatsApp, DriverForm.Http, "log"];

    /// <summary>The only channel that drivers of a kind send over; null: any.</summary>
    public static string? ChannelOf(string kind) => kind switch
    {
        DriverForm.Smtp => "email",
        DriverForm.TwilioSms => "sms",
        DriverForm.TwilioWhatsApp => "whatsapp",
        _ => null,
    };

    public static bool IsTwilio(string kind) => kind is DriverForm.TwilioSms or DriverForm.TwilioWhatsApp;

    public static Outcome<MessageDriverRequest> Read(IFormCollection form, string kind, Locale l)
    {
        var priority = TypedNumber.WholeOrNull("priority", form["priority"].ToString(), l);
        var concurrency = TypedNumber.WholeOrNull("concurrency", form["concurrency"].ToString(), l);
        var port = TypedNumber.WholeOrNull("port", form["port"].ToString(), l);
        if ((priority.Problem ?? concurrency.Problem ?? port.Problem) is { } wrong) return wrong;
        var settings = new MessageDriverRequest
        {
            Kind = kind, Channel = ChannelOf(kind) ?? form["channel"].ToString().Trim(), Enabled = form["enabled"] == "true", Priority = priority.Value,
            Concurrency = concurrency.Value, CreditsPer = OrNull("credits_per"),
        };
        return kind switch
        {
            DriverForm.Http => settings with { Url = OrNull("url"), AllowPrivate = form["allow_private"] == "true", Secret = OrNull("secret") },
            DriverForm.Smtp => settings with
            {
                Host = OrNull("host"), Port = port.Value, Security = OrNull("security"), Username = OrNull("username"), Auth = OrNull("auth"),
                From = OrNull("from"), FromName = OrNull("from_name"), TlsRoot = OrNull("tls_root")?.ReplaceLineEndings("\n"), Secret = OrNull("secret"),
            },
            _ when IsTwilio(kind) => settings with
            {
                AccountSid = OrNull("account_sid"), ApiKey = OrNull("api_key"), From = OrNull("from"), MessagingServiceSid = OrNull("messaging_service_sid"),
                ApiBase = OrNull("api_base"), AllowPrivate = form["allow_private"] == "true", Secret = OrNull("secret"), CallbackSecret = OrNull("callback_secret"),
            },
            _ => settings,
        };

        string? OrNull(string field) => form[field].ToString().Trim() is { Length: > 0 } typed ? typed : null;
    }
}
