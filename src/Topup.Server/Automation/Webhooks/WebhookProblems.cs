using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Automation.Webhooks;

internal static class WebhookProblems
{
    public static Problem EndpointUnknown() => Problems.Of(404, ProblemCodes.WebhookEndpointUnknown, "There is no webhook endpoint with this id.", "id");

    public static Problem DeliveryUnknown() => Problems.Of(404, ProblemCodes.WebhookDeliveryUnknown,
        "The endpoint has no delivery of this event. What is done is forgotten after 30 days.", "delivery");

    public static Problem EndpointDisabled() => Problems.Of(409, ProblemCodes.WebhookEndpointDisabled,
        "The webhook endpoint is disabled, so nothing is sent to it. Save it with enabled = true first.");

    public static Problem TooMany(int max) => Problems.Of(
        409, ProblemCodes.TooManyWebhookEndpoints, $"There may be {max} webhook endpoints. Delete one first.", limit: max);
}
