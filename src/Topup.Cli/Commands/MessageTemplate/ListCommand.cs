using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.MessageTemplate;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "The templates of messages, by code.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListMessageTemplates(stop), TopupJson.Default.MessageTemplateView,
            new("CODE", 24, row => row.Code),
            new("CHANNEL", 10, row => row.Channel),
            new("VARIABLES", 30, row => row.Variables),
            new("TEXT", 0, row => row.Subject ?? row.Text ?? row.ContentSid));
        return 0;
    }
}
