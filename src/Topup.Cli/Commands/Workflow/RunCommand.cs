using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Workflow;

internal sealed class RunCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("run");

    public RunCommand()
        : base("run", "One run, action by action.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetWorkflowRun(call.Get(id), stop));
        return 0;
    }
}
