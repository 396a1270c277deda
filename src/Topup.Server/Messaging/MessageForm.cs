using System.Buffers;
using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Templates;

namespace Topup.Server.Messaging;

/// <summary>Messages between the wire and their rows: what is right, and how it is called.</summary>
internal static class MessageForm
{
    public const string Email = "email";

    /// <summary>The most that one message can take.</summary>
    public const int SegmentsMax = 255;

    private const string Transactional = "transactional";
    private const string Campaign = "campaign";

    private const int SubjectLengthMax = 200;
    private const int ShortTextLengthMax = 1_600;
    private const int TextLengthMax = 100_000;
    private const int HtmlLengthMax = 400_000;
    private const int RecipientLengthMax = 254;

    private static readonly (MessageStatus Status, string Name)[] Names =
    [
        (MessageStatus.Queued, "queued"), (MessageStatus.Sending, "sending"), (MessageStatus.Unknown, "unknown"), (MessageStatus.Sent, "sent"),
        (MessageStatus.Delivered, "delivered"), (MessageStatus.Undelivered, "undelivered"), (MessageStatus.Failed, "failed"), (MessageStatus.Refused, "refused"),
    ];

    private static readonly SearchValues<char> NotInAddress = SearchValues.Create("<>,;:()[]\"\\");

    /// <summary>What is wrong with a message besides what it says.</summary>
    public static Problem? Check(MessageRequest asked) =>
        Fields.Text("channel", asked.Channel, Code.LengthMax) ?? Fields.Code("channel", asked.Channel)
        ?? Recipient("to", asked.Channel, asked.To)
        ?? Purpose(asked.Purpose)
        ?? Fields.Text("reference", asked.Reference, LedgerDesk.ReferenceLengthMax, min: 0)
        ?? (asked.Template is null ? asked.Variables is null ? null : Missing("template", "variables are those of a template.") : Templated(asked));

    /// <summary>What is wrong with what a message says.</summary>
    /// <param name="isElsewhere">The provider keeps its text, so that it needs none of its own.</param>
    public static Problem? Content(MessageRequest asked, bool isElsewhere = false) => asked.Channel == Email ? Mail(asked) : Short(asked, isElsewhere);

    /// <summary>To whom a message may go on a channel.</summary>
    public static Problem? Recipient(string field, string channel, string to) => channel switch
    {
        Email => Fields.Email(field, to) ?? (IsPlainAddress(to) ? null : Problems.Invalid(field, $"{field} must be one e-mail address and nothing else.")),
        "sms" or "whatsapp" => Fields.Phone(field, to),
        _ => Fields.Text(field, to, RecipientLengthMax),
    };

    public static MessageContent ContentOf(MessageRequest asked) => new(asked.To, asked.Subject ?? "", asked.Text ?? "", asked.Html ?? "");

    public static bool IsCampaign(MessageRequest asked) => asked.Purpose == Campaign;

    public static string PurposeOf(Message message) => message.IsCampaign ? Campaign : Transactional;

    public static string NameOf(MessageStatus status) => Names[(int)status].Name;

    /// <summary>Null: there is no such status.</summary>
    public static MessageStatus? StatusOf(string name) => Array.Find(Names, pair => pair.Name == name) is { Name: not null } found ? found.Status : null;

    public static string? TextOrNull(string text) => text.Length == 0 ? null : text;

    /// <summary>Smallest units that it has, or took.</summary>
    public static long CreditsOf(MessageRow row) => row.Message.Status switch
    {
        MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Unknown => row.Held,
        MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Undelivered => row.Charged,
        MessageStatus.Failed or MessageStatus.Refused => 0,
    };

    /// <param name="to">Null or empty: not kept.</param>
    /// <param name="type">Null: it was deleted from the catalogue, and nothing was taken.</param>
    public static MessageView View(MessageRow row, CreditType? type, string? to, MessageContent? content = null) => new()
    {
        Id = row.Key.ToString(),
        Tenant = row.Tenant,
        Channel = row.Message.Channel,
        Purpose = PurposeOf(row.Message),
        Status = NameOf(row.Message.Status),
        Reason = TextOrNull(row.Message.Reason),
        Type = row.Type,
        Credits = type is null ? 0 : LedgerViews.Decimal(CreditsOf(row), type),
        Segments = row.IsPerSegment ? row.Quantity : null,
        Driver = TextOrNull(row.Message.Driver),
        ProviderId = row.Message.ProviderId == LogDriver.ProviderId ? null : TextOrNull(row.Message.ProviderId),
        TryOut = row.Message.ProviderId == LogDriver.ProviderId ? true : null,
        Attempts = row.Message.Attempts,
        Reference = TextOrNull(row.Reference),
        CreatedAt = row.Message.CreatedAt.ToDateTimeOffset(),
        ChangedAt = row.Message.ChangedAt.ToDateTimeOffset(),
        To = TextOrNull(to ?? ""),
        Subject = TextOrNull(content?.Subject ?? ""),
        Text = TextOrNull(content?.Text ?? ""),
        Html = TextOrNull(content?.Html ?? ""),
    };

    /// <summary>What an address means in a list of addresses, or in a header, must not be in one that is alone.</summary>
    private static bool IsPlainAddress(string to) => !to.AsSpan().ContainsAny(NotInAddress);

    private static Problem? Purpose(string? purpose) => purpose is null or Transactional or Campaign
        ? null
        : Problems.Invalid("purpose", $"purpose must be {Transactional} or {Campaign}.");

    private static Problem? Mail(MessageRequest asked)
    {
        if (asked.Subject is null) return Missing("subject", "An e-mail needs a subject.");
        if (asked.Text is null && asked.Html is null) return Missing("text", "An e-mail needs text or html, or both.");
        return Fields.Text("subject", asked.Subject, SubjectLengthMax)
            ?? Body("text", asked.Text, TextLengthMax)
            ?? Body("html", asked.Html, HtmlLengthMax);
    }

    private static Problem? Templated(MessageRequest asked) =>
        Fields.Code("template", asked.Template)
        ?? TemplateForm.Values(asked.Variables)
        ?? Own("subject", asked.Subject) ?? Own("text", asked.Text) ?? Own("html", asked.Html);

    private static Problem? Own(string field, string? value) =>
        value is null ? null : Problems.Invalid(field, $"A message with a template has no {field} of its own.");

    private static Problem? Short(MessageRequest asked, bool isElsewhere)
    {
        if (asked.Subject is not null) return Problems.Invalid("subject", "Only an e-mail has a subject.");
        if (asked.Html is not null) return Problems.Invalid("html", "Only an e-mail has html.");
        if (asked.Text is null) return isElsewhere ? null : Missing("text", "The message needs a text.");
        return Body("text", asked.Text, asked.Channel is "sms" or "whatsapp" ? ShortTextLengthMax : TextLengthMax);
    }

    private static Problem? Body(string field, string? value, int max) =>
        Fields.Lines(field, value, max) ?? (value is not null && string.IsNullOrWhiteSpace(value) ? Problems.Invalid(field, $"{field} must not be empty.", 1) : null);

    private static Problem Missing(string field, string detail) => Problems.Of(400, ProblemCodes.MissingField, detail, field);
}
