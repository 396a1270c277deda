using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.AddOn;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> code = Symbols.Code();

    public ShowCommand()
        : base("show", "One add-on.") =>
        Takes(code);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetAddOn(call.Get(code), stop));
        return 0;
    }
}
