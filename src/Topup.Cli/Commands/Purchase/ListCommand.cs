using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "A tenant's purchases, the newest first.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListPurchases(call.Get(tenant), stop), TopupJson.Default.PurchaseView,
            new("AT", 20, row => row.CreatedAt),
            new("PACK", 20, row => row.Pack),
            new("CREDITS", 10, row => row.Credits),
            new("PRICE", 10, row => row.Price),
            new("CURRENCY", 8, row => row.Currency),
            new("STATUS", 10, row => row.Status),
            new("ID", 0, row => row.Id));
        return 0;
    }
}
