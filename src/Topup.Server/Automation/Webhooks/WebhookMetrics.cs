using System.Diagnostics.Metrics;
using Topup.Domain.Automation;

namespace Topup.Server.Automation.Webhooks;

/// <summary>Figures of webhooks, under the meter <c>Topup.Automation</c>. They carry no tenant and no address.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    public const string MeterName = "Topup.Automation";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> delivered;
    private readonly Counter<long> failed;
    private readonly Counter<long> disabled;

    public WebhookMetrics()
    {
        delivered = meter.CreateCounter<long>("topup.webhooks.delivered", "{request}", "Requests that a receiver took");
        failed = meter.CreateCounter<long>("topup.webhooks.failed", "{request}", "Requests that no receiver took, by reason");
        disabled = meter.CreateCounter<long>("topup.webhooks.disabled", "{endpoint}", "Endpoints that the server has disabled");
    }

    public void Tried(DeliveryAttempt attempt, string error)
    {
        if (attempt.IsDelivered) delivered.Add(1);
        else failed.Add(1, new KeyValuePair<string, object?>("reason", error.Length > 0 ? error : "status"));
    }

    public void Disabled() => disabled.Add(1);

    public void Dispose() => meter.Dispose();
}
