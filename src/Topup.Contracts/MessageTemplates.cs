namespace Topup.Contracts;

/// <summary>What messages of one kind say. Names in braces, such as <c>{first_name}</c>, are filled with each message's own values.</summary>
public sealed record MessageTemplateRequest
{
    /// <summary>The channel it is for, such as <c>email</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>Needed on <c>email</c>, and only there: 1 to 200 characters on one line.</summary>
    public string? Subject { get; init; }

    /// <summary>At most 1,600 characters on <c>sms</c> and <c>whatsapp</c>, else 100,000. On <c>email</c> text or html, or both.</summary>
    public string? Text { get; init; }

    /// <summary>Only on <c>email</c>: at most 400,000 characters.</summary>
    public string? Html { get; init; }

    /// <summary>
    /// On <c>sms</c> and <c>whatsapp</c>: a text that Twilio keeps, <c>HX</c> and 32 hexadecimal digits. Drivers of Twilio send it, others send
    /// <c>text</c>, and where there is none the message is not let through.
    /// </summary>
    public string? ContentSid { get; init; }

    /// <summary>What each variable of Twilio's text is filled with, such as <c>{"1": "{first_name}"}</c>: at most 50, of at most 1,600 characters each.</summary>
    public IReadOnlyDictionary<string, string>? ContentVariables { get; init; }
}

/// <summary>A template as it is now.</summary>
public sealed record MessageTemplateView
{
    public required string Code { get; init; }
    public required string Channel { get; init; }
    public string? Subject { get; init; }
    public string? Text { get; init; }
    public string? Html { get; init; }
    public string? ContentSid { get; init; }
    public IReadOnlyDictionary<string, string>? ContentVariables { get; init; }

    /// <summary>The names in it: what a message must give, and may give.</summary>
    public required IReadOnlyList<string> Variables { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
