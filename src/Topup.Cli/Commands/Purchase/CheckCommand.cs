using System.CommandLine;
using Topup.Client;

namespace Topup.Cli.Commands.Purchase;

internal sealed class CheckCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");

    public CheckCommand()
        : base("check", "Ask the provider now what became of a purchase.") =>
        Takes(purchase);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        call.Output.Show(await client.CheckPurchase(call.Get(purchase), stop));
        return 0;
    }
}
