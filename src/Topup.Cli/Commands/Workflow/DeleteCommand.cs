using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Workflow;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();
    private readonly Option<string?> reason = Symbols.Reason();

    public DeleteCommand()
        : base("delete", "Delete a workflow with its secret; what it has begun is canceled.") =>
        Takes(code, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await client.DeleteWorkflow(call.Get(code), call.Get(reason), stop);
        return 0;
    }
}
