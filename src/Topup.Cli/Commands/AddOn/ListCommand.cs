using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.AddOn;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Add-ons, by code.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListAddOns(stop), TopupJson.Default.AddOnView,
            new("CODE", 20, row => row.Code),
            new("NAME", 24, row => row.Name),
            new("TYPE", 16, row => row.Type),
            new("PRICE", 10, row => row.Price),
            new("ACTIVE", 6, row => row.Active),
            new("PLANS", 0, row => row.Plans));
        return 0;
    }
}
