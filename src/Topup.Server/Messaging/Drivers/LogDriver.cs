using Topup.Contracts;
using Topup.Domain.Messaging;

namespace Topup.Server.Messaging.Drivers;

/// <summary>For trying out: it sends nothing. It logs that a message came, never to whom or what.</summary>
internal sealed class LogDriver(ILogger<LogDriver> log) : IMessageDriver
{
    /// <summary>By this id everybody sees that nobody got the message.</summary>
    public const string ProviderId = "try-out";

    public string Kind => "log";

    public bool KnowsContents => true;

    public Problem? Check(MessageDriverRequest settings) => null;

    public bool KeepsSecret(MessageDriverRequest before, MessageDriverRequest after) => true;

    public bool NeedsSecret(MessageDriverRequest settings) => false;

    public Task<SendResult> Send(OutgoingMessage message, MessageDriver driver, CancellationToken stop)
    {
        log.LogInformation("Try-out: message {Id} on {Channel} was not sent, for the driver {Driver} only logs", message.Id, message.Channel, driver.Slug);
        return Task.FromResult(SendResult.Accepted(ProviderId));
    }
}
