using System.Diagnostics.Metrics;
using Topup.Domain.Messaging;

namespace Topup.Server.Messaging;

/// <summary>Figures of messages, under the meter <c>Topup.Messaging</c>. They carry no tenant and no person.</summary>
internal sealed class MessageMetrics : IDisposable
{
    public const string MeterName = "Topup.Messaging";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> sent;
    private readonly Counter<long> failed;
    private readonly Counter<long> unknown;
    private readonly Counter<long> refused;

    public MessageMetrics()
    {
        sent = meter.CreateCounter<long>("topup.messages.sent", "{message}", "Messages that a provider took over, by channel");
        failed = meter.CreateCounter<long>("topup.messages.failed", "{message}", "Messages that were not sent, or sent in vain, by channel and reason");
        unknown = meter.CreateCounter<long>("topup.messages.unknown", "{message}", "Messages of which nobody knows whether they left, by channel");
        refused = meter.CreateCounter<long>("topup.messages.refused", "{message}", "Messages that were not let through, by channel and reason");
    }

    public void Changed(MessageStatus before, Message after)
    {
        if (before == after.Status) return;
        var channel = new KeyValuePair<string, object?>("channel", after.Channel);
        var reason = new KeyValuePair<string, object?>("reason", after.Reason);
        if (IsSent(after.Status) && !IsSent(before)) sent.Add(1, channel);
        if (after.Status is MessageStatus.Failed or MessageStatus.Undelivered) failed.Add(1, channel, reason);
        if (after.Status == MessageStatus.Unknown) unknown.Add(1, channel);
    }

    public void Refused(Message message) => refused.Add(1, new("channel", message.Channel), new("reason", message.Reason));

    public void Dispose() => meter.Dispose();

    private static bool IsSent(MessageStatus status) => status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Undelivered;
}
