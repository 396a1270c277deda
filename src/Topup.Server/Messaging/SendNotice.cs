using Topup.Domain.Messaging;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Messaging;

/// <summary>
/// Sends a message of the operator's own, at once and without credits: a notice that credits are over must not need any.
/// Whoever sends it keeps what came of it, and tries again under the same id.
/// </summary>
internal sealed class SendNotice(MessageDrivers drivers, HandOver handOver)
{
    private const string Purpose = "notice";

    /// <param name="id">The same for every attempt: drivers pass it on, so that a provider can tell a repetition.</param>
    public async Task<SendResult> Run(MessageId id, string channel, MessageContent content, CancellationToken stop) =>
        await drivers.Of(channel, stop) is { } driver
            ? await handOver.Run(new OutgoingMessage(id, channel, Purpose, "", content), driver)
            : SendResult.Later(MessageWorker.NoDriver);
}
