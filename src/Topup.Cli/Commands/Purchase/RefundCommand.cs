using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class RefundCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");
    private readonly Option<decimal?> amount = Symbols.Number("--amount", "In major units of the currency; left out: all that is left.");
    private readonly Option<string?> to = Symbols.Text("--to", "buyer: the way it came (default); balance: to the tenant's money.");
    private readonly Option<string> reason = Symbols.Needed("--reason", "Why, for the history.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public RefundCommand()
        : base("refund", "Give money of a purchase back, and take back what is left of its credits in proportion.")
    {
        to.AcceptOnlyFromAmong("buyer", "balance");
        Takes(purchase, amount, to, reason, key);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new RefundRequest { Amount = call.Get(amount), To = call.Get(to), Reason = call.Get(reason)! };
        var reply = await client.RefundPurchase(call.Get(purchase), request, call.Get(key), stop);
        call.Output.Show(reply, TopupJson.Default.RefundView,
            ("id", reply.Id), ("purchase", reply.Purchase), ("amount", reply.Amount), ("currency", reply.Currency), ("to", reply.To),
            ("status", reply.Status), ("failure", reply.Failure), ("reason", reply.Reason), ("at", reply.CreatedAt), ("replayed", reply.Replayed));
        return 0;
    }
}
