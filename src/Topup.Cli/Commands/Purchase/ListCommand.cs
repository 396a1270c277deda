using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class ListCommand : Verb
{
    private readonly Option<string?> tenant = Symbols.Text("--tenant", "Only of this tenant.");
    private readonly Option<string?> status = Symbols.Text("--status", "Only of this status, such as credited or needs_review.");
    private readonly Option<bool> review = new("--review") { Description = "Only those on which a person must decide." };

    public ListCommand()
        : base("list", "Purchases, the newest first.") =>
        Takes(tenant, status, review);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(Rows(call, client, stop), TopupJson.Default.PurchaseView,
            new("AT", 20, row => row.CreatedAt),
            new("TENANT", 16, row => row.Tenant),
            new("PACK", 16, row => row.Pack),
            new("TITLE", 20, row => row.Title),
            new("CREDITS", 10, row => row.Credits),
            new("PRICE", 10, row => row.Price),
            new("CURRENCY", 8, row => row.Currency),
            new("METHOD", 11, row => row.Method),
            new("STATUS", 15, row => row.Status),
            new("REVIEW", 14, row => row.Review),
            new("ID", 0, row => row.Id));
        return 0;
    }

    private IAsyncEnumerable<PurchaseView> Rows(Call call, TopupClient client, CancellationToken stop) => call.Get(tenant) is not { } one
        ? client.ListAllPurchases(call.Get(status), call.Get(review), stop: stop)
        : client.ListPurchases(one, stop).Where(row =>
            (call.Get(status) is not { } wanted || row.Status == wanted) && (!call.Get(review) || row.Review is not null));
}
