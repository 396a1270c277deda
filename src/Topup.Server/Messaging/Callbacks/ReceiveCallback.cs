using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Suppressions;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Callbacks;

/// <summary>
/// <c>POST /webhooks/messages/{slug}</c>: what a provider tells later of a message. It is signed with the driver's secret, or
/// it is nothing. It moves its message forward, in the ledger's own transaction, before it is answered.
/// </summary>
internal sealed class ReceiveCallback(
    MessageDrivers drivers, MessageStore store, MessageChanges changes, SuppressionList suppressions, PublicAddress address, ILogger<ReceiveCallback> log)
{
    public const int BodyBytesMax = 64 * 1024;

    public static string PathOf(string slug) => "/webhooks/messages/" + slug;

    public async Task<IResult> Handle(HttpContext context, string slug)
    {
        var stop = context.RequestAborted;
        if ((await drivers.All(stop)).Find(driver => driver.Slug == slug) is not { } driver || drivers.KindOf(driver.Settings.Kind) is not ICallbackReader reader)
            return Problems.Of(404, ProblemCodes.NotFound, "No driver of this name hears of its messages later.").AsResult();
        if (await ReadBody(context.Request, stop) is not { } body)
            return Problems.Of(413, ProblemCodes.BodyTooLarge, $"The body is larger than {BodyBytesMax} bytes.", limit: BodyBytesMax).AsResult();
        // As it was handed out, and never the host that a request names: behind a proxy that is another.
        var request = new CallbackRequest(address.Of(PathOf(slug)) + context.Request.QueryString.Value, context.Request.Headers, body);
        if (reader.Read(request, driver) is not { } told)
        {
            log.LogWarning("A callback to driver {Driver} was refused: its signature does not fit", slug);
            return MessageProblems.CallbackRefused().AsResult();
        }
        return await Hear(told, driver, reader, stop) is { } problem ? problem.AsResult() : Results.NoContent();
    }

    /// <summary>What is about no message of this driver, or says nothing new, changes nothing.</summary>
    private async Task<Problem?> Hear(CallbackNews told, MessageDriver driver, ICallbackReader reader, CancellationToken stop)
    {
        if (told.Message is not { } id || told.News is not { } news || await store.Find(id, stop) is not { } row) return null;
        if (row.Message.Driver != driver.Slug) return null;
        if (told.ProviderId.Length > 0 && row.Message.ProviderId is { Length: > 0 } known && known != told.ProviderId) return null;
        if (told.Suppress != SuppressionCause.None && await store.FindContent(id, stop) is { } content)
            await suppressions.Add("", row.Message.Channel, content.Recipient, told.Suppress, told.Reason, Author.Server("callback of " + driver.Slug), stop);
        // Its answer was lost, and with it how much it took.
        var segments = told.Segments;
        if (row.IsPerSegment && segments is null && told.ProviderId.Length > 0 && row.Message.Status is MessageStatus.Sending or MessageStatus.Unknown)
            segments = await reader.CountSegments(told.ProviderId, driver, stop);
        var heard = await changes.Make(row, (message, now) => MessageStates.Hear(message, news, told.Reason, segments, now, told.ProviderId), stop);
        return heard.Problem;
    }

    /// <summary>The very bytes, for the signature is over them; null: too many.</summary>
    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > BodyBytesMax) return null;
        var buffer = new byte[BodyBytesMax + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return length > BodyBytesMax ? null : buffer[..length];
    }
}
