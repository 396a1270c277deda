using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Reconciliation;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("reconciliation");

    public ShowCommand()
        : base("show", "One comparison, with all it found.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetReconciliation(call.Get(id), stop));
        return 0;
    }
}
