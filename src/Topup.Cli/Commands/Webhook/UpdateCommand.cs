using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Webhook;

internal sealed class UpdateCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("endpoint");
    private readonly Option<string?> url = Symbols.Text("--url", "Where events are sent to.");
    private readonly Option<string[]> events = new("--event") { Description = "A type of event, or * for all; may be given several times." };
    private readonly Option<string?> description = Symbols.Text("--description", "For people; empty: none.");
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only events of this tenant; empty: of all.");
    private readonly Option<bool?> enabled = new("--enabled") { Description = "Whether anything is sent." };
    private readonly Option<bool?> allowPrivate = new("--allow-private") { Description = "Leave to send to private addresses, and without TLS." };
    private readonly Option<string?> reason = Symbols.Reason();

    public UpdateCommand()
        : base("update", "Change an endpoint; what is left out stays as it is.") =>
        Takes(id, url, events, description, tenant, enabled, allowPrivate, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var before = await client.GetWebhookEndpoint(call.Get(id), stop);
        var request = new WebhookEndpointRequest
        {
            Url = call.Get(url) ?? before.Url,
            Events = call.Get(events) is { Length: > 0 } given ? given : before.Events,
            Description = Kept(call.Get(description), before.Description),
            Tenant = Kept(call.Get(tenant), before.Tenant),
            Enabled = call.Get(enabled) ?? before.Enabled,
            AllowPrivate = call.Get(allowPrivate) ?? before.AllowPrivate,
        };
        call.Output.Show(await client.SaveWebhookEndpoint(call.Get(id), request, call.Get(reason), stop));
        return 0;
    }

    private static string? Kept(string? given, string? before) => given is null ? before : given.Length == 0 ? null : given;
}
