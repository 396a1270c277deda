using Topup.Domain.Messaging;
using Topup.Server.Messaging.Suppressions;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Drivers;

/// <summary>
/// Hands a message to a driver, unless its recipient gets no more, which may have become so since it was let through. What
/// the provider says of the recipient is remembered before anything else, so that it is not lost with this server.
/// </summary>
internal sealed class HandOver(MessageDrivers drivers, SuppressionList suppressions, ILogger<HandOver> log)
{
    public async Task<SendResult> Run(OutgoingMessage message, MessageDriver driver)
    {
        var mayHaveLeft = false;
        try
        {
            var suppressed = await suppressions.Has(message.Id.Tenant, message.Channel, message.Content.Recipient, CancellationToken.None);
            if (suppressed.Problem is { } problem) return SendResult.Later(problem.Code);
            if (suppressed.Value) return SendResult.Refused(SuppressionList.Reason);
            var kind = drivers.KindOf(driver.Settings.Kind)!;
            if (message.Content.IsElsewhere && !kind.KnowsContents) return SendResult.Refused("content_unknown_to_driver");
            mayHaveLeft = true;
            var result = await kind.Send(message, driver, CancellationToken.None);
            if (result.Suppress != SuppressionCause.None) await Remember(message, driver, result);
            return result;
        }
        catch (Exception failed)
        {
            // The kind of failure alone: its words may say to whom.
            log.LogWarning("Driver {Driver} failed on message {Id}: {Failure}", driver.Slug, message.Id, failed.GetType().Name);
            return mayHaveLeft ? SendResult.Unknown("driver_failed") : SendResult.Later("storage_failed");
        }
    }

    /// <summary>A provider knows no tenants, so what it says of a recipient holds for all of them.</summary>
    private async Task Remember(OutgoingMessage message, MessageDriver driver, SendResult result)
    {
        try
        {
            var author = Author.Server("answer of " + driver.Slug);
            var added = await suppressions.Add(
                "", message.Channel, message.Content.Recipient, result.Suppress, result.Reason, author, CancellationToken.None);
            if (added.Problem is { } problem) log.LogWarning("A recipient who wants no more could not be remembered ({Code})", problem.Code);
        }
        catch (Exception failed)
        {
            // The message was not sent whatever becomes of this; the next one to the recipient will say so again.
            log.LogWarning("A recipient who wants no more could not be remembered: {Failure}", failed.GetType().Name);
        }
    }
}
