using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
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
    : IDisposable
{
    public const int BodyBytesMax = 256 * 1024;

    /// <summary>How many unsigned notifications are taken from one address in a minute.</summary>
    public const int UnsignedMax = 300;

    /// <summary>Anybody can send what is not signed, and each costs a row and a question to the provider. What is signed is never turned away.</summary>
    private readonly PartitionedRateLimiter<string> unsigned = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = UnsignedMax, Window = TimeSpan.FromMinutes(1) }));

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
        if (!verdict.Trusted && !MayHint(context.Connection.RemoteIpAddress))
            return Problems.Of(429, ProblemCodes.TooManyWaiting, $"More than {UnsignedMax} unsigned notifications came from this address within a minute.").AsResult();
        if (await inbox.Add(InboxRow.Of(method, verdict, notification, now), stop)) worker.Nudge();
        return Results.Ok();
    }

    public void Dispose() => unsigned.Dispose();

    private bool MayHint(IPAddress? from)
    {
        using var lease = unsigned.AttemptAcquire(NetworkOf(from));
        return lease.IsAcquired;
    }

    /// <summary>Of IPv6 the first half, all of which one sender may have.</summary>
    private static string NetworkOf(IPAddress? from) => from switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(from.GetAddressBytes().AsSpan(0, 8)),
        _ => from.MapToIPv4().ToString(),
    };

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
