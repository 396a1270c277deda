using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

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
        call.Output.Show(reply, TopupJson.Default.PurchaseView,
            ("id", reply.Id), ("tenant", reply.Tenant), ("status", reply.Status), ("pack", reply.Pack),
            ("type", reply.Type), ("credits", reply.Credits), ("price", reply.Price), ("currency", reply.Currency),
            ("lot", reply.Lot), ("payment", reply.Payment), ("at", reply.CreatedAt),
            ("reference", reply.Reference), ("replayed", reply.Replayed));
        return 0;
    }
}
