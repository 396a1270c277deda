using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Import;

internal sealed class CancelCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("import");
    private readonly Option<string?> reason = Symbols.Reason();

    public CancelCommand()
        : base("cancel", "Begin no more rows of an import; what was done stays done.") =>
        Takes(id, reason);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.CancelImport(call.Get(id), call.Get(reason), stop));
        return 0;
    }
}
