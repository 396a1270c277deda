namespace Topup.Server.Web.Admin.Messages;

/// <summary>States of messages, drivers and suppressions as they are called on pages.</summary>
internal static class MessageWords
{
    public static readonly IReadOnlyList<string> Statuses = ["queued", "sending", "unknown", "sent", "delivered", "undelivered", "failed", "refused"];

    public static string StatusOf(Locale l, string status) => status switch
    {
        "queued" => l.Words("Queued"),
        "sending" => l.Words("Being handed over"),
        "unknown" => l.Words("Outcome unknown"),
        "sent" => l.Words("Sent"),
        "delivered" => l.Words("Delivered"),
        "undelivered" => l.Words("Not delivered"),
        "failed" => l.Words("Failed"),
        "refused" => l.Words("Refused"),
        _ => status,
    };

    public static string ColourOf(string status) => status switch
    {
        "sent" or "delivered" => "green",
        "unknown" => "yellow",
        "undelivered" or "failed" or "refused" => "red",
        _ => "blue",
    };

    public static string KindOf(Locale l, string kind) => kind switch
    {
        "http" => l.Words("Your own gateway"),
        "smtp" => l.Words("Mail server"),
        "twilio-sms" => l.Words("Twilio, text messages"),
        "twilio-whatsapp" => l.Words("Twilio, WhatsApp"),
        "log" => l.Words("Only written to the log, to try things out"),
        _ => kind,
    };

    public static string OutcomeOf(Locale l, string outcome) => outcome switch
    {
        "accepted" => l.Words("It was accepted"),
        "refused" => l.Words("It was refused"),
        "later" => l.Words("Not now: it would be tried again later"),
        "unknown" => l.Words("Nobody knows whether it was sent"),
        _ => outcome,
    };

    public static string CauseOf(Locale l, string cause) => cause switch
    {
        "by_hand" => l.Words("Put there by hand"),
        "bounced" => l.Words("The provider knows no such recipient"),
        "opted_out" => l.Words("The recipient asked for it"),
        _ => cause,
    };
}
