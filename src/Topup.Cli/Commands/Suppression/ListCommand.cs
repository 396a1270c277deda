using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Suppression;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> channel = Symbols.Text("--channel", "Only of this channel.");
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only those of this tenant alone.");

    public ListCommand()
        : base("list", "Recipients that get no more messages, masked, the newest first.") =>
        Takes(channel, tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.Suppressions(client.ListSuppressions(call.Get(channel), call.Get(tenant), stop));
        return 0;
    }
}
