using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.MessageDriver;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "What sends messages.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows((await client.ListMessageDrivers(stop)).Data), TopupJson.Default.MessageDriverView,
            new("SLUG", 20, row => row.Slug),
            new("KIND", 8, row => row.Kind),
            new("CHANNEL", 12, row => row.Channel),
            new("PRIORITY", 8, row => row.Priority),
            new("ENABLED", 7, row => row.Enabled),
            new("SENDS", 6, row => row.Sends),
            new("MISSING", 0, row => row.Missing));
        return 0;
    }
}
