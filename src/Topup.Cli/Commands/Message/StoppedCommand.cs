using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Message;

internal sealed class StoppedCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public StoppedCommand()
        : base("stopped", "Channels on which a tenant's messages are being refused.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows((await client.GetStoppedMessages(call.Get(tenant), stop)).Data), TopupJson.Default.StoppedChannel,
            new("CHANNEL", 12, row => row.Channel),
            new("REFUSED", 8, row => row.Refused),
            new("SINCE", 25, row => row.Since),
            new("REASON", 22, row => row.Reason),
            new("TOP UP AT", 0, row => row.TopupUrl));
        return 0;
    }
}
