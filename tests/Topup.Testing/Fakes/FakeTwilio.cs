using System.Collections.Specialized;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Topup.Testing.Fakes;

/// <summary>
/// Twilio's API of messages, as strict as the real one: who asks is checked first, every parameter is known, a message is made
/// for every request that is right, for there are no keys. It tells later what became of a message when a test says so.
/// </summary>
internal sealed partial class FakeTwilio(TimeProvider clock) : FakeProvider(clock)
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";
    public const string AuthToken = "0fedcba9876543210fedcba987654321";
    public const string ApiKey = "SK0123456789abcdef0123456789abcdef";
    public const string ApiKeySecret = "secret-of-the-api-key";
    public const string Service = "MG0123456789abcdef0123456789abcdef";
    public const string Content = "HX0123456789abcdef0123456789abcdef";
    public const string Number = "+15005550006";

    private const string SignatureHeader = "x-twilio-signature";
    private const int BodyLengthMax = 1_600;
    private const int CallbackLengthMax = 4_000;

    private static readonly string[] Known =
        ["To", "From", "MessagingServiceSid", "Body", "ContentSid", "ContentVariables", "StatusCallback", "ValidityPeriod", "SmartEncoded"];

    private readonly List<FakeText> texts = [];
    private readonly HashSet<string> optedOut = [];
    private readonly Queue<FakeAnswer> script = new();
    private int ids;

    /// <summary>How many segments a text takes.</summary>
    public Func<string, int> SegmentsOf { get; set; } = text => text.All(char.IsAscii) ? (text.Length <= 160 ? 1 : (text.Length + 152) / 153)
        : text.Length <= 70 ? 1 : (text.Length + 66) / 67;

    /// <summary>All messages so far.</summary>
    public List<FakeText> Texts
    {
        get { lock (Gate) return [.. texts]; }
    }

    /// <summary>The recipient has answered STOP.</summary>
    public void OptOut(string number)
    {
        lock (Gate) optedOut.Add(number);
    }

    /// <summary>The next answers, whatever is asked.</summary>
    public void Say(params FakeAnswer[] answers)
    {
        lock (Gate)
            foreach (var answer in answers) script.Enqueue(answer);
    }

    public static FakeAnswer Failed(int status, int code) => new(status, new JsonObject
    {
        ["code"] = code, ["message"] = "What is wrong with +5511998765432", ["more_info"] = $"https://www.twilio.com/docs/errors/{code}", ["status"] = status,
    }.ToJsonString());

    /// <summary>Moves a message on, and tells of it where it was asked to.</summary>
    public FakeNotification? Move(FakeText text, string status, int? error = null)
    {
        lock (Gate)
        {
            (text.Status, text.Error) = (status, error);
            if (text.Callback is null) return null;
            var notification = Callback(text.Callback, Fields(text));
            Notify(notification);
            return notification;
        }
    }

    /// <summary>A form as Twilio sends it.</summary>
    /// <param name="token">Null: the account's.</param>
    public static FakeNotification Callback(string url, IEnumerable<KeyValuePair<string, string>> fields, string? token = null)
    {
        var form = fields.ToList();
        var body = string.Join('&', form.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        return new FakeNotification(new Uri(url).PathAndQuery, new Dictionary<string, string>
        {
            ["content-type"] = "application/x-www-form-urlencoded; charset=utf-8", [SignatureHeader] = Sign(url, form, token ?? AuthToken),
        }, Encoding.UTF8.GetBytes(body));
    }

    public static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var signed = url + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // Twilio signs so.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
    }

    public static List<KeyValuePair<string, string>> Fields(FakeText text)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("MessageSid", text.Sid), new("SmsSid", text.Sid), new("MessageStatus", text.Status), new("SmsStatus", text.Status), new("To", text.To),
            new("From", text.From), new("AccountSid", AccountSid), new("ApiVersion", "2010-04-01"),
        ];
        if (text.Error is { } error) fields.Add(new("ErrorCode", error.ToString(CultureInfo.InvariantCulture)));
        return fields;
    }

    /// <summary>The auth token of the account.</summary>
    public string Token { get; init; } = AuthToken;

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (!IsKnown(request.Header("Authorization"))) return Failed(401, 20003);
        if (script.TryDequeue(out var said)) return said;
        return request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["2010-04-01", "Accounts", AccountSid, "Messages.json"] when request.Method == "POST" => Create(request),
            ["2010-04-01", "Accounts", AccountSid, "Messages", var file] when request.Method == "GET" =>
                texts.Find(text => text.Sid + ".json" == file) is { } found ? new FakeAnswer(200, Json(found, found.Segments)) : Failed(404, 20404),
            _ => Failed(404, 20404),
        };
    }

    private bool IsKnown(string authorization) =>
        authorization == Basic(AccountSid, Token) || authorization == Basic(ApiKey, ApiKeySecret);

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private FakeAnswer Create(FakeRequest request)
    {
        if (!request.Header("Content-Type").StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)) return Failed(400, 20001);
        var form = Form(request.Body);
        if (form.AllKeys.Except(Known).Any()) return Failed(400, 20001);
        if (form["To"] is not { } to) return Failed(400, 21604);
        var isWhatsApp = to.StartsWith("whatsapp:", StringComparison.Ordinal);
        var number = isWhatsApp ? to["whatsapp:".Length..] : to;
        if (!NumberShape().IsMatch(number)) return Failed(400, 21211);
        if (form["From"] is null == form["MessagingServiceSid"] is null) return Failed(400, 21603);
        if (form["MessagingServiceSid"] is { } service && service != Service) return Failed(400, 21701);
        if (form["From"] is { } from)
        {
            if (from.StartsWith("whatsapp:", StringComparison.Ordinal) != isWhatsApp) return Failed(400, 63007);
            if (from.Replace("whatsapp:", "", StringComparison.Ordinal) is not (Number or "12345" or "Shop")) return Failed(400, 21606);
        }
        if (form["Body"] is null == form["ContentSid"] is null) return Failed(400, 21602);
        if (form["Body"] is { } text && text.Length is 0 or > BodyLengthMax) return Failed(400, form["Body"]!.Length == 0 ? 21602 : 21617);
        if (form["ContentSid"] is { } content && content != Content) return Failed(404, 20404);
        if (form["ContentVariables"] is { } variables && (form["ContentSid"] is null || !AreVariables(variables))) return Failed(400, 21656);
        if (form["StatusCallback"] is { } callback && !IsAddress(callback)) return Failed(400, 21609);
        if (optedOut.Contains(number)) return Failed(400, 21610);
        var made = new FakeText
        {
            Sid = "SM" + (++ids).ToString("x32", CultureInfo.InvariantCulture), To = to, From = form["From"] ?? Number, Body = form["Body"] ?? "", ContentSid = form["ContentSid"],
            ContentVariables = form["ContentVariables"], Callback = form["StatusCallback"], Status = form["MessagingServiceSid"] is null ? "queued" : "accepted",
            Segments = isWhatsApp ? 1 : SegmentsOf(form["Body"] ?? ""),
        };
        texts.Add(made);
        // A messaging service has not looked at the text yet.
        return new FakeAnswer(201, Json(made, form["MessagingServiceSid"] is null ? made.Segments : 0));
    }

    private string Json(FakeText text, int segments) => new JsonObject
    {
        ["sid"] = text.Sid, ["account_sid"] = AccountSid, ["api_version"] = "2010-04-01", ["body"] = text.Body, ["to"] = text.To, ["from"] = text.From,
        ["status"] = text.Status, ["num_segments"] = segments.ToString(CultureInfo.InvariantCulture), ["num_media"] = "0", ["direction"] = "outbound-api",
        ["error_code"] = text.Error, ["error_message"] = null, ["price"] = null, ["price_unit"] = "USD",
        ["date_created"] = Clock.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000",
    }.ToJsonString();

    private static bool AreVariables(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject variables && variables.All(pair => pair.Value?.GetValueKind() == JsonValueKind.String);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsAddress(string url) => url.Length <= CallbackLengthMax && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.Scheme is "http" or "https" && !url.Contains('_', StringComparison.Ordinal);

    private static NameValueCollection Form(string text)
    {
        var form = new NameValueCollection();
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            form.Add(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1].Replace('+', ' ')));
        }
        return form;
    }

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z")]
    private static partial Regex NumberShape();
}

/// <summary>A message that it has taken over.</summary>
internal sealed class FakeText
{
    public required string Sid { get; init; }
    public required string To { get; init; }
    public required string From { get; init; }
    public required string Body { get; init; }
    public string? ContentSid { get; init; }
    public string? ContentVariables { get; init; }
    public string? Callback { get; init; }
    public required int Segments { get; init; }
    public required string Status { get; set; }
    public int? Error { get; set; }
}
