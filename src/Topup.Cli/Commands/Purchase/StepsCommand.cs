using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class StepsCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");

    public StepsCommand()
        : base("steps", "What happened to a purchase, in order.") =>
        Takes(purchase);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var steps = await client.ListPurchaseSteps(call.Get(purchase), stop);
        await call.Output.List(Output.Rows(steps.Data), TopupJson.Default.PurchaseStepView,
            new("AT", 20, row => row.At),
            new("STATUS", 15, row => row.Status),
            new("SOURCE", 14, row => row.Source),
            new("WORDS", 0, row => row.Words));
        return 0;
    }
}
