using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Purchase;

internal sealed class ShowCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");

    public ShowCommand()
        : base("show", "One purchase.") =>
        Takes(purchase);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var reply = await client.GetPurchase(call.Get(purchase), stop);
        call.Output.Show(reply);
        return 0;
    }
}
