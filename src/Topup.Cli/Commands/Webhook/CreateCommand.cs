using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class CreateCommand : Verb
{
    private readonly Argument<string> url = new("url") { Description = "Where events are sent to, such as https://example.com/webhooks." };
    private readonly Option<string[]> events = new("--event") { Description = "A type of event, or * for all; may be given several times.", Required = true };
    private readonly Option<string?> description = Symbols.Text("--description", "For people.");
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only events of this tenant.");
    private readonly Option<bool> allowPrivate = new("--allow-private") { Description = "Leave to send to private addresses, and without TLS." };
    private readonly Option<bool> disabled = new("--disabled") { Description = "Send nothing yet." };
    private readonly Option<string?> reason = Symbols.Reason();

    public CreateCommand()
        : base("create", "Have events sent to an address. The secret is shown this once.") =>
        Takes(url, events, description, tenant, allowPrivate, disabled, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new WebhookEndpointRequest
        {
            Url = call.Get(url), Events = call.Get(events) ?? [], Description = call.Get(description), Tenant = call.Get(tenant),
            AllowPrivate = call.Get(allowPrivate), Enabled = !call.Get(disabled),
        };
        call.Output.Show(await client.CreateWebhookEndpoint(request, call.Get(reason), stop));
        return 0;
    }
}
