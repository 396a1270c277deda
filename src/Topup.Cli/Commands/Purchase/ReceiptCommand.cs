using System.CommandLine;
using System.Text;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Purchase;

internal sealed class ReceiptCommand : Verb
{
    private readonly Argument<string> purchase = Symbols.Id("purchase");
    private readonly Option<string?> file = Symbols.Text("--file", "Where to write it: as PDF, or as a page when it ends with .html.");

    public ReceiptCommand()
        : base("receipt", "The receipt of a purchase.") =>
        Takes(purchase, file);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        if (call.Get(file) is { } path)
        {
            var bytes = path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
                ? Encoding.UTF8.GetBytes(await client.GetReceiptPage(call.Get(purchase), stop))
                : await client.GetReceiptPdf(call.Get(purchase), stop);
            await Call.Save(path, bytes, stop);
            return 0;
        }
        var reply = await client.GetReceipt(call.Get(purchase), stop);
        call.Output.Show(reply, TopupJson.Default.ReceiptView,
            ("number", reply.Number), ("issued at", reply.IssuedAt), ("paid at", reply.PaidAt), ("seller", reply.Seller.Name), ("buyer", reply.Buyer),
            ("tenant", reply.Tenant), ("title", reply.Title), ("method", reply.Method), ("price", reply.Price), ("currency", reply.Currency),
            ("tax", reply.Tax is { } tax ? $"{tax.Name} {tax.Rate}%: {tax.Amount}" : null), ("kept", reply.Kept), ("purchase", reply.Purchase));
        return 0;
    }
}
