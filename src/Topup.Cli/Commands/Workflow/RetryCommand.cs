using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Workflow;

internal sealed class RetryCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("run");
    private readonly Option<string?> reason = Symbols.Reason();

    public RetryCommand()
        : base("retry", "Go on with a run that failed or was canceled.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.RetryWorkflowRun(call.Get(id), call.Get(reason), stop));
        return 0;
    }
}
