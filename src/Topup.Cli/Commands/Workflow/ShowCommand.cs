using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Workflow;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();

    public ShowCommand()
        : base("show", "One workflow, without its secret.") =>
        Takes(code);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetWorkflow(call.Get(code), stop));
        return 0;
    }
}
