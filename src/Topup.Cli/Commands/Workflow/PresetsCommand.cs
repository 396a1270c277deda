using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class PresetsCommand : Verb
{
    public PresetsCommand()
        : base("presets", "Ready-made workflows; none does anything until it is saved.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Output.Rows((await client.ListWorkflowPresets(stop)).Data), TopupJson.Default.WorkflowPresetView,
            new("CODE", 24, row => row.Code),
            new("EVENT", 20, row => row.Workflow.Event),
            new("NAME", 0, row => row.Workflow.Name));
        return 0;
    }
}
