using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.Type;

internal sealed class ListCommand : Verb
{
    public ListCommand()
        : base("list", "Credit types, by code.")
    {
    }

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        await call.Output.List(client.ListCreditTypes(stop), TopupJson.Default.CreditTypeView,
            new("CODE", 20, row => row.Code),
            new("NAME", 24, row => row.Name),
            new("UNIT", 12, row => row.Unit),
            new("DECIMALS", 8, row => row.Decimals),
            new("CURRENCY", 8, row => row.Currency),
            new("ENABLED", 7, row => row.Enabled));
        return 0;
    }
}
