using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Import;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("import");

    public ShowCommand()
        : base("show", "One import, and how far it is.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetImport(call.Get(id), stop));
        return 0;
    }
}
