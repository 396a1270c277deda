using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Event;

internal sealed class ListCommand : Verb
{
    private readonly Option<long> after = new("--after") { Description = "Only events after this position." };
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only of this tenant.");
    private readonly Option<string?> type = Symbols.Text("--type", "Only of this type, such as credits.low.");
    private readonly Option<bool> follow = new("--follow") { Description = "Wait for more until interrupted." };

    public ListCommand()
        : base("list", "The log of events, in order.") =>
        Takes(after, tenant, type, follow);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var (position, of, kind) = (call.Get(after), call.Get(tenant), call.Get(type));
        var events = call.Get(follow) ? client.FollowEvents(position, of, kind, stop) : client.ListEvents(position, of, kind, stop);
        await call.Output.List(events, TopupJson.Default.EventView,
            new("POSITION", 8, row => row.Position), new("AT", 20, row => row.At), new("TYPE", 20, row => row.Type),
            new("TENANT", 24, row => row.Tenant), new("DATA", 0, row => row.Data));
        return 0;
    }
}
