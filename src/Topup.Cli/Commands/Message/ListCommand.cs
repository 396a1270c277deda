using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Message;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string?> tenant = new("tenant")
    {
        Description = "Id of the tenant; left out: everybody's.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null,
    };
    private readonly Option<string?> status = Symbols.Text("--status", "Only of this status, such as unknown.");
    private readonly Option<string?> channel = Symbols.Text("--channel", "Only of this channel.");

    public ListCommand()
        : base("list", "Messages, the newest first.") =>
        Takes(tenant, status, channel);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListAllMessages(call.Get(status), call.Get(channel), call.Get(tenant), stop), TopupJson.Default.MessageView,
            new("ID", 60, row => row.Id),
            new("CHANNEL", 10, row => row.Channel),
            new("STATUS", 12, row => row.Status),
            new("CREDITS", 8, row => row.Credits),
            new("CREATED", 25, row => row.CreatedAt),
            new("REASON", 0, row => row.Reason));
        return 0;
    }
}
