using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Purchase;

internal sealed class CancelCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");

    public CancelCommand()
        : base("cancel", "Close a purchase that was not paid. If it was paid meanwhile, that counts.") =>
        Takes(purchase);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.CancelPurchase(call.Get(purchase), stop));
        return 0;
    }
}
