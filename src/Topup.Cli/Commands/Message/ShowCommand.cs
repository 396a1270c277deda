using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Message;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> id = Symbols.Id("message");

    public ShowCommand()
        : base("show", "One message.") =>
        Takes(id);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.GetMessage(call.Get(id), stop));
        return 0;
    }
}
