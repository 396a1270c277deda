using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class BuyCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();
    private readonly Argument<string> pack = new("pack") { Description = "Code of the pack." };
    private readonly Option<string?> reference = Symbols.Text("--reference", "Your own reference.");
    private readonly Option<string?> key = Symbols.IdempotencyKey();

    public BuyCommand()
        : base("buy", "Buy a pack from the tenant's balance.") =>
        Takes(tenant, pack, reference, key);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var request = new PurchaseRequest { Tenant = call.Get(tenant), Pack = call.Get(pack), Method = "balance", Reference = call.Get(reference) };
        var reply = await client.StartPurchase(request, call.Get(key), stop);
        call.Output.Show(reply);
        return 0;
    }
}
