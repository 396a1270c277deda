using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Workflows, in the order of their codes.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListWorkflows(stop), TopupJson.Default.WorkflowView,
            new("CODE", 24, row => row.Code),
            new("EVENT", 20, row => row.Event),
            new("ENABLED", 7, row => row.Enabled),
            new("ACTIONS", 24, row => row.Actions.Select(action => action.Kind)),
            new("NAME", 0, row => row.Name));
        return 0;
    }
}
