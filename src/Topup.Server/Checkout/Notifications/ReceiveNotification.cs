using Topup.Contracts;
using Topup.Server.Checkout.Providers;
using Topup.Server.Http;

namespace Topup.Server.Checkout.Notifications;

/// <summary>
/// <c>POST /webhooks/{method}</c>: checks who sends it, stores it as it is, and answers at once. Nothing is credited
/// here: a worker looks at the purchase that it is about, and believes the provider alone.
/// </summary>
internal sealed class ReceiveNotification(
    IEnumerable<INotifier> notifiers, InboxStore inbox, InboxWorker worker, TimeProvider clock, ILogger<ReceiveNotification> log)
{
    public const int BodyBytesMax = 256 * 1024;

    public async Task<IResult> Handle(HttpContext context, string method)
    {
        var stop = context.RequestAborted;
        if (notifiers.FirstOrDefault(known => known.Method == method) is not { } notifier)
            return Problems.Of(404, ProblemCodes.NotFound, "No payment provider sends notifications here.").AsResult();
        if (await ReadBody(context.Request, stop) is not { } body)
            return Problems.Of(413, ProblemCodes.BodyTooLarge, $"The body is larger than {BodyBytesMax} bytes.", limit: BodyBytesMax).AsResult();

        var headers = NotificationHeaders.All
            .Where(name => context.Request.Headers.ContainsKey(name))
            .ToDictionary(name => name, name => context.Request.Headers[name].ToString(), StringComparer.Ordinal);
        var notification = new Notification(context.Request.QueryString.Value ?? "", headers, body);
        var now = clock.GetUtcNow();
        var verdict = await notifier.Check(notification, now, stop);
        if (!verdict.Accepted)
        {
            log.LogWarning("A notification to {Method} was refused: its signature does not fit", method);
            return Problems.Of(400, ProblemCodes.NotificationRefused, "The notification is not signed as the provider signs.").AsResult();
        }
        if (await inbox.Add(InboxRow.Of(method, verdict, notification, now), stop)) worker.Nudge();
        return Results.Ok();
    }

    /// <summary>The very bytes, for the signature is over them; null: too many.</summary>
    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > BodyBytesMax) return null;
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, stop)) > 0)
        {
            if (bytes.Length + read > BodyBytesMax) return null;
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }
}
