using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

/// <summary>How an endpoint and a delivery look, whichever command shows them.</summary>
internal static class WebhookOutput
{
    public static void Show(this Output output, WebhookEndpointView endpoint) => output.Show(endpoint, TopupJson.Default.WebhookEndpointView,
        ("id", endpoint.Id), ("secret", endpoint.Secret), ("url", endpoint.Url), ("events", endpoint.Events), ("description", endpoint.Description),
        ("enabled", endpoint.Enabled), ("disabled because", endpoint.DisabledReason), ("tenant", endpoint.Tenant), ("allow private", endpoint.AllowPrivate),
        ("failing since", endpoint.FailingSince), ("old secret until", endpoint.OldSecretUntil), ("created at", endpoint.CreatedAt),
        ("updated at", endpoint.UpdatedAt));

    public static void Show(this Output output, WebhookDeliveryView delivery) => output.Show(delivery, TopupJson.Default.WebhookDeliveryView,
        ("id", delivery.Id), ("type", delivery.Type), ("tenant", delivery.Tenant), ("status", delivery.Status), ("attempts", delivery.Attempts),
        ("last attempt at", delivery.LastAttemptAt), ("last status", delivery.LastStatus), ("last error", delivery.LastError),
        ("next attempt at", delivery.NextAttemptAt), ("reply", delivery.Reply));
}
