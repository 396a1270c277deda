using System.CommandLine;
using Topup.Client;
using Topup.Contracts;

namespace Topup.Cli.Commands.AutoTopUp;

internal sealed class ListCommand : Verb
{
    private readonly Argument<string> tenant = Symbols.Tenant();

    public ListCommand()
        : base("list", "A tenant's automatic top-ups.") =>
        Takes(tenant);

    protected override async Task<int> Run(Call call, TopupClient client, CancellationToken stop)
    {
        var page = await client.ListAutoTopUps(call.Get(tenant), stop);
        await call.Output.List(Output.Rows(page.Data), TopupJson.Default.AutoTopUpView,
            new("TYPE", 20, row => row.Type),
            new("STATUS", 10, row => row.Status),
            new("METHOD", 12, row => row.Method),
            new("PACK", 20, row => row.Pack),
            new("SPENT", 10, row => row.SpentThisMonth),
            new("CAP", 10, row => row.MonthlyCap),
            new("CURRENCY", 8, row => row.Currency),
            new("REASON", 0, row => row.Reason));
        return 0;
    }
}
