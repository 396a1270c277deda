using Topup.Domain.Messaging;
using Topup.Server.Messaging.Drivers;

namespace Topup.Server.Messaging;

/// <summary>
/// Sends a message of the operator's own, at once and without credits: a notice that credits are over must not need any.
/// Whoever sends it keeps what came of it, and tries again under the same id.
/// </summary>
internal sealed class SendNotice(MessageDrivers drivers, ILogger<SendNotice> log)
{
    private const string Purpose = "notice";

    /// <param name="id">The same for every attempt: drivers pass it on, so that a provider can tell a repetition.</param>
    public async Task<SendResult> Run(MessageId id, string channel, MessageContent content, CancellationToken stop)
    {
        if (await drivers.Of(channel, stop) is not { } driver) return SendResult.Later(MessageWorker.NoDriver);
        try
        {
            return await drivers.KindOf(driver.Settings.Kind)!.Send(new OutgoingMessage(id, channel, Purpose, "", content), driver, CancellationToken.None);
        }
        catch (Exception failed)
        {
            // The kind of failure alone: its words may say to whom.
            log.LogWarning("Driver {Driver} failed on notice {Id}: {Failure}", driver.Slug, id, failed.GetType().Name);
            return SendResult.Unknown("driver_failed");
        }
    }
}
