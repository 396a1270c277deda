using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class DeliveriesCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Option<string?> status = Symbols.Text("--status", "Only those that are waiting, delivered or failed.");

    public DeliveriesCommand()
        : base("deliveries", "What was sent to an endpoint and what waits, the newest events first.") =>
        Takes(id, status);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListWebhookDeliveries(call.Get(id), call.Get(status), stop), TopupJson.Default.WebhookDeliveryView,
            new("ID", 36, row => row.Id),
            new("TYPE", 22, row => row.Type),
            new("TENANT", 16, row => row.Tenant),
            new("STATUS", 9, row => row.Status),
            new("ATTEMPTS", 8, row => row.Attempts),
            new("LAST", 18, row => row.LastError ?? row.LastStatus?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("NEXT ATTEMPT", 0, row => row.NextAttemptAt));
        return 0;
    }
}
