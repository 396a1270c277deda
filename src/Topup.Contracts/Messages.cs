namespace Topup.Contracts;

/// <summary>Send a message to one recipient. Its credits are held first, spent when it is taken over, and given back when it is not.</summary>
public record MessageRequest
{
    public required string Tenant { get; init; }

    /// <summary>Such as <c>sms</c>, <c>whatsapp</c> or <c>email</c>: the channel of a credit type and of a driver.</summary>
    public required string Channel { get; init; }

    /// <summary>An e-mail address on <c>email</c>; a number such as +5511998765432 on <c>sms</c> and <c>whatsapp</c>; else 1 to 254 characters.</summary>
    public required string To { get; init; }

    /// <summary>The code of a template, in place of subject, text and html.</summary>
    public string? Template { get; init; }

    /// <summary>A text for each name in the template, and no other.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Needed on <c>email</c>, and only there: 1 to 200 characters on one line.</summary>
    public string? Subject { get; init; }

    /// <summary>At most 1,600 characters on <c>sms</c> and <c>whatsapp</c>, else 100,000. On <c>email</c> text or html, or both.</summary>
    public string? Text { get; init; }

    /// <summary>Only on <c>email</c>: at most 400,000 characters.</summary>
    public string? Html { get; init; }

    /// <summary><c>transactional</c> (default), or <c>campaign</c>: drawn from the campaign pool of the channel where there is one.</summary>
    public string? Purpose { get; init; }

    /// <summary>Your own name for it, at most 128 characters. It stays in the history, so it must not say to whom.</summary>
    public string? Reference { get; init; }

    /// <summary>A record would write to whom and what into a log.</summary>
    public override string ToString() => $"{nameof(MessageRequest)} {{ {nameof(Tenant)} = {Tenant}, {nameof(Channel)} = {Channel} }}";
}

/// <summary>One message of a batch.</summary>
public sealed record MessageItem : MessageRequest
{
    /// <summary>One effect for this key, however often it is sent.</summary>
    public required string Key { get; init; }

    /// <summary>A record would write to whom and what into a log.</summary>
    public override string ToString() => base.ToString();
}

public sealed record MessageBatchRequest
{
    /// <summary>1 to 1,000.</summary>
    public required IReadOnlyList<MessageItem> Items { get; init; }
}

/// <summary>The answers, in the order of the items.</summary>
public sealed record MessageBatchReply
{
    public required IReadOnlyList<MessageItemReply> Items { get; init; }
}

/// <summary>The answer to one item: exactly one of reply and problem.</summary>
public sealed record MessageItemReply
{
    public required string Key { get; init; }
    public MessageReply? Reply { get; init; }
    public Problem? Problem { get; init; }
}

/// <summary>What became of a message so far. Not enough credits is an answer: the status is <c>refused</c>.</summary>
public sealed record MessageReply
{
    public required MessageView Message { get; init; }

    /// <summary>Absent where the reply is to a key that was seen before.</summary>
    public Remaining? Remaining { get; init; }

    /// <summary>Credits that are missing.</summary>
    public decimal? Shortfall { get; init; }

    /// <summary>Where the tenant can top up.</summary>
    public string? TopupUrl { get; init; }

    /// <summary>The key was seen before; nothing was sent or spent again.</summary>
    public required bool Replayed { get; init; }
}

public sealed record MessageView
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Channel { get; init; }
    public required string Purpose { get; init; }

    /// <summary><c>queued</c>, <c>sending</c>, <c>unknown</c>, <c>sent</c>, <c>delivered</c>, <c>undelivered</c>, <c>failed</c> or <c>refused</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it was refused, failed or waits.</summary>
    public string? Reason { get; init; }

    /// <summary>The credit type that pays.</summary>
    public required string Type { get; init; }

    /// <summary>Credits that are held for it; once it is sent, those that it took; 0 where it was not sent.</summary>
    public required decimal Credits { get; init; }

    /// <summary>Segments that it was taken for, where the driver counts them.</summary>
    public long? Segments { get; init; }

    /// <summary>The driver that has or had it.</summary>
    public string? Driver { get; init; }

    /// <summary>What the provider calls it.</summary>
    public string? ProviderId { get; init; }

    /// <summary>True: nobody got it. It was only written to the log, to try things out.</summary>
    public bool? TryOut { get; init; }
    public required int Attempts { get; init; }
    public string? Reference { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>To whom. Gone once the time is over for which the operator keeps it.</summary>
    public string? To { get; init; }

    /// <summary>Not in lists.</summary>
    public string? Subject { get; init; }

    /// <summary>Not in lists.</summary>
    public string? Text { get; init; }

    /// <summary>Not in lists.</summary>
    public string? Html { get; init; }

    /// <summary>A record would write to whom and what into a log.</summary>
    public override string ToString() => $"{nameof(MessageView)} {{ {nameof(Id)} = {Id}, {nameof(Status)} = {Status} }}";
}

/// <summary>Say what became of a message whose outcome is unknown.</summary>
public sealed record ResolveMessageRequest
{
    /// <summary><c>sent</c>: its credits are spent. <c>not_sent</c>: they are given back.</summary>
    public required string Outcome { get; init; }

    /// <summary>How you know, for the audit: 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>Channels on which a tenant's messages are stopped, the longest first.</summary>
public sealed record StoppedView
{
    public required IReadOnlyList<StoppedChannel> Data { get; init; }
}

/// <summary>A channel whose last message was refused, and which still is: "SMS is stopped: 12 messages refused since 10:02".</summary>
public sealed record StoppedChannel
{
    public required string Channel { get; init; }

    /// <summary>The credit type that the last of them would have drawn on.</summary>
    public required string Type { get; init; }
    public required string TypeName { get; init; }

    /// <summary>Why the last of them was refused.</summary>
    public required string Reason { get; init; }

    /// <summary>How many were refused since the last that was let through.</summary>
    public required long Refused { get; init; }

    /// <summary>When the first of them was.</summary>
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset LastAt { get; init; }
    public string? TopupUrl { get; init; }
}

/// <summary>Save a driver. Of the drivers of a channel that are enabled, the one with the highest priority sends.</summary>
public sealed record MessageDriverRequest
{
    /// <summary>
    /// <c>http</c>: your own gateway. <c>smtp</c>: a mail server. <c>twilio-sms</c>, <c>twilio-whatsapp</c>: Twilio. <c>log</c>: nothing is
    /// sent, for trying out.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The channel that it sends over, such as <c>sms</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>Left out: yes.</summary>
    public bool? Enabled { get; init; }

    /// <summary>0 to 1,000; left out: 0. Of equals the first by its name sends.</summary>
    public int? Priority { get; init; }

    /// <summary>How many messages it is given at once, on each server: 1 to 100; left out: 10.</summary>
    public int? Concurrency { get; init; }

    /// <summary><c>message</c> (default): one use for each. <c>segment</c>: one for each segment of a text message.</summary>
    public string? CreditsPer { get; init; }

    /// <summary>http: where messages are posted to.</summary>
    public string? Url { get; init; }

    /// <summary>http, twilio: the address may be private, or of this machine, and without https. Left out: no.</summary>
    public bool? AllowPrivate { get; init; }

    /// <summary>smtp: name or address of the mail server.</summary>
    public string? Host { get; init; }

    /// <summary>smtp: left out: 465 with implicit_tls, else 587.</summary>
    public int? Port { get; init; }

    /// <summary>smtp: <c>start_tls</c> (default), <c>implicit_tls</c>, or, on this machine only, <c>none</c>.</summary>
    public string? Security { get; init; }

    /// <summary>smtp: left out: the server asks for none.</summary>
    public string? Username { get; init; }

    /// <summary>smtp: <c>plain</c>, <c>login</c> or <c>xoauth2</c>, with an access token as secret. Left out: plain or login, whichever is offered.</summary>
    public string? Auth { get; init; }

    /// <summary>
    /// smtp: the address that mail comes from. twilio-sms: a number such as +15005550006, a short code, or a name of at most 11 letters
    /// and digits. twilio-whatsapp: a number.
    /// </summary>
    public string? From { get; init; }

    /// <summary>smtp: the name that mail comes from, at most 100 characters.</summary>
    public string? FromName { get; init; }

    /// <summary>smtp: the certificate, in PEM, of an own authority that the server's certificate comes from. Left out: those the system trusts.</summary>
    public string? TlsRoot { get; init; }

    /// <summary>twilio: the account, <c>AC</c> and 32 hexadecimal digits.</summary>
    public string? AccountSid { get; init; }

    /// <summary>twilio: an API key, <c>SK</c> and 32 hexadecimal digits, whose secret is the secret. Left out: the secret is the account's auth token.</summary>
    public string? ApiKey { get; init; }

    /// <summary>twilio: in place of from, <c>MG</c> and 32 hexadecimal digits.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>twilio: another address than https://api.twilio.com, such as a proxy's.</summary>
    public string? ApiBase { get; init; }

    /// <summary>
    /// http: what signs requests, <c>whsec_</c> and the base64 of 24 to 64 bytes. smtp: the password, or the access token. twilio: the auth
    /// token, or the secret of the API key. Never shown again. Left out: as it was; a password is not kept for another server.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>
    /// twilio: the account's auth token, which signs what Twilio tells later, where the secret is that of an API key. Never shown again. Left
    /// out: as it was; where there is none, nothing is heard of what became of messages.
    /// </summary>
    public string? CallbackSecret { get; init; }

    /// <summary>A record would write its secret into a log.</summary>
    public override string ToString() => $"{nameof(MessageDriverRequest)} {{ {nameof(Kind)} = {Kind}, {nameof(Channel)} = {Channel} }}";
}

/// <summary>A driver, without its secret.</summary>
public sealed record MessageDriverView
{
    public required string Slug { get; init; }
    public required string Kind { get; init; }
    public required string Channel { get; init; }
    public required bool Enabled { get; init; }
    public required int Priority { get; init; }
    public required int Concurrency { get; init; }
    public required string CreditsPer { get; init; }

    /// <summary>It is the one that sends the messages of its channel.</summary>
    public required bool Sends { get; init; }

    /// <summary>True: it sends nothing, and is for trying out.</summary>
    public bool? TryOut { get; init; }

    /// <summary>What it lacks to send, in a sentence. Absent: nothing.</summary>
    public string? Missing { get; init; }
    public string? Url { get; init; }
    public bool? AllowPrivate { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public string? Security { get; init; }
    public string? Username { get; init; }
    public string? Auth { get; init; }
    public string? From { get; init; }
    public string? FromName { get; init; }
    public string? AccountSid { get; init; }
    public string? ApiKey { get; init; }
    public string? MessagingServiceSid { get; init; }
    public string? ApiBase { get; init; }

    /// <summary>What its provider tells later is heard, for there is a secret that it is signed with.</summary>
    public required bool HearsCallbacks { get; init; }
}

/// <summary>Send a test message through a driver. It costs no credits.</summary>
public sealed record TestMessageDriverRequest
{
    /// <summary>To whom, as in a message.</summary>
    public required string To { get; init; }
}

/// <summary>What the driver said.</summary>
public sealed record TestMessageDriverReply
{
    /// <summary><c>accepted</c>, <c>refused</c>, <c>later</c> or <c>unknown</c>.</summary>
    public required string Outcome { get; init; }
    public string? Reason { get; init; }
    public string? ProviderId { get; init; }
    public long? Segments { get; init; }

    /// <summary>True: nothing was sent; it was only written to the log.</summary>
    public bool? TryOut { get; init; }
}

/// <summary>The data of <c>message.sent</c>, <c>message.failed</c>, <c>message.unknown</c> and <c>message.refused</c>. It never says to whom or what.</summary>
public sealed record MessageEventData
{
    public required string Message { get; init; }
    public required string Channel { get; init; }
    public required string Purpose { get; init; }
    public required string Type { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }

    /// <summary>What it took in the end; 0 where its credits are back; while unknown, what is held.</summary>
    public required decimal Credits { get; init; }
    public string? Driver { get; init; }
    public string? ProviderId { get; init; }
    public string? Reference { get; init; }
}

/// <summary>What a driver of kind <c>http</c> posts to the platform's gateway. The header webhook-id is the same for every attempt.</summary>
public sealed record GatewayMessage
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Channel { get; init; }
    public required string Purpose { get; init; }
    public required string To { get; init; }
    public string? Subject { get; init; }
    public string? Text { get; init; }
    public string? Html { get; init; }
    public string? Reference { get; init; }

    /// <summary>A record would write to whom and what into a log.</summary>
    public override string ToString() => $"{nameof(GatewayMessage)} {{ {nameof(Id)} = {Id} }}";
}

/// <summary>What the gateway answers, with a status of 2xx.</summary>
public sealed record GatewayReply
{
    /// <summary><c>accepted</c>: it is on its way. <c>refused</c>: it is not, and will not be.</summary>
    public required string Status { get; init; }

    /// <summary>What the gateway calls it, at most 128 characters.</summary>
    public string? Id { get; init; }

    /// <summary>Why it was refused: a word of at most 100 characters that does not say to whom.</summary>
    public string? Reason { get; init; }

    /// <summary>How many segments it took, 1 to 255.</summary>
    public long? Segments { get; init; }
}

/// <summary>What the gateway tells later of a message, signed as messages are signed: <c>POST /webhooks/messages/{slug of the driver}</c>.</summary>
public sealed record GatewayCallback
{
    /// <summary>The id of the message, as it came.</summary>
    public required string Id { get; init; }

    /// <summary><c>sent</c>, <c>delivered</c>, <c>undelivered</c>, or <c>failed</c>: it was not sent.</summary>
    public required string Status { get; init; }

    /// <summary>Why it did not arrive: a word of at most 100 characters that does not say to whom.</summary>
    public string? Reason { get; init; }

    /// <summary>How many segments it took, 1 to 255; heard only where the first answer was lost.</summary>
    public long? Segments { get; init; }
}
