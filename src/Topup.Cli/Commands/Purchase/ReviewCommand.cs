using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class ReviewCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");
    private readonly Option<string> decision = Symbols.Needed("--decision",
        "credit: the money pays for the credits as ordered; balance: it goes to the tenant's balance; dismiss: give it back at the provider.");
    private readonly Option<string> reason = Symbols.Needed("--reason", "Why, for the history.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public ReviewCommand()
        : base("review", "Decide on a purchase that needs review.")
    {
        decision.AcceptOnlyFromAmong("credit", "balance", "dismiss");
        Takes(purchase, decision, reason, key);
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new ReviewRequest { Decision = call.Get(decision)!, Reason = call.Get(reason)! };
        call.Output.Show(await client.ReviewPurchase(call.Get(purchase), request, call.Get(key), stop));
        return 0;
    }
}
