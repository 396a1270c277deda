using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Domain.Catalog;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Storage;

namespace Topup.Server.Messaging;

/// <summary>What is told of messages: never to whom, and never what.</summary>
internal static class MessageNews
{
    /// <summary>Null: there is nothing to tell.</summary>
    public static OutboxEvent? Of(MessageRow before, MessageRow after, CreditType type, Instant at) =>
        before.Message.Status != after.Message.Status && NameOf(before.Message.Status, after.Message.Status) is { } name ? Tell(name, after, type, at) : null;

    public static OutboxEvent OfRefused(MessageRow refused, CreditType type, Instant at) => Tell("message.refused", refused, type, at);

    private static string? NameOf(MessageStatus before, MessageStatus after) => after switch
    {
        MessageStatus.Sent => "message.sent",
        MessageStatus.Delivered => before == MessageStatus.Sent ? null : "message.sent",
        MessageStatus.Failed or MessageStatus.Undelivered => "message.failed",
        MessageStatus.Unknown => "message.unknown",
        MessageStatus.Refused => "message.refused",
        MessageStatus.Queued or MessageStatus.Sending => null,
    };

    private static OutboxEvent Tell(string name, MessageRow row, CreditType type, Instant at) =>
        OutboxEvent.Create(row.Tenant, name, at, JsonSerializer.Serialize(new MessageEventData
        {
            Message = row.Key.ToString(),
            Channel = row.Message.Channel,
            Purpose = MessageForm.PurposeOf(row.Message),
            Type = row.Type,
            Status = MessageForm.NameOf(row.Message.Status),
            Reason = MessageForm.TextOrNull(row.Message.Reason),
            Credits = LedgerViews.Decimal(MessageForm.CreditsOf(row), type),
            Driver = MessageForm.TextOrNull(row.Message.Driver),
            ProviderId = MessageForm.TextOrNull(row.Message.ProviderId),
            Reference = MessageForm.TextOrNull(row.Reference),
        }, Json.Wire.MessageEventData));
}
