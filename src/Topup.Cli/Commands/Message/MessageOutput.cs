using Topup.Contracts;

namespace Topup.Cli.Commands.Message;

/// <summary>How a message looks, whichever command shows it.</summary>
internal static class MessageOutput
{
    public static void Show(this Output output, MessageView message) => output.Show(message, TopupJson.Default.MessageView,
        ("id", message.Id), ("channel", message.Channel), ("purpose", message.Purpose), ("status", message.Status), ("reason", message.Reason),
        ("type", message.Type), ("credits", message.Credits), ("segments", message.Segments), ("driver", message.Driver),
        ("provider id", message.ProviderId), ("try-out", message.TryOut), ("attempts", message.Attempts), ("reference", message.Reference),
        ("created", message.CreatedAt), ("changed", message.ChangedAt), ("to", message.To), ("subject", message.Subject), ("text", message.Text));
}
