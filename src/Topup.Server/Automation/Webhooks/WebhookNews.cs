using System.Text.Json;
using Topup.Contracts;
using Topup.Domain;
using Topup.Server.Http;
using Topup.Server.Storage;

namespace Topup.Server.Automation.Webhooks;

/// <summary>What is told of webhooks. It is the operator's, so it is of no tenant.</summary>
internal static class WebhookNews
{
    public const string Disabled = "webhook.disabled";

    /// <param name="endpoint">As it is after it was disabled.</param>
    public static OutboxEvent OfDisabled(EndpointRow endpoint, Sent last, Instant at)
    {
        var data = new WebhookDisabledEvent
        {
            Endpoint = endpoint.Id,
            Host = endpoint.Host,
            Reason = WebhookForm.NameOf(endpoint.DisabledReason)!,
            FailingSince = endpoint.FailingSince.ToDateTimeOffset(),
            LastStatus = last.Attempt.Status == 0 ? null : last.Attempt.Status,
            LastError = last.Error.Length == 0 ? null : last.Error,
        };
        return OutboxEvent.Create("", Disabled, at, JsonSerializer.Serialize(data, Json.Wire.WebhookDisabledEvent));
    }
}
