using System.Globalization;

namespace Topup.Domain.Messaging;

/// <summary>
/// What Twilio's answers and later news mean. A request has no key there, so what may have been taken over is never asked for
/// a second time. Source: https://www.twilio.com/docs/api/errors and https://www.twilio.com/docs/messaging/api/message-resource
/// </summary>
public static class TwilioAnswer
{
    private const int Unauthorized = 401;
    private const int TooManyRequests = 429;
    private const int ServiceUnavailable = 503;

    /// <summary>The day's messages of a sender are used up: a few hours later is soon enough, and still within the message's time.</summary>
    private const int DailyLimit = 63038;

    /// <summary>No more of a driver's reason than a code: texts of errors name the recipient.</summary>
    private const string Prefix = "twilio_";

    private static readonly TimeSpan DailyLimitPause = TimeSpan.FromHours(6);

    /// <summary>Codes that say: not now. Too many requests, queues that are full, channels that are out of order.</summary>
    private static readonly int[] NotNow = [20429, 21611, 30001, 63012, 63018, DailyLimit];

    private static readonly int[] OptedOut = [21610];

    /// <summary>The handset is not known, or not any more. That a number was mistyped (21211, 21614) is no reason to refuse it for good.</summary>
    private static readonly int[] Bounced = [30005];

    /// <summary>What an answer means that is no success.</summary>
    /// <param name="code">Twilio's own; 0: it said none.</param>
    public static SendResult Refusal(int httpStatus, int code, TimeSpan? after)
    {
        var reason = ReasonOf(httpStatus, code);
        // Another password may mend it, so messages wait as they do for a mail server.
        if (httpStatus is Unauthorized or TooManyRequests or ServiceUnavailable || NotNow.Contains(code))
            return SendResult.Later(reason, code == DailyLimit && after is null ? DailyLimitPause : after);
        return httpStatus >= 500 ? SendResult.Unknown(reason) : SendResult.Refused(reason) with { Suppress = SuppressionOf(code) };
    }

    /// <summary>A message that Twilio took over and, in the same breath, says will not arrive.</summary>
    public static bool IsDead(string status) => status is "failed" or "undelivered" or "canceled";

    /// <summary>What a status means that is told later; null: nothing that is known here.</summary>
    public static LaterNews? NewsOf(string status) => status switch
    {
        "accepted" or "scheduled" or "queued" or "sending" => LaterNews.Accepted,
        "sent" => LaterNews.Sent,
        "delivered" or "read" or "partially_delivered" => LaterNews.Delivered,
        "undelivered" => LaterNews.Undelivered,
        "failed" or "canceled" => LaterNews.NotSent,
        _ => null,
    };

    public static SuppressionCause SuppressionOf(int code) =>
        OptedOut.Contains(code) ? SuppressionCause.OptedOut : Bounced.Contains(code) ? SuppressionCause.Bounced : SuppressionCause.None;

    public static string ReasonOf(int httpStatus, int code) => string.Create(
        CultureInfo.InvariantCulture, $"{(code > 0 ? Prefix : "http_")}{(code > 0 ? code : httpStatus)}");

    /// <summary>Why a message that was taken over did not arrive.</summary>
    /// <param name="code">0: Twilio did not say.</param>
    public static string ReasonOf(string status, int code) => code > 0 ? ReasonOf(0, code) : Prefix + status;
}
