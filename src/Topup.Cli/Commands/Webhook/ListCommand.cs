using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Where events are sent to, the oldest first.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListWebhookEndpoints(stop), TopupJson.Default.WebhookEndpointView,
            new("ID", 36, row => row.Id),
            new("ENABLED", 7, row => row.Enabled),
            new("FAILING SINCE", 20, row => row.FailingSince),
            new("TENANT", 16, row => row.Tenant),
            new("URL", 40, row => row.Url),
            new("EVENTS", 0, row => row.Events));
        return 0;
    }
}
