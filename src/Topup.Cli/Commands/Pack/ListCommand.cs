using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Pack;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Packs, by code.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListPacks(stop), TopupJson.Default.PackView,
            new("CODE", 20, row => row.Code),
            new("NAME", 24, row => row.Name),
            new("TYPE", 16, row => row.Type),
            new("CREDITS", 10, row => row.Credits),
            new("PRICE", 10, row => row.Price),
            new("CURRENCY", 8, row => row.Currency),
            new("ACTIVE", 6, row => row.Active));
        return 0;
    }
}
