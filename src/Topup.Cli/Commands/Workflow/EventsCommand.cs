using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class EventsCommand : Verb
{
    public EventsCommand()
        : base("events", "Events that a workflow may name, with their conditions and shortcodes.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows((await client.ListWorkflowEvents(stop)).Data), TopupJson.Default.WorkflowEventView,
            new("EVENT", 24, row => row.Event),
            new("CONDITIONS", 50, row => row.Conditions),
            new("SHORTCODES", 0, row => row.Shortcodes.Select(code => $"{{{code.Name}}}")));
        return 0;
    }
}
