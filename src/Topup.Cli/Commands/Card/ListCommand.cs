using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Card;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "The cards that a tenant agreed to save.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var page = await client.ListSavedCards(call.Get(tenant), stop);
        await call.Output.List(Output.Rows(page.Data), TopupJson.Default.SavedCardView,
            new("METHOD", 12, row => row.Method),
            new("BRAND", 12, row => row.Brand),
            new("LAST 4", 6, row => row.Last4),
            new("SAVED", 20, row => row.SavedAt));
        return 0;
    }
}
