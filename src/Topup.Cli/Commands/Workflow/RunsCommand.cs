using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Workflow;

internal sealed class RunsCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> status = Symbols.Text("--status", "Only those that are waiting, done, failed, skipped or canceled.");

    public RunsCommand()
        : base("runs", "What a workflow has done and does, the newest events first.") =>
        Takes(code, status);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListWorkflowRuns(call.Get(code), call.Get(status), stop), TopupJson.Default.WorkflowRunView,
            new("ID", 36, row => row.Id),
            new("EVENT", 20, row => row.Event),
            new("TENANT", 16, row => row.Tenant),
            new("STATUS", 8, row => row.Status),
            new("ACTIONS", 24, row => row.Actions.Select(action => action.Status)),
            new("REASON", 18, row => row.Reason),
            new("NEXT ATTEMPT", 0, row => row.NextAttemptAt));
        return 0;
    }
}
